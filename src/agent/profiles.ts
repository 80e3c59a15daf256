import { isDeepStrictEqual } from 'node:util';
import { defaultProfileOf, type Profile, type Settings } from '../config/profile/profile.ts';
import type { Agent } from './agent.ts';
import type { Status } from './status/status.ts';
import { Queue } from '../system/queue.ts';

/** Hears of every change of any profile's status. */
export type ProfilesWatcher = (agent: Agent, status: Status) => void;

/** The part of the settings that says which sessions there are. */
export type ProfileSettings = Pick<Settings, 'profiles' | 'defaultProfile'>;

/** What of a profile decides how tokens are asked for: all but what only people see. */
function substanceOf(profile: Profile): Profile {
  return { ...profile, name: '', signIn: 'window' };
}

/** One agent a profile, in the settings' order; one of them is the default. */
export class Profiles {
  readonly #open: (profile: Profile) => Agent;
  readonly #watchers = new Set<ProfilesWatcher>();
  /** Ends our own watching of an agent: one that has left is not heard any more. */
  readonly #unwatch = new Map<Agent, () => void>();
  #agents: readonly Agent[] = [];
  /** The same: with many profiles a token costs what it costs with one. */
  #byId: ReadonlyMap<string, Agent> = new Map();
  #defaultId: string | undefined;
  readonly #queue = new Queue();
  #phase: 'running' | 'stopped' = 'running';

  /** `open` makes an agent that is not started yet. */
  constructor(open: (profile: Profile) => Agent) {
    this.#open = open;
  }

  get list(): readonly Agent[] {
    return this.#agents;
  }

  /** The agent of a profile, the default's where none is named; undefined when there is none. */
  get(id: string | undefined = this.#defaultId): Agent | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /**
   * Calls `watcher` whenever a status changes, also of profiles that come later, and when a profile has become
   * the default; the answer ends it.
   */
  watch(watcher: ProfilesWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Makes the agents what the settings say. A profile of which nothing but what people see has changed keeps
   * its agent (pizauth: a cosmetic change keeps the tokens); a changed one's finishes what is under way
   * first, so that no rotated refresh token is lost, and its successor goes on with the stored session (or
   * drops it, where it belongs to another registration). One call after the other. When it resolves, every
   * stored token is served; until then whoever asks a leaving agent is refused as superseded, unless what is
   * left will do.
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
   * Opens the agent of a profile anew, on the same session: after its credential was changed, which an
   * agent reads once. Nothing happens where there is no such profile.
   */
  reopen(id: string): Promise<void> {
    return this.#queue.run(() => {
      const profiles = this.#agents.map((agent) => agent.profile);
      const settings = { profiles, defaultProfile: this.#defaultId };
      return this.#become(settings, (agent) => agent.profile.id !== id);
    });
  }

  /** Ends every agent; what is stored stays stored. */
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
    // What they told while they started was told before anybody could ask them.
    const news = new Set(opened);
    const chosen = this.get();
    if (chosen !== undefined && chosen !== former) news.add(chosen);
    for (const agent of news) agent.announce();
  }

  /** Asked anew after every wait. */
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
