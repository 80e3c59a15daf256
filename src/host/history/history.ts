import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent } from '../../agent/agent.ts';
import type { Places } from '../../system/places.ts';
import type { HistoryView } from '../../outlets/answer/history-body.ts';
import type { ServedProfiles } from '../../outlets/answer/host.ts';
import { errorCode } from '../../system/files/error-code.ts';
import type { Log } from '../../system/log/log.ts';
import { hasLostSession, HISTORY_MS, newEntries, type Seen } from './entries.ts';
import { HistoryRecord } from './record.ts';
import { historyView } from './view.ts';

/** A refresh, a failure and its retry come close together, and are one write; a crash loses this much. */
export const SAVE_AFTER_MS = 5_000;

/** No id is a name that Windows keeps for itself (`con`) with this before it. */
const FILE_PREFIX = 'profile-';

/**
 * What happened to each profile's session in the last seven days: sign-ins, refreshes, failures. It watches, asks
 * nothing, survives restarts, and names nobody. A sign-out is an entry and deletes none; with its profile
 * a history goes.
 */
export class History {
  readonly #profiles: ServedProfiles;
  readonly #directory: string;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #records = new Map<string, HistoryRecord>();
  readonly #seen = new WeakMap<Agent, Seen>();
  /** Only a profile that was there in this process can have been removed: settings may also be unreadable. */
  readonly #known = new Set<string>();
  #unwatch: () => void = () => undefined;
  #saving: NodeJS.Timeout | undefined;

  constructor(parts: {
    readonly profiles: ServedProfiles;
    readonly places: Pick<Places, 'stateDirectory'>;
    /** Milliseconds since the epoch. */
    readonly now: () => number;
    readonly log: Log;
  }) {
    const { profiles, places, now, log } = parts;
    this.#profiles = profiles;
    this.#directory = join(places.stateDirectory, 'history');
    this.#now = now;
    this.#log = log;
  }

  /**
   * Once the sessions are restored: from then on nothing is missed. Resolves when what earlier processes wrote is
   * there. Never rejects.
   */
  async start(): Promise<void> {
    this.#unwatch = this.#profiles.watch((agent) => this.#look(agent));
    for (const agent of this.#profiles.list) this.#look(agent);
    await Promise.all([this.#removeOld(), ...[...this.#records.values()].map((record) => record.ready())]);
  }

  /** The last seven days of a profile; empty where there is none of this id. */
  view(profileId: string): HistoryView {
    this.#forgetRemoved();
    return historyView(this.#records.get(profileId)?.entries ?? [], this.#now());
  }

  /** Hears nothing more; resolves when all is stored, or could not be. */
  async close(): Promise<void> {
    this.#unwatch();
    this.#forgetRemoved();
    await Promise.all([...this.#records.values()].map((record) => record.ready()));
    await this.#save();
  }

  #look(agent: Agent): void {
    this.#forgetRemoved();
    const { status, lastRefresh } = agent;
    const before = this.#seen.get(agent);
    const after = { status, lastRefresh };
    this.#seen.set(agent, after);
    const record = this.#recordOf(agent.profile.id);
    // An agent that has just come says how it is, not what happened.
    if (before === undefined) return;
    const at = this.#now();
    for (const entry of newEntries(before, after, at)) record.add(entry);
    if (hasLostSession(record.entries, before, after)) record.add({ at, kind: 'signed-out' });
    if (record.isUnsaved) this.#saveSoon();
  }

  #recordOf(id: string): HistoryRecord {
    const found = this.#records.get(id);
    if (found !== undefined) return found;
    const file = join(this.#directory, fileName(id));
    const record = new HistoryRecord({ file, now: this.#now, log: this.#log });
    this.#records.set(id, record);
    return record;
  }

  #forgetRemoved(): void {
    const ids = new Set(this.#profiles.list.map(({ profile }) => profile.id));
    for (const id of this.#known) {
      if (ids.has(id)) continue;
      this.#known.delete(id);
      this.#records.get(id)?.clear();
      this.#saveSoon();
    }
    for (const id of ids) this.#known.add(id);
  }

  #saveSoon(): void {
    this.#saving ??= setTimeout(() => void this.#save(), SAVE_AFTER_MS).unref();
  }

  async #save(): Promise<void> {
    this.#forgetRemoved();
    clearTimeout(this.#saving);
    this.#saving = undefined;
    await Promise.all([...this.#records.values()].map((record) => record.save()));
  }

  /** Profiles may have been removed while nothing watched: what nobody would be shown goes in the end. */
  async #removeOld(): Promise<void> {
    try {
      const ours = [...this.#records.keys()].map(fileName);
      for (const name of await readdir(this.#directory)) {
        if (!name.startsWith(FILE_PREFIX) || ours.includes(name)) continue;
        const path = join(this.#directory, name);
        if ((await stat(path)).mtimeMs < this.#now() - HISTORY_MS) await rm(path, { force: true });
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.#log.warn('old histories stay', { error });
    }
  }
}

function fileName(id: string): string {
  return `${FILE_PREFIX}${id}.jsonl`;
}
