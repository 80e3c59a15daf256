import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../agent/agent.ts';
import { thisMachine, type Places } from '../../system/places.ts';
import type { Log } from '../../system/log/log.ts';
import { hasLivingWriter, ShellCacheFile } from './file.ts';
import { cachePlace, reasonOf, UPTIME_FILE, wantedPlace, type CacheMachine } from './place.ts';
import { cacheName, DEFAULT_NAME, readUptime, shellCacheText, type ShellCacheText } from './text.ts';
import type { OutletsTold, ServedProfiles } from '../answer/host.ts';
import { fateOf } from '../token-files/rules.ts';
import { Queue } from '../../system/queue.ts';

/** Whether the front answers from files. */
export type ShellCacheState = OutletsTold['shellCache'];

/** The kernel counts hundredths of a second, and the two clocks are read one after the other. */
const DEADLINE_TOLERANCE_SECONDS = 2;

/** A file of the cache and its content. */
interface Held {
  readonly file: ShellCacheFile;
  readonly agent: Agent;
  readonly content: ShellCacheText;
}

interface ShellCacheOptions {
  readonly profiles: ServedProfiles;
  readonly places: Pick<Places, 'runtimeDirectory'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  readonly machine?: CacheMachine;
  /** Seconds since the machine started, as the front reads them. */
  readonly uptime?: () => number;
}

/**
 * Files in a private tmpfs from which the shell front (`assets/bin/tokentray`) answers `tokentray token` without
 * starting a program: one for each profile, and one for the default profile. Each is written on every new token of its
 * profile. It is removed at sign-out, when the session is revoked, when less than the default lifetime is left, when
 * its profile is removed, and when the host exits. Files of a host that crashed stay, and fronts ignore them. No
 * failure disturbs the session: see {@link ShellCache.state}.
 */
export class ShellCache {
  readonly #options: Required<ShellCacheOptions>;
  readonly #held = new Map<string, Held>();
  /** The number of the last look at each file: the late result of an earlier look is dropped. */
  readonly #looks = new Map<string, number>();
  #directory: string | undefined;
  #state: ShellCacheState = { kind: 'off' };
  #unwatch: () => void = () => undefined;
  readonly #changes = new Queue();

  constructor({ machine = thisMachine(), uptime = systemUptime, ...options }: ShellCacheOptions) {
    this.#options = { ...options, machine, uptime };
  }

  get state(): ShellCacheState {
    return this.#state;
  }

  /**
   * Switches the cache on or off. Call it also after a change of the profiles or of the default profile, which no status
   * shows. Removes the files of dead processes either way; those of another living process stay. Never rejects.
   */
  apply(wanted: 'on' | 'off'): Promise<void> {
    return this.#changes.run(() => (wanted === 'on' ? this.#begin() : this.#switchOff()));
  }

  /** Call when the host exits: deletes the files that it wrote, and nothing else. */
  close(): Promise<void> {
    return this.#changes.run(() => this.#end());
  }

  async #begin(): Promise<void> {
    if (this.#directory === undefined) {
      const place = await cachePlace(this.#options.places, this.#options.machine);
      if (place.kind === 'unusable') {
        this.#fail(place.reason, 'info');
        return;
      }
      this.#directory = place.directory;
      this.#state = { kind: 'on', directory: place.directory };
      this.#attempt(() => removeLeftIn(place.directory));
      this.#unwatch = this.#options.profiles.watch((agent) => {
        this.#removeStale();
        void this.#look(agent);
      });
    }
    this.#removeStale();
    await Promise.all(this.#options.profiles.list.map((agent) => this.#look(agent)));
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
    const place = wantedPlace(this.#options.places, this.#options.machine);
    if (place.kind === 'usable') this.#attempt(() => removeLeftIn(place.directory));
    this.#state = { kind: 'off' };
  }

  /** Removes the files of profiles that were removed, have a new agent, or are no longer the default. */
  #removeStale(): void {
    for (const [name, { agent }] of this.#held) if (!this.#isOf(agent, name)) this.#remove(name);
  }

  /** Whether a file is for this agent's tokens. */
  #isOf(agent: Agent, name: string): boolean {
    return this.#options.profiles.get(name === DEFAULT_NAME ? undefined : agent.profile.id) === agent;
  }

  async #look(agent: Agent): Promise<void> {
    const { now, uptime, places, machine } = this.#options;
    const own = cacheName(agent.profile.id);
    if (!this.#isOf(agent, own)) return;
    const names = this.#isOf(agent, DEFAULT_NAME) ? [own, DEFAULT_NAME] : [own];
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
      // A logout removes all of XDG_RUNTIME_DIR.
      if (this.#directory !== undefined && !existsSync(this.#directory)) await cachePlace(places, machine);
      // Answered from memory: any lifetime is enough, and there is some left.
      const answer = await agent.getToken({ minLifetimeMs: 1 });
      for (const { name, look } of looks) {
        if (this.#looks.get(name) !== look || this.#directory === undefined) continue;
        const isGood = answer.kind === 'token' && this.#isOf(agent, name);
        const text = isGood ? shellCacheText(answer.token, now(), uptime()) : undefined;
        if (text === undefined) this.#remove(name);
        else this.#put(name, agent, text);
      }
    } catch (error) {
      // The old token may be another user's by now.
      for (const name of names) this.#remove(name);
      this.#fail(reasonOf(error), 'warn');
    }
  }

  /** Whether there is a token to write. Requesting it causes no refresh then. */
  #isWanted({ status }: Agent): boolean {
    const { session } = status;
    return (
      fateOf(status, 'signed in before') === 'fill' &&
      session.kind !== 'signed-out' &&
      (session.expiresOn ?? 0) > this.#options.now()
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
    if (this.#state.kind !== 'on') this.#options.log.info('shell cache written again', { directory });
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

  /** A problem is logged once. The next look tries again. */
  #fail(reason: string, level: 'info' | 'warn'): void {
    const isKnown = this.#state.kind === 'unavailable' && this.#state.reason === reason;
    this.#state = { kind: 'unavailable', reason };
    if (!isKnown) this.#options.log[level]('shell cache', { reason });
  }
}

/** Whether the token is the same and the deadline no earlier; a later deadline comes from a clock change. */
function isSame(held: ShellCacheText, content: ShellCacheText): boolean {
  const tokenOf = ({ text }: ShellCacheText): string => text.slice(text.indexOf('\n'));
  return (
    tokenOf(held) === tokenOf(content) &&
    content.deadlineSeconds > held.deadlineSeconds - DEADLINE_TOLERANCE_SECONDS
  );
}

/** Removes files whose writer is dead: no process would remove those tokens. */
function removeLeftIn(directory: string): void {
  if (!existsSync(directory)) return;
  const left = readdirSync(directory).filter((name) => !hasLivingWriter(directory, name));
  for (const name of left) rmSync(join(directory, name), { recursive: true, force: true });
}

function systemUptime(): number {
  return readUptime(readFileSync(UPTIME_FILE, 'utf8'));
}
