import { isDeepStrictEqual } from 'node:util';
import { defaultProfileOf, type Profile, type Settings } from '../config/profile.ts';
import type { Agent } from './agent.ts';
import type { Status } from './status.ts';

/** Hears of every change of any profile's status. */
export type ProfilesWatcher = (agent: Agent, status: Status) => void;

/** The part of the settings that says which sessions there are. */
export type ProfileSettings = Pick<Settings, 'profiles' | 'defaultProfile'>;

/** One agent a profile, in the settings' order; one of them is the default. */
export class Profiles {
  readonly #open: (profile: Profile) => Agent;
  readonly #watchers = new Set<ProfilesWatcher>();
  /** Ends our own watching of an agent: one that has left is not heard any more. */
  readonly #unwatch = new Map<Agent, () => void>();
  #agents: readonly Agent[] = [];
  #defaultId: string | undefined;
  #applying: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** `open` makes an agent that is not started yet. */
  constructor(open: (profile: Profile) => Agent) {
    this.#open = open;
  }

  get list(): readonly Agent[] {
    return this.#agents;
  }

  /** The agent of a profile, the default's where none is named; undefined when there is none. */
  get(id: string | undefined = this.#defaultId): Agent | undefined {
    return this.#agents.find((agent) => agent.profile.id === id);
  }

  /** Calls `watcher` whenever a status changes, also of profiles that come later; the answer ends it. */
  watch(watcher: ProfilesWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Makes the agents what the settings say. A profile that has not changed keeps its agent; a changed
   * one's finishes what is under way first, so that no rotated refresh token is lost, and its successor
   * goes on with the stored session (or drops it, where it belongs to another registration). One call
   * after the other. When it resolves, every stored token is served; until then whoever asks a leaving
   * agent is refused as superseded, unless what is left will do.
   */
  apply(settings: ProfileSettings): Promise<void> {
    return this.#inTurn(() =>
      this.#become(settings, (agent) =>
        settings.profiles.some((profile) => isDeepStrictEqual(profile, agent.profile)),
      ),
    );
  }

  /**
   * Opens the agent of a profile anew, on the same session: after its credential was changed, which an
   * agent reads once. Nothing happens where there is no such profile.
   */
  reopen(id: string): Promise<void> {
    return this.#inTurn(() => {
      const profiles = this.#agents.map((agent) => agent.profile);
      const settings = { profiles, defaultProfile: this.#defaultId };
      return this.#become(settings, (agent) => agent.profile.id !== id);
    });
  }

  /** Ends every agent; what is stored stays stored. */
  stop(): void {
    this.#isStopped = true;
    for (const agent of this.#agents) agent.stop();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#applying.then(work);
    this.#applying = done.catch(() => undefined);
    return done;
  }

  async #become(settings: ProfileSettings, stays: (agent: Agent) => boolean): Promise<void> {
    if (this.#isStopped) return;
    const staying = this.#agents.filter(stays);
    const leaving = this.#agents.filter((agent) => !staying.includes(agent));
    await Promise.all(leaving.map((agent) => agent.settle()));
    for (const agent of leaving) this.#close(agent);
    const agents = settings.profiles.map(
      (profile) => staying.find((agent) => agent.profile.id === profile.id) ?? this.#opened(profile),
    );
    await Promise.all(agents.filter((agent) => !staying.includes(agent)).map((agent) => agent.start()));
    this.#agents = agents;
    this.#defaultId = defaultProfileOf(settings)?.id;
    if (this.#stopped()) this.stop();
  }

  #stopped(): boolean {
    return this.#isStopped;
  }

  #opened(profile: Profile): Agent {
    const agent = this.#open(profile);
    this.#unwatch.set(
      agent,
      agent.onStatus((status) => this.#tell(agent, status)),
    );
    return agent;
  }

  #close(agent: Agent): void {
    agent.stop();
    this.#unwatch.get(agent)?.();
    this.#unwatch.delete(agent);
  }

  /** All are told, also after one that throws; the agent logs the first throw. */
  #tell(agent: Agent, status: Status): void {
    const thrown: unknown[] = [];
    for (const watcher of this.#watchers) {
      try {
        watcher(agent, status);
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw thrown[0];
  }
}
