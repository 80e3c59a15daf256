import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';
import { VaultError, type VaultItem } from '../../vault/store/vault.ts';

/** What the cache tells its owner: MSAL's own calls must not fail because the keyring did. */
export interface CacheListener {
  readonly onSaveFailed: (error: unknown) => void;
  readonly onSaved: () => void;
  readonly onCorrupt: (setAsideAs: string) => void;
}

/**
 * MSAL's cache over one vault item. It always reloads: msal-node-extensions' own plugin compares
 * modification times and loses fresh sign-ins that way (197 of 200, facts/msal-entra-agents.md 0.1).
 * As this process is the only owner, what was last saved is what a reload gives.
 */
export class ProfileCache implements ICachePlugin {
  readonly #listener: CacheListener;
  readonly #now: () => number;
  #item: VaultItem | undefined;
  #text: string | undefined;
  #closed = false;
  /** Whether the item lacks what is in memory: its last save failed, or was held back. */
  #unsaved = false;

  /** Without an item it is a scratch cache, for a sign-in that is not accepted yet. */
  constructor(options: { item: VaultItem | undefined; listener: CacheListener; now: () => number }) {
    this.#item = options.item;
    this.#text = options.item === undefined ? '' : undefined;
    this.#listener = options.listener;
    this.#now = options.now;
  }

  async beforeCacheAccess(context: TokenCacheContext): Promise<void> {
    this.#text ??= await this.#load();
    try {
      // An empty text is ignored by MSAL, so "nothing stored" must be said as an empty cache.
      context.tokenCache.deserialize(this.#text === '' ? '{}' : this.#text);
    } catch (error) {
      // MSAL is the judge of what it can read: no JSON is a SyntaxError, other content a TypeError.
      if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
      this.#text = await this.#setAside();
      context.tokenCache.deserialize('{}');
    }
  }

  async afterCacheAccess(context: TokenCacheContext): Promise<void> {
    if (!context.cacheHasChanged) return;
    this.#text = context.tokenCache.serialize();
    await this.#save();
  }

  /** The sign-in was accepted: from now on, and with what is in it now, the cache belongs to `item`. */
  async keepIn(item: VaultItem): Promise<void> {
    this.#item = item;
    await this.#save();
  }

  /** The generation ended: whatever MSAL still does with this cache is no longer stored. */
  close(): void {
    this.#closed = true;
  }

  /** Whether the item lacks what is in memory. */
  get isUnsaved(): boolean {
    return this.#unsaved;
  }

  /** The item may have lost what it held: the next {@link flush} stores what is in memory. */
  markUnsaved(): void {
    this.#unsaved = this.#text !== undefined;
  }

  /**
   * Keeps in memory what is stored, before it is removed: where the removal fails half way,
   * {@link markUnsaved} and {@link flush} bring it back. What cannot be read cannot be kept. Never rejects.
   */
  async hold(): Promise<void> {
    if (this.#text !== undefined) return;
    try {
      const stored = await this.#item?.load();
      this.#text ??= stored;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }

  /** The generation goes on after all; what MSAL did meanwhile is stored with the next {@link flush}. */
  reopen(): void {
    this.#closed = false;
  }

  /** Saves what could not be saved before, if there is any. */
  async flush(): Promise<void> {
    if (this.#unsaved) await this.#save();
  }

  async #load(): Promise<string> {
    try {
      return (await this.#item?.load()) ?? '';
    } catch (error) {
      if (error instanceof VaultError && error.kind === 'corrupt') return this.#setAside();
      throw error;
    }
  }

  async #setAside(): Promise<string> {
    const setAsideAs = await this.#item?.quarantine(this.#now());
    this.#listener.onCorrupt(setAsideAs ?? '');
    return '';
  }

  async #save(): Promise<void> {
    if (this.#item === undefined || this.#text === undefined) return;
    this.#unsaved = true;
    if (this.#closed) return;
    const saving = this.#text;
    try {
      await this.#item.save(saving);
      this.#unsaved = this.#text !== saving;
      this.#listener.onSaved();
    } catch (error) {
      this.#listener.onSaveFailed(error);
    }
  }
}
