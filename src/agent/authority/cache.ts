import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';
import { VaultError, type VaultItem } from '../../vault/store/vault.ts';

/** Events of the cache. MSAL's calls must not fail because the keyring did. */
export interface CacheListener {
  readonly onSaveFailed: (error: unknown) => void;
  readonly onSaved: () => void;
  readonly onCorrupt: (setAsideAs: string) => void;
}

/**
 * MSAL's cache over one vault item, or another library's text ({@link text}, {@link put}). It always reloads: the plugin
 * of msal-node-extensions compares modification times and lost 197 of 200 fresh sign-ins that way. This process is the
 * only owner, so that a reload gives what was last saved.
 */
export class ProfileCache implements ICachePlugin {
  readonly #listener: CacheListener;
  readonly #now: () => number;
  #item: VaultItem | undefined;
  #text: string | undefined;
  #closed = false;
  /** Whether the item lacks what is in memory: its last save is under way, failed, or was held back. */
  #unsaved = false;
  #saving: Promise<void> = Promise.resolve();

  /** Without an item it is a scratch cache, for a sign-in that is not accepted yet. */
  constructor(options: { item: VaultItem | undefined; listener: CacheListener; now: () => number }) {
    this.#item = options.item;
    this.#text = options.item === undefined ? '' : undefined;
    this.#listener = options.listener;
    this.#now = options.now;
  }

  async beforeCacheAccess(context: TokenCacheContext): Promise<void> {
    const text = await this.text();
    try {
      // MSAL ignores an empty text, so that "nothing stored" must be an empty cache.
      context.tokenCache.deserialize(text === '' ? '{}' : text);
    } catch (error) {
      // MSAL decides what it can read: it throws a SyntaxError for text that is not JSON, a TypeError for other
      // content.
      if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
      await this.setAside();
      context.tokenCache.deserialize('{}');
    }
  }

  afterCacheAccess(context: TokenCacheContext): Promise<void> {
    if (context.cacheHasChanged) this.put(withoutAccessTokens(context.tokenCache.serialize()));
    return Promise.resolve();
  }

  /** The newest text; `''` if nothing is stored. Rejects with `VaultError` if the store cannot be read. */
  async text(): Promise<string> {
    this.#text ??= await this.#load();
    return this.#text;
  }

  /** Replaces the text, and begins to store it: a granted token does not wait for the keyring. */
  put(text: string): void {
    this.#text = text;
    this.#saving = this.#save();
  }

  /** The text is of no use: the item is set aside, and reported as corrupt. Rejects with `VaultError`. */
  async setAside(): Promise<void> {
    this.#text = await this.#setAside();
  }

  /**
   * Notes the content; the returned function restores it, for an answer that is refused. Rejects with `VaultError` if
   * the store cannot be read.
   */
  async checkpoint(): Promise<() => void> {
    const before = await this.text();
    return () => this.put(before);
  }

  /** The sign-in was accepted: stores the cache in `item`, now and later. */
  async keepIn(item: VaultItem): Promise<void> {
    this.#item = item;
    await this.#save();
  }

  /** The generation ended: later changes by MSAL are not stored. */
  close(): void {
    this.#closed = true;
  }

  /** Resolves when the last save has succeeded or failed. */
  get saving(): Promise<void> {
    return this.#saving;
  }

  /** Whether the item lacks what is in memory. */
  get isUnsaved(): boolean {
    return this.#unsaved;
  }

  /** The item may have lost its content: the next {@link flush} stores what is in memory. */
  markUnsaved(): void {
    this.#unsaved = this.#text !== undefined;
  }

  /**
   * Keeps the stored text in memory before it is removed: if the removal fails, {@link markUnsaved} and {@link
   * flush} restore it. Text that cannot be read is not kept. Never rejects.
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

  /** The generation continues; the next {@link flush} stores what MSAL changed meanwhile. */
  reopen(): void {
    this.#closed = false;
  }

  /** Stores what could not be stored before. */
  async flush(): Promise<void> {
    await this.#saving;
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

/**
 * MSAL's cache without its access tokens, which are never used: a renewal always asks the authority, and the last good
 * tokens are kept beside it (last-good.ts). MSAL would keep every expired one for good.
 */
function withoutAccessTokens(text: string): string {
  const content = JSON.parse(text) as Record<string, unknown>;
  return 'AccessToken' in content ? JSON.stringify({ ...content, AccessToken: {} }) : text;
}
