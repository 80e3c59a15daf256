import type { Profile } from '../config/profile.ts';
import { VaultError, type Vault, type VaultItem } from '../vault/vault.ts';
import type { AccessToken, Account } from './account.ts';
import type { Grant } from './authority.ts';
import type { CacheListener, ProfileCache } from './cache.ts';
import { LastGoodTokens } from './last-good.ts';
import type { Problem } from './problem.ts';

type StorageCode = 'storage.unavailable' | 'storage.write' | 'storage.corrupt';

/** The name of the vault's item that a signed-in profile always has. */
export function lastGoodItem(profile: Pick<Profile, 'id'>): string {
  return `${profile.id}/last-good`;
}

/** What restoring found. `unknown-account`: MSAL's cache is there, but nobody wrote down whose it is. */
export type Restored =
  | { readonly kind: 'none' }
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'unknown-account' };

/**
 * A profile's session in the vault: MSAL's cache and the last good tokens. No call fails because the
 * store did: the session goes on in memory, and the trouble is reported to the listener.
 */
export class StoredSession {
  readonly tokens: LastGoodTokens;
  readonly #cacheItem: VaultItem;
  readonly #tokensItem: VaultItem;
  readonly #vault: Vault;
  readonly #unavailable: string | undefined;
  readonly #setAside: string[] = [];
  readonly #onProblem: (problem: Problem) => void;
  readonly #onRecovered: () => void;

  constructor(options: {
    profile: Profile;
    vault: Vault;
    onProblem: (problem: Problem) => void;
    onRecovered: () => void;
  }) {
    const { profile, vault } = options;
    this.#cacheItem = vault.item(`${profile.id}/msal-cache`);
    this.#tokensItem = vault.item(lastGoodItem(profile));
    this.#vault = vault;
    this.#unavailable = vault.unavailable;
    this.#onProblem = options.onProblem;
    // What is saved to memory only, because the store was unusable at the start, is no recovery.
    this.#onRecovered = vault.unavailable === undefined ? options.onRecovered : () => undefined;
    this.tokens = new LastGoodTokens(this.#tokensItem, `${profile.authority} ${profile.clientId}`);
  }

  /** Reads the last good tokens only; MSAL's cache is parsed when MSAL first needs it. */
  async restore(now: number): Promise<Restored> {
    if (this.#unavailable !== undefined) this.#report('storage.unavailable', this.#unavailable);
    try {
      const record = await this.tokens.load(now);
      if (record.kind === 'account') return record;
      if (record.kind === 'corrupt') this.#report('storage.corrupt', record.setAsideAs);
      if (record.kind === 'foreign') {
        await this.remove();
        return { kind: 'none' };
      }
      // Killed between the two saves of a first sign-in, or the record was damaged.
      return (await this.#hasCache()) ? { kind: 'unknown-account' } : { kind: 'none' };
    } catch (error) {
      this.#report('storage.unavailable', error);
      return { kind: 'none' };
    }
  }

  /** Damaged content counts: MSAL's cache is set aside, and that is reported, when it is read. */
  async #hasCache(): Promise<boolean> {
    try {
      return (await this.#cacheItem.load()) !== undefined;
    } catch (error) {
      if (error instanceof VaultError && error.kind === 'corrupt') return true;
      throw error;
    }
  }

  /** A sign-in was accepted: its scratch cache becomes the stored one, and nothing older is served. */
  async adopt(cache: ProfileCache): Promise<void> {
    this.tokens.clearMemory();
    await cache.keepIn(this.#cacheItem);
  }

  /** Keeps what the authority granted as the last good token of `scopes`. */
  async keep(grant: Grant, scopes: readonly string[], now: number): Promise<AccessToken> {
    const token: AccessToken = {
      value: grant.accessToken,
      tokenType: grant.tokenType,
      scopes: grant.scopes,
      obtainedAt: now,
      expiresOn: grant.expiresOn,
    };
    try {
      await this.tokens.put(grant.account, scopes, token);
    } catch (error) {
      this.#report('storage.write', error);
    }
    return token;
  }

  /** Empties vault and memory. An answer is the reason why the vault could not be emptied; nothing is lost then. */
  async remove(): Promise<Problem | undefined> {
    try {
      // In this order: while MSAL's cache is there, the session can be restored from it.
      await this.#tokensItem.remove();
      await this.#cacheItem.remove();
      // What was set aside is of no use once the session has ended, and may hold tokens.
      for (const name of this.#setAside.splice(0)) await this.#vault.item(name).remove();
    } catch (error) {
      return this.#report('storage.write', error);
    }
    this.tokens.clearMemory();
    return undefined;
  }

  /** For {@link ProfileCache}: how its trouble reaches the status. */
  cacheListener(): CacheListener {
    return {
      onSaveFailed: (error) => void this.#report('storage.write', error),
      onSaved: this.#onRecovered,
      onCorrupt: (setAsideAs) => void this.#report('storage.corrupt', setAsideAs),
    };
  }

  #report(code: StorageCode, cause: unknown): Problem {
    if (code === 'storage.corrupt') this.#setAside.push(String(cause));
    const detail = cause instanceof Error ? cause.message : String(cause);
    const reason: Problem = {
      kind: 'storage',
      code,
      params: code === 'storage.corrupt' ? { name: detail } : { detail },
    };
    this.#onProblem(reason);
    return reason;
  }
}
