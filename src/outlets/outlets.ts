import type { Problem } from '../words/problem.ts';
import type { Places } from '../system/places.ts';
import { NO_HOOKS, type Settings } from '../config/profile/profile.ts';
import { HookRunner } from './hooks/hooks.ts';
import { LoopbackOutlet } from './loopback/outlet.ts';
import { ShellCache } from './shell-cache/shell-cache.ts';
import type { OutletsTold, ServedProfiles } from './answer/host.ts';
import { TokenFiles } from './token-files/token-files.ts';
import { profilesSource } from './loopback/token-source.ts';
import type { Log } from '../system/log/log.ts';

/**
 * What besides the socket gives tokens away, and what is told of it: token files, the loopback server, the
 * shell's cache, hooks. The same with a screen and without.
 */
export class Outlets {
  readonly #wanted: Settings | undefined;
  readonly #tokenFiles: TokenFiles;
  readonly #loopback: LoopbackOutlet;
  readonly #shellCache: ShellCache;
  readonly #hooks: HookRunner;

  /**
   * @param parts.settings undefined where nobody knows what is wanted: they cannot be used, or are left out
   * for this run. Nothing is opened then, and what earlier processes wrote is not touched.
   */
  constructor(parts: {
    readonly settings: Settings | undefined;
    readonly profiles: ServedProfiles;
    readonly places: Places;
    readonly now: () => number;
    readonly log: Log;
  }) {
    const { settings, profiles, places, now, log } = parts;
    this.#wanted = settings;
    this.#tokenFiles = new TokenFiles({ profiles, files: settings?.tokenFiles, places, now, log });
    this.#loopback = new LoopbackOutlet({ places, source: profilesSource(profiles), log });
    this.#shellCache = new ShellCache({ profiles, places, now, log });
    this.#hooks = new HookRunner({ profiles, log });
  }

  /** Once the sessions are restored. Never rejects. */
  async start(): Promise<void> {
    // What is told to others must not miss what the files' first refresh leads to.
    this.#hooks.apply(this.#wanted?.hooks ?? NO_HOOKS);
    await Promise.all([this.#tokenFiles.start(), this.#open(this.#wanted)]);
  }

  /** Follows changed settings. Never rejects. */
  async apply(settings: Settings): Promise<void> {
    this.#hooks.apply(settings.hooks);
    await Promise.all([this.#tokenFiles.replace(settings.tokenFiles), this.#open(settings)]);
  }

  /** What is wrong with the token files of a profile. */
  troubles(profileId: string): readonly Problem[] {
    return this.#tokenFiles.troubles(profileId);
  }

  told(): OutletsTold {
    const { port, trouble } = this.#loopback;
    return {
      loopback:
        trouble !== undefined
          ? { kind: 'trouble', problem: trouble }
          : port === undefined
            ? { kind: 'off' }
            : { kind: 'on', port },
      shellCache: this.#shellCache.state,
    };
  }

  /** Ends them all; what is being written is written. */
  async close(): Promise<void> {
    await Promise.allSettled([
      this.#tokenFiles.stop(),
      this.#loopback.close(),
      this.#shellCache.close(),
      this.#hooks.close(),
    ]);
  }

  async #open(settings: Settings | undefined): Promise<void> {
    if (settings === undefined) return;
    const { loopback, shellCache } = settings;
    await Promise.all([
      this.#loopback.apply(loopback ? 'on' : 'off'),
      this.#shellCache.apply(shellCache ? 'on' : 'off'),
    ]);
  }
}
