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
 * The outlets besides the socket: token files, the loopback server, the shell's cache, hooks. The same in both hosts.
 */
export class Outlets {
  readonly #settings: Settings | undefined;
  readonly #tokenFiles: TokenFiles;
  readonly #loopback: LoopbackOutlet;
  readonly #shellCache: ShellCache;
  readonly #hooks: HookRunner;

  /**
   * @param parts.settings undefined if they are invalid or ignored for this run. Nothing is opened then, and the files
   * of earlier processes are left alone.
   */
  constructor(parts: {
    readonly settings: Settings | undefined;
    readonly profiles: ServedProfiles;
    readonly places: Places;
    readonly now: () => number;
    readonly log: Log;
  }) {
    const { settings, profiles, places, now, log } = parts;
    this.#settings = settings;
    this.#tokenFiles = new TokenFiles({ profiles, files: settings?.tokenFiles, places, now, log });
    this.#loopback = new LoopbackOutlet({ places, source: profilesSource(profiles), log });
    this.#shellCache = new ShellCache({ profiles, places, now, log });
    this.#hooks = new HookRunner({ profiles, log });
  }

  /** Call once the sessions are restored. Never rejects. */
  async start(): Promise<void> {
    // First, so that hooks see the changes that the first refresh for a token file causes.
    this.#hooks.apply(this.#settings?.hooks ?? NO_HOOKS);
    await Promise.all([this.#tokenFiles.start(), this.#open(this.#settings)]);
  }

  /** Applies changed settings. Never rejects. */
  async apply(settings: Settings): Promise<void> {
    this.#hooks.apply(settings.hooks);
    await Promise.all([this.#tokenFiles.replace(settings.tokenFiles), this.#open(settings)]);
  }

  /** The problems with a profile's token files. */
  troubles(profileId: string): readonly Problem[] {
    return this.#tokenFiles.troubles(profileId);
  }

  told(): OutletsTold {
    const { port, trouble } = this.#loopback;
    const loopback: OutletsTold['loopback'] =
      trouble === undefined
        ? port === undefined
          ? { kind: 'off' }
          : { kind: 'on', port }
        : { kind: 'trouble', problem: trouble };
    return { loopback, shellCache: this.#shellCache.state };
  }

  /** Closes all outlets. Pending writes are finished. */
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
