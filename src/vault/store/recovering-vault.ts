import { withinLimit } from '../../system/limit.ts';
import { nextTry, tryAtOnce, type NextTry } from './try-again.ts';
import { silent, unavailableBecause } from './unavailable.ts';
import { mapItem } from './memory-vault.ts';
import type { Unavailable, Vault, VaultBackend, VaultItem } from './vault.ts';

/** An attempt to open the chosen store. It may hang for as long as a prompt is open. */
export interface Attempt {
  readonly startedAt: number;
  readonly outcome: Promise<Vault>;
}

export interface RecoveringParts {
  /** Opens the chosen store; never called twice at a time. */
  readonly open: () => Promise<Vault>;
  /** Milliseconds on a clock that never jumps, for the duration of attempts and the pauses between them. */
  readonly elapsed: () => number;
  /** How long {@link Vault.retry} waits for an attempt, which then continues. */
  readonly limitMs: number;
}

/**
 * A vault that works in memory while the chosen store cannot be used, and switches to the store as soon as it can.
 * Whatever was saved and removed in the meantime is first carried over; only then does `unavailable` become
 * undefined, and all later calls go to the store.
 *
 * An attempt that hangs is left running, because a second one would show a second prompt. When the user answers the
 * prompt, the attempt succeeds.
 */
export class RecoveringVault implements Vault {
  readonly #parts: RecoveringParts;
  readonly #contents = new Map<string, string>();
  /** The names whose saved or removed state the store does not have yet. */
  readonly #touched = new Set<string>();
  #store: Vault | undefined;
  #unavailable: Unavailable;
  #running: Promise<void> | undefined;
  #next: NextTry = tryAtOnce;

  /** `first` is the attempt that has not opened the store: it failed, or still hangs. */
  constructor(parts: RecoveringParts, first: Attempt, unavailable: Unavailable) {
    this.#parts = parts;
    this.#unavailable = unavailable;
    void this.#follow(first);
  }

  get backend(): VaultBackend {
    return this.#store?.backend ?? 'memory';
  }

  get unavailable(): Unavailable | undefined {
    return this.#store === undefined ? this.#unavailable : this.#store.unavailable;
  }

  async retry(): Promise<void> {
    const { open, elapsed, limitMs } = this.#parts;
    if (this.#store !== undefined) return this.#store.retry();
    if (this.#running !== undefined || elapsed() < this.#next.at) return;
    const startedAt = elapsed();
    try {
      await withinLimit(this.#follow({ startedAt, outcome: open() }), limitMs, () => silent(limitMs));
    } catch (error) {
      this.#unavailable = unavailableBecause(error);
    }
  }

  async selfTest(): Promise<void> {
    await this.#store?.selfTest();
  }

  item(name: string): VaultItem {
    const item = (): VaultItem =>
      this.#store?.item(name) ?? mapItem(name, this.#contents, (touched) => this.#touched.add(touched));
    return {
      name,
      load: () => item().load(),
      save: (text) => item().save(text),
      remove: () => item().remove(),
      quarantine: (now) => item().quarantine(now),
    };
  }

  /** Never rejects. */
  #follow({ startedAt, outcome }: Attempt): Promise<void> {
    const running = this.#settle(startedAt, outcome).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #settle(startedAt: number, outcome: Promise<Vault>): Promise<void> {
    const { elapsed } = this.#parts;
    try {
      await this.#becomes(await outcome);
    } catch (error) {
      const endedAt = elapsed();
      this.#next = nextTry(this.#next, endedAt - startedAt, endedAt);
      this.#unavailable = unavailableBecause(error);
    }
  }

  /** Carries over everything that was touched, including while this is writing. */
  async #becomes(store: Vault): Promise<void> {
    for (const name of this.#touched) {
      // Deleted first: a name touched from here on is added at the end of this very loop.
      this.#touched.delete(name);
      const text = this.#contents.get(name);
      try {
        await (text === undefined ? store.item(name).remove() : store.item(name).save(text));
      } catch (error) {
        this.#touched.add(name);
        throw error;
      }
    }
    // Synchronously after the loop, so that no call can fall in between.
    this.#store = store;
    this.#contents.clear();
  }
}
