import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../agent/agent.ts';
import { thisMachine, type Places } from '../../system/places.ts';
import type { Log } from '../../system/log/log.ts';
import { hasLivingWriter, ShellCacheFile } from './file.ts';
import { cachePlace, reasonOf, UPTIME_FILE, wantedPlace, type CacheMachine } from './place.ts';
import { cacheName, DEFAULT_NAME, readUptime, shellCacheText, type ShellCacheText } from './text.ts';
import type { ServedProfiles } from '../answer/host.ts';
import { fateOf } from '../token-files/rules.ts';
import { Queue } from '../../system/queue.ts';

/** Whether the front answers from files. */
export type ShellCacheState =
  | { readonly kind: 'on'; readonly directory: string }
  | { readonly kind: 'off' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The kernel counts hundredths, and both clocks are read one after the other: less than this is no news. */
const DEADLINE_TOLERANCE_SECONDS = 2;

/** A file of the cache, and what is in it. */
interface Held {
  readonly file: ShellCacheFile;
  readonly agent: Agent;
  readonly content: ShellCacheText;
}

/**
 * Files in a private tmpfs from which the shell front (`assets/bin/tokentray`) answers `tokentray token`
 * without starting a program: one for each profile, one for the default. Each is written on every new token of
 * its profile, and removed at sign-out, when the session was revoked, when less is left than everybody is
 * wished, when its profile leaves, and when the host ends. A host that dies leaves them, and fronts ignore them
 * from that moment. Nothing that goes wrong disturbs the session: see {@link ShellCache.state}.
 */
export class ShellCache {
  readonly #profiles: ServedProfiles;
  readonly #places: Pick<Places, 'runtimeDirectory'>;
  readonly #machine: CacheMachine;
  readonly #now: () => number;
  readonly #uptime: () => number;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  /** Of each file the last look, so that what an earlier one was told late is dropped. */
  readonly #looks = new Map<string, number>();
  #directory: string | undefined;
  #state: ShellCacheState = { kind: 'off' };
  #unwatch: () => void = () => undefined;
  readonly #changes = new Queue();

  constructor(options: {
    readonly profiles: ServedProfiles;
    readonly places: Pick<Places, 'runtimeDirectory'>;
    /** Milliseconds since the epoch. */
    readonly now: () => number;
    readonly log: Log;
    readonly machine?: CacheMachine;
    /** Seconds since the machine was started; what the front reads. */
    readonly uptime?: () => number;
  }) {
    const { profiles, places, now, log, machine = thisMachine(), uptime = systemUptime } = options;
    this.#profiles = profiles;
    this.#places = places;
    this.#machine = machine;
    this.#now = now;
    this.#uptime = uptime;
    this.#log = log;
  }

  get state(): ShellCacheState {
    return this.#state;
  }

  /**
   * Begins or ends; also after every change of the profiles or of which is the default, which no status tells.
   * What dead processes left is removed, either way; what another living one has written stays. Never rejects.
   */
  apply(wanted: 'on' | 'off'): Promise<void> {
    return this.#changes.run(() => (wanted === 'on' ? this.#begin() : this.#switchOff()));
  }

  /** The host ends: deletes what it has written, and nothing else. */
  close(): Promise<void> {
    return this.#changes.run(() => this.#end());
  }

  async #begin(): Promise<void> {
    if (this.#directory === undefined) {
      const place = await cachePlace(this.#places, this.#machine);
      if (place.kind === 'unusable') {
        this.#fail(place.reason, 'info');
        return;
      }
      this.#directory = place.directory;
      this.#state = { kind: 'on', directory: place.directory };
      this.#attempt(() => removeLeftIn(place.directory));
      this.#unwatch = this.#profiles.watch((agent) => this.#announced(agent));
    }
    this.#removeStale();
    await Promise.all(this.#profiles.list.map((agent) => this.#look(agent)));
  }

  #end(): void {
    this.#unwatch();
    this.#unwatch = () => undefined;
    for (const name of [...this.#held.keys()]) this.#remove(name);
    this.#directory = undefined;
    this.#state = { kind: 'off' };
  }

  #switchOff(): void {
    this.#end();
    const place = wantedPlace(this.#places, this.#machine);
    if (place.kind === 'usable') this.#attempt(() => removeLeftIn(place.directory));
    this.#state = { kind: 'off' };
  }

  #announced(agent: Agent): void {
    this.#removeStale();
    void this.#look(agent);
  }

  /** Files of profiles that have left, or that have a new agent, or are no longer the default. */
  #removeStale(): void {
    for (const [name, { agent }] of this.#held) {
      const { id } = agent.profile;
      const successor = this.#profiles.get(name === DEFAULT_NAME ? undefined : id);
      if (successor !== agent) this.#remove(name);
    }
  }

  async #look(agent: Agent): Promise<void> {
    if (this.#profiles.get(agent.profile.id) !== agent) return;
    const names = [cacheName(agent.profile.id)];
    if (this.#profiles.get() === agent) names.push(DEFAULT_NAME);
    const looks = names.map((name) => {
      const look = (this.#looks.get(name) ?? 0) + 1;
      this.#looks.set(name, look);
      return { name, look };
    });
    if (!this.#isWanted(agent)) {
      names.forEach((name) => this.#remove(name));
      return;
    }
    try {
      // Somebody has removed it, as a logout does with all of XDG_RUNTIME_DIR.
      if (this.#directory !== undefined && !existsSync(this.#directory))
        await cachePlace(this.#places, this.#machine);
      // From memory: whatever is left will do, and something is.
      const answer = await agent.getToken({ minLifetimeMs: 1 });
      for (const { name, look } of looks) {
        if (this.#looks.get(name) !== look || this.#directory === undefined) continue;
        const isOurs = this.#profiles.get(name === DEFAULT_NAME ? undefined : agent.profile.id) === agent;
        const isGood = isOurs && answer.kind === 'token';
        const text = isGood ? shellCacheText(answer.token, this.#now(), this.#uptime()) : undefined;
        if (text === undefined) this.#remove(name);
        else this.#put(name, agent, text);
      }
    } catch (error) {
      // An old token may be somebody else's by now.
      for (const name of names) this.#remove(name);
      this.#fail(reasonOf(error), 'warn');
    }
  }

  /** Whether there is a token to write, so that asking for it renews nothing. */
  #isWanted({ status }: Agent): boolean {
    const { session } = status;
    return (
      fateOf(status, 'signed in before') === 'fill' &&
      session.kind !== 'signed-out' &&
      (session.expiresOn ?? 0) > this.#now()
    );
  }

  #put(name: string, agent: Agent, content: ShellCacheText): void {
    const held = this.#held.get(name);
    if (held?.agent === agent && held.file.isThere && isSame(held.content, content)) return;
    const directory = this.#directory;
    if (directory === undefined) return;
    const file = held?.file ?? new ShellCacheFile(directory, name);
    this.#held.delete(name);
    file.write(content);
    this.#held.set(name, { file, agent, content });
    if (this.#state.kind !== 'on') this.#log.info('shell cache written again', { directory });
    this.#state = { kind: 'on', directory };
  }

  #remove(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    this.#held.delete(name);
    this.#attempt(() => held.file.remove());
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(reasonOf(error), 'warn');
    }
  }

  /** The same trouble is logged once, however often it is met; the next look tries again. */
  #fail(reason: string, level: 'info' | 'warn'): void {
    const isKnown = this.#state.kind === 'unavailable' && this.#state.reason === reason;
    this.#state = { kind: 'unavailable', reason };
    if (!isKnown) this.#log[level]('shell cache', { reason });
  }
}

/** The same token, and no earlier deadline: one that seems later by now was moved by the clock. */
function isSame(held: ShellCacheText, content: ShellCacheText): boolean {
  const tokenOf = ({ text }: ShellCacheText): string => text.slice(text.indexOf('\n'));
  return (
    tokenOf(held) === tokenOf(content) &&
    content.deadlineSeconds > held.deadlineSeconds - DEADLINE_TOLERANCE_SECONDS
  );
}

/** Removes what nobody has written who lives: nobody looks after those tokens. */
function removeLeftIn(directory: string): void {
  if (!existsSync(directory)) return;
  const left = readdirSync(directory).filter((name) => !hasLivingWriter(directory, name));
  for (const name of left) rmSync(join(directory, name), { recursive: true, force: true });
}

function systemUptime(): number {
  return readUptime(readFileSync(UPTIME_FILE, 'utf8'));
}
