import { withinLimit } from '../../system/limit.ts';
import { nextTry, tryAtOnce, type NextTry } from './try-again.ts';
import { silent, unavailableBecause } from './unavailable.ts';
import { quarantineName, type Unavailable, type Vault, type VaultBackend, type VaultItem } from './vault.ts';

/** One try to open the wanted store: when it began, and how it ends. It may hang as long as a prompt is open. */
export interface Attempt {
  readonly startedAt: number;
  readonly outcome: Promise<Vault>;
}

/** What a recovering vault is made of. */
export interface RecoveringParts {
  /** Opens the wanted store; called at most once at a time. */
  readonly open: () => Promise<Vault>;
  /** Milliseconds on a clock that never jumps; counts what attempts take and the pauses between them. */
  readonly elapsed: () => number;
  /** How long {@link Vault.retry} waits for an attempt before it leaves it running. */
  readonly limitMs: number;
}

/**
 * A vault that works in memory because the wanted store cannot be used, and becomes that store's when it can.
 * What was saved and removed meanwhile is carried over first; only then does `unavailable` become undefined,
 * and every later call is the store's.
 *
 * An attempt that hangs is left running, because a second one would show a second prompt: when somebody
 * answers the prompt, that is the recovery.
 */
export class RecoveringVault implements Vault {
  readonly #parts: RecoveringParts;
  readonly #items = new Map<string, VaultItem>();
  readonly #contents = new Map<string, string>();
  /** The names that were saved or removed here and whose state the store does not have yet. */
  readonly #touched = new Set<string>();
  #store: Vault | undefined;
  #unavailable: Unavailable;
  #running: Promise<void> | undefined;
  #next: NextTry = tryAtOnce;

  /** `first` is the attempt that did not open the store: it has failed, or still hangs. */
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
    const known = this.#items.get(name);
    if (known) return known;
    const made = this.#create(name);
    this.#items.set(name, made);
    return made;
  }

  #create(name: string): VaultItem {
    const change = (to: string, text: string | undefined): void => {
      if (text === undefined) this.#contents.delete(to);
      else this.#contents.set(to, text);
      this.#touched.add(to);
    };
    return {
      name,
      load: async () => (this.#store ? this.#store.item(name).load() : this.#contents.get(name)),
      save: async (text) => (this.#store ? this.#store.item(name).save(text) : change(name, text)),
      remove: async () => (this.#store ? this.#store.item(name).remove() : change(name, undefined)),
      quarantine: async (now) => {
        if (this.#store) return this.#store.item(name).quarantine(now);
        const aside = quarantineName(name, now);
        change(aside, this.#contents.get(name));
        change(name, undefined);
        return aside;
      },
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

  /** Carries over until nothing is left that was touched, also while this was writing. */
  async #becomes(store: Vault): Promise<void> {
    for (const name of this.#touched) {
      // Deleted first: what is touched from here on is found by this very loop, at its end.
      this.#touched.delete(name);
      const text = this.#contents.get(name);
      try {
        await (text === undefined ? store.item(name).remove() : store.item(name).save(text));
      } catch (error) {
        this.#touched.add(name);
        throw error;
      }
    }
    // In the same breath as the last look at what was touched: no call may fall between.
    this.#store = store;
    this.#contents.clear();
  }
}
