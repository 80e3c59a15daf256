import { isDeepStrictEqual } from 'node:util';
import { defaultProfileOf, type Profile, type Settings } from '../config/profile/profile.ts';
import type { Agent } from './agent.ts';
import type { Status } from './status/status.ts';
import { Queue } from '../system/queue.ts';

/** Called with every status change of any profile. */
export type ProfilesWatcher = (agent: Agent, status: Status) => void;

/** The part of the settings that decides which sessions there are. */
export type ProfileSettings = Pick<Settings, 'profiles' | 'defaultProfile'>;

/** The part of a profile that decides how tokens are requested: everything but what only users see. */
function substanceOf(profile: Profile): Profile {
  return { ...profile, name: '', signIn: 'window' };
}

/** One agent for each profile, in the settings' order. One profile is the default. */
export class Profiles {
  readonly #open: (profile: Profile) => Agent;
  readonly #watchers = new Set<ProfilesWatcher>();
  /** Ends our watching of an agent when it is closed. */
  readonly #unwatch = new Map<Agent, () => void>();
  #agents: readonly Agent[] = [];
  /** For lookups: with many profiles a token costs what it costs with one. */
  #byId: ReadonlyMap<string, Agent> = new Map();
  #defaultId: string | undefined;
  readonly #queue = new Queue();
  #phase: 'running' | 'stopped' = 'running';

  /** `open` makes an agent that is not started. */
  constructor(open: (profile: Profile) => Agent) {
    this.#open = open;
  }

  get list(): readonly Agent[] {
    return this.#agents;
  }

  /** The agent of a profile, by default of the default profile; undefined if there is none. */
  get(id: string | undefined = this.#defaultId): Agent | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /**
   * Calls `watcher` on every status change, including those of profiles added later, and when another profile
   * becomes the default. The returned function ends it.
   */
  watch(watcher: ProfilesWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Makes the agents match the settings. A profile keeps its agent if only what users see has changed. Otherwise
   * the agent first finishes what is under way, so that no rotated refresh token is lost, and its successor
   * continues the stored session (or sets it aside if it belongs to another registration). Calls run one after the
   * other. When it resolves, every stored token is served; until then a leaving agent answers from what is left of
   * its token, or refuses as superseded.
   */
  apply(settings: ProfileSettings): Promise<void> {
    return this.#queue.run(() =>
      this.#become(settings, (agent) =>
        settings.profiles.some((profile) =>
          isDeepStrictEqual(substanceOf(profile), substanceOf(agent.profile)),
        ),
      ),
    );
  }

  /**
   * Reopens the agent of a profile on the same session, after its credential changed: an agent reads it once. Does
   * nothing if there is no such profile.
   */
  reopen(id: string): Promise<void> {
    return this.#queue.run(() => {
      const profiles = this.#agents.map((agent) => agent.profile);
      const settings = { profiles, defaultProfile: this.#defaultId };
      return this.#become(settings, (agent) => agent.profile.id !== id);
    });
  }

  /** Stops every agent. Stored data stays. */
  stop(): void {
    this.#phase = 'stopped';
    for (const agent of this.#agents) agent.stop();
  }

  async #become(settings: ProfileSettings, stays: (agent: Agent) => boolean): Promise<void> {
    if (this.#hasStopped()) return;
    const staying = this.#agents.filter(stays);
    const leaving = this.#agents.filter((agent) => !staying.includes(agent));
    // Opened before the others settle, which can take a minute: their schedules count from here.
    const agents = settings.profiles.map(
      (profile) => staying.find((agent) => agent.profile.id === profile.id) ?? this.#opened(profile),
    );
    const opened = agents.filter((agent) => !staying.includes(agent));
    await Promise.all(leaving.map((agent) => agent.settle()));
    for (const agent of leaving) this.#close(agent);
    for (const agent of staying) {
      const profile = settings.profiles.find(({ id }) => id === agent.profile.id);
      if (profile !== undefined) agent.takeUp(profile);
    }
    await Promise.all(
      opened.map((agent) => agent.start(leaving.find(({ profile }) => profile.id === agent.profile.id))),
    );
    const former = this.get();
    this.#agents = agents;
    this.#byId = new Map(agents.map((agent) => [agent.profile.id, agent]));
    this.#defaultId = defaultProfileOf(settings)?.id;
    if (this.#hasStopped()) this.stop();
    // Watchers could not find the agents in the list while these published their first status.
    const news = new Set(opened);
    const chosen = this.get();
    if (chosen !== undefined && chosen !== former) news.add(chosen);
    for (const agent of news) agent.announce();
  }

  /** A method, so that the compiler does not assume the phase unchanged after a wait. */
  #hasStopped(): boolean {
    return this.#phase === 'stopped';
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

  /** Calls all watchers even if one throws; the agent logs the first error. */
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
