import type { Agent } from '../../agent/agent.ts';
import type { Status } from '../../agent/status/status.ts';
import { NO_HOOKS, type HookCommand, type Hooks } from '../../config/profile/profile.ts';
import type { Log } from '../../system/log/log.ts';
import { happenings, hookEnvironment } from './events.ts';
import { notStarted, runHook, type HookEnd, type RunHook } from './process.ts';
import type { ServedProfiles } from '../answer/host.ts';

/** How long an exiting host waits for its hooks. */
const LAST_HOOK_MS = 1_000;

interface Waiting {
  readonly command: HookCommand;
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Runs the user's own commands after events, one at a time, each for ten seconds at most. A waiting hook is replaced
 * by a newer event of the same kind for the same profile, so that only a few can wait behind a slow one. Output goes to
 * the log, which masks secrets. A hook never disturbs the session.
 */
export class HookRunner {
  readonly #log: Log;
  readonly #run: RunHook;
  readonly #unwatch: () => void;
  /** By agent: a profile's next agent starts signed out without a sign-out. */
  readonly #seen = new WeakMap<Agent, Status>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #ending = new AbortController();
  #hooks: Hooks = NO_HOOKS;
  #running: Promise<void> | undefined;

  constructor(parts: { readonly profiles: ServedProfiles; readonly log: Log; readonly run?: RunHook }) {
    const { profiles, log, run = runHook } = parts;
    this.#log = log;
    this.#run = run;
    for (const agent of profiles.list) this.#seen.set(agent, agent.status);
    this.#unwatch = profiles.watch((agent, status) => this.#look(agent, status));
  }

  /** Replaces the commands. */
  apply(hooks: Hooks): void {
    this.#hooks = hooks;
  }

  /** Stops watching. Resolves when the waiting hooks have run, or after little more than a second. */
  async close(): Promise<void> {
    this.#unwatch();
    const limit = setTimeout(() => {
      this.#waiting.clear();
      this.#ending.abort();
    }, LAST_HOOK_MS);
    await this.#running;
    clearTimeout(limit);
  }

  #look(agent: Agent, status: Status): void {
    const { profile } = agent;
    const before = this.#seen.get(agent);
    this.#seen.set(agent, status);
    // The first status of an agent is its state, not a change.
    if (before === undefined) return;
    for (const happening of happenings(before, status)) {
      const command = this.#hooks[happening.event];
      if (command === undefined) continue;
      const facts = hookEnvironment(happening, profile, status);
      this.#waiting.set(`${happening.event} ${profile.id}`, { command, facts });
    }
    if (this.#waiting.size > 0) this.#running ??= this.#runAll();
  }

  async #runAll(): Promise<void> {
    try {
      for (const [key, { command, facts }] of this.#untilEmpty()) {
        this.#waiting.delete(key);
        const end = await this.#run(command, facts, this.#ending.signal).catch(notStarted);
        this.#report(command, facts, end);
      }
    } finally {
      this.#running = undefined;
    }
  }

  *#untilEmpty(): Generator<[string, Waiting]> {
    for (let next = this.#waiting.entries().next(); !next.done; next = this.#waiting.entries().next())
      yield next.value;
  }

  #report([program = '']: HookCommand, facts: Waiting['facts'], end: HookEnd): void {
    const about = { event: facts.TOKENTRAY_EVENT, profile: facts.TOKENTRAY_PROFILE, program };
    if (end.kind === 'ended' && end.code === 0) {
      this.#log.info('hook', { ...about, code: 0, output: end.output || undefined });
      return;
    }
    const { kind, ...found } = end;
    this.#log.warn(FAILURES[kind], {
      ...about,
      ...found,
      ...('code' in found ? { output: found.output || undefined } : {}),
    });
  }
}

const FAILURES: Readonly<Record<HookEnd['kind'], string>> = {
  ended: 'hook failed',
  killed: 'hook took too long and was ended',
  left: 'hook took too long and may not be ended by this user',
  'not-started': 'hook could not be started',
};
