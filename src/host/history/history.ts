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

/** A refresh, a failure and its retry come close together and are saved at once. A crash loses this much. */
export const SAVE_AFTER_MS = 5_000;

/** With this prefix no profile's ID is a name that Windows reserves (`con`). */
const FILE_PREFIX = 'profile-';

interface HistoryParts {
  readonly profiles: ServedProfiles;
  readonly places: Pick<Places, 'stateDirectory'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * What happened to each profile's session in the last seven days: sign-ins, refreshes, failures. It only watches,
 * survives restarts, and names no user. A sign-out is an entry and deletes none; removing a profile deletes its
 * history.
 */
export class History {
  readonly #parts: HistoryParts;
  readonly #directory: string;
  readonly #records = new Map<string, HistoryRecord>();
  readonly #seen = new WeakMap<Agent, Seen>();
  /** Only a profile seen in this process can have been removed: the settings may also be unreadable. */
  readonly #known = new Set<string>();
  #unwatch: () => void = () => undefined;
  #saving: NodeJS.Timeout | undefined;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#directory = join(parts.places.stateDirectory, 'history');
  }

  /**
   * Call once the sessions are restored: nothing after that is missed. Resolves when the entries of earlier processes
   * are loaded. Never rejects.
   */
  async start(): Promise<void> {
    const { profiles } = this.#parts;
    this.#unwatch = profiles.watch((agent) => this.#look(agent));
    for (const agent of profiles.list) this.#look(agent);
    await Promise.all([this.#removeOld(), this.#ready()]);
  }

  /** The last seven days of a profile; empty for an unknown ID. */
  view(profileId: string): HistoryView {
    this.#forgetRemoved();
    return historyView(this.#records.get(profileId)?.entries ?? [], this.#parts.now());
  }

  /** Stops watching. Resolves when everything is stored, or could not be. */
  async close(): Promise<void> {
    this.#unwatch();
    this.#forgetRemoved();
    await this.#ready();
    await this.#save();
  }

  async #ready(): Promise<void> {
    await Promise.all([...this.#records.values()].map((record) => record.ready()));
  }

  #look(agent: Agent): void {
    this.#forgetRemoved();
    const { status, lastRefresh } = agent;
    const before = this.#seen.get(agent);
    const after = { status, lastRefresh };
    this.#seen.set(agent, after);
    const record = this.#recordOf(agent.profile.id);
    // The first status of an agent is its state, not a change.
    if (before === undefined) return;
    const at = this.#parts.now();
    for (const entry of newEntries(before, after, at)) record.add(entry);
    if (hasLostSession(record.entries, before, after)) record.add({ at, kind: 'signed-out' });
    if (record.isUnsaved) this.#saveSoon();
  }

  #recordOf(id: string): HistoryRecord {
    const { now, log } = this.#parts;
    const record =
      this.#records.get(id) ?? new HistoryRecord({ file: join(this.#directory, fileName(id)), now, log });
    this.#records.set(id, record);
    return record;
  }

  #forgetRemoved(): void {
    const ids = new Set(this.#parts.profiles.list.map(({ profile }) => profile.id));
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

  /** Profiles may have been removed while no process watched: their files are removed when they are old. */
  async #removeOld(): Promise<void> {
    try {
      const ours = [...this.#records.keys()].map(fileName);
      for (const name of await readdir(this.#directory)) {
        if (!name.startsWith(FILE_PREFIX) || ours.includes(name)) continue;
        const path = join(this.#directory, name);
        if ((await stat(path)).mtimeMs < this.#parts.now() - HISTORY_MS) await rm(path, { force: true });
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.#parts.log.warn('old histories stay', { error });
    }
  }
}

function fileName(id: string): string {
  return `${FILE_PREFIX}${id}.jsonl`;
}
