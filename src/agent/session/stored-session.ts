import { registrationName } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { atMost } from '../../system/limit.ts';
import { VaultError, type Unavailable, type Vault, type VaultItem } from '../../vault/store/vault.ts';
import type { AccessToken, Account } from '../status/account.ts';
import type { Grant } from '../authority/authority.ts';
import { isWaitOver } from './backoff.ts';
import type { CacheListener, ProfileCache } from '../authority/cache.ts';
import { LastGoodTokens } from './last-good.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { storageProblem } from '../failures/storage-problem.ts';

/**
 * When a failed save or load is retried. A locked keyring may show its prompt each time: every five minutes reminds
 * the user without being a nuisance.
 */
const RETRY_MS = 5 * 60_000;

/**
 * A save takes some 10 ms. Waiting for it keeps a process that is killed right after its answer from losing a refresh
 * token; waiting longer would delay the token for nothing.
 */
const SAVE_PATIENCE_MS = 100;

/** The name of the vault's item that a signed-in profile always has. */
export function lastGoodItem(profile: Pick<Profile, 'id'>): string {
  return `${profile.id}/last-good`;
}

/** The name of the vault's item that holds MSAL's cache of a profile. */
export function cacheItem(profile: Pick<Profile, 'id'>): string {
  return `${profile.id}/msal-cache`;
}

/** The names of the vault's items that form a profile's session. They are moved and removed together. */
export function sessionItems(profile: Pick<Profile, 'id'>): readonly string[] {
  return [cacheItem(profile), lastGoodItem(profile)];
}

/** What restoring found. `unknown-account`: MSAL's cache is there, but no record of whose it is. */
export type Restored =
  | { readonly kind: 'none' }
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'unknown-account' };

interface StoredSessionParts {
  readonly profile: Profile;
  readonly vault: Vault;
  readonly now: () => number;
  readonly onProblem: (problem: Problem) => void;
  readonly onRecovered: () => void;
}

/**
 * The session of a profile in the vault: MSAL's cache and the last good tokens. No call fails because the store
 * did: the session continues in memory, and the problem goes to `onProblem`.
 */
export class StoredSession {
  readonly tokens: LastGoodTokens;
  readonly #parts: StoredSessionParts;
  readonly #cacheItem: VaultItem;
  readonly #tokensItem: VaultItem;
  readonly #setAside: string[] = [];
  /** Why the configured store could not be used at the last check. */
  #unavailable: Unavailable | undefined;
  #unread: Problem | undefined;
  #retryReadAt = 0;
  #retrySaveAt: number | undefined;
  #isRemoving = false;
  #cache: ProfileCache | undefined;
  #storing: Promise<void> = Promise.resolve();

  constructor(parts: StoredSessionParts) {
    const { profile, vault } = parts;
    this.#parts = parts;
    this.#cacheItem = vault.item(cacheItem(profile));
    this.#tokensItem = vault.item(lastGoodItem(profile));
    this.tokens = new LastGoodTokens(this.#tokensItem, registrationName(profile));
  }

  /**
   * Why it is unknown whether a session is stored: the keyring is locked, does not respond, or failed when it was
   * read. Undefined if it is known, and on a machine without a keyring.
   */
  get unread(): Problem | undefined {
    return this.#unread;
  }

  /** Reads only the last good tokens; MSAL's cache is parsed when MSAL first needs it. */
  async restore(): Promise<Restored> {
    const couldNotRead = this.#unread !== undefined;
    const { vault, now, onProblem } = this.#parts;
    this.#checkVault();
    const { unavailable } = vault;
    if (unavailable !== undefined && unavailable.kind !== 'absent')
      this.cannotRead(storageProblem(unavailable));
    else this.#unread = undefined;
    try {
      const record = await this.tokens.load(now());
      // A damaged record has been reported as such; otherwise the problem was that it could not be read.
      if (record.kind === 'corrupt') this.#corrupt(record.setAsideAs);
      else if (couldNotRead) this.#saved();
      switch (record.kind) {
        case 'account':
          return record;
        case 'superseded':
          return { kind: 'none' };
        case 'foreign':
          await this.#setForeignAside();
          return { kind: 'none' };
        case 'none':
        case 'corrupt':
          // The process was killed between the two saves of a first sign-in, or the record was damaged.
          return { kind: (await this.#hasCache()) ? 'unknown-account' : 'none' };
      }
    } catch (error) {
      const reason = storageProblem({ kind: 'failed', detail: detailOf(error) });
      this.cannotRead(reason);
      onProblem(reason);
      return { kind: 'none' };
    }
  }

  /** Notes why the stored session could not be used; {@link retry} tells when to {@link restore} again. */
  cannotRead(reason: Problem): void {
    this.#unread = reason;
    this.#retryReadAt = this.#parts.now() + RETRY_MS;
  }

  /** Retries a store that was unavailable and saves that failed. `readable`: reading may succeed now. */
  async retry(): Promise<'readable' | 'unchanged'> {
    const { vault, now, onRecovered } = this.#parts;
    if (vault.unavailable !== undefined) await vault.retry();
    const recovered = this.#unavailable !== undefined && vault.unavailable === undefined;
    this.#checkVault();
    if (recovered) onRecovered();
    const isSaveDue = this.#retrySaveAt !== undefined && isWaitOver(this.#retrySaveAt, now());
    if (recovered || isSaveDue) await this.flush();
    const isReadDue =
      this.#unread !== undefined && this.#unavailable === undefined && isWaitOver(this.#retryReadAt, now());
    return recovered || isReadDue ? 'readable' : 'unchanged';
  }

  /** Finishes saves under way, and stores what could not be stored before. */
  async flush(): Promise<void> {
    await this.#storing;
    // Data that is being removed must not be stored again.
    if (this.#isRemoving) return;
    this.#retrySaveAt = undefined;
    await this.#cache?.flush();
    await this.#storeTokens();
  }

  /**
   * Begins to store an accepted sign-in: older tokens are no longer served, and its scratch cache becomes the stored
   * one. Resolves when it is stored, or could not be.
   */
  adopt(cache: ProfileCache, grant: Grant, scopes: readonly string[]): Promise<void> {
    const isOther = this.tokens.account?.homeAccountId !== grant.account.homeAccountId;
    this.#unread = undefined;
    this.#cache = cache;
    this.tokens.clearMemory();
    this.tokens.put(grant.account, scopes, this.#tokenOf(grant));
    this.#storing = this.#storing.then(() => this.#storeAdopted(cache, isOther));
    return this.#storing;
  }

  /**
   * Keeps a grant as the last good token of `scopes`, and stores it. Resolves when it is stored or could not be, but
   * does not wait for a keyring that does not answer at once; {@link flush} does.
   */
  async keep(grant: Grant, scopes: readonly string[]): Promise<AccessToken> {
    const token = this.#tokenOf(grant);
    this.tokens.put(grant.account, scopes, token);
    this.#storing = this.#storing.then(async () => {
      await this.#cache?.saving;
      await this.#storeTokens();
    });
    await atMost(SAVE_PATIENCE_MS, this.#storing);
    return token;
  }

  /**
   * Empties vault and memory. Resolves to the reason if the vault could not be emptied; memory is unchanged then
   * and is stored again later. A session adopted meanwhile stays.
   */
  async remove(): Promise<Problem | undefined> {
    const cache = this.#cache;
    const aside = [...this.#setAside];
    // Items set aside are useless after the session, and may hold tokens.
    const items = [this.#tokensItem, this.#cacheItem, ...aside.map((name) => this.#parts.vault.item(name))];
    this.#isRemoving = true;
    // All at once, so that saves of a later sign-in come after them.
    const removals = await Promise.allSettled(items.map((item) => item.remove()));
    this.#isRemoving = false;
    const failed = removals.find((removal) => removal.status === 'rejected');
    if (failed !== undefined) {
      this.tokens.markUnsaved();
      cache?.markUnsaved();
      this.#saveFailed(failed.reason);
      return writeProblem(failed.reason);
    }
    this.#setAside.splice(0, aside.length);
    if (this.#cache !== cache) return undefined;
    this.#unread = undefined;
    this.#retrySaveAt = undefined;
    this.tokens.clearMemory();
    return undefined;
  }

  /** Sets the cache that {@link flush} saves. */
  use(cache: ProfileCache): void {
    this.#cache = cache;
  }

  /** For {@link ProfileCache}: reports its problems. */
  cacheListener(): CacheListener {
    return {
      onSaveFailed: (error) => this.#saveFailed(error),
      onSaved: () => this.#saved(),
      onCorrupt: (setAsideAs) => this.#corrupt(setAsideAs),
    };
  }

  #checkVault(): void {
    const { unavailable } = this.#parts.vault;
    const isNews = unavailable !== undefined && unavailable.kind !== this.#unavailable?.kind;
    this.#unavailable = unavailable;
    if (isNews) this.#parts.onProblem(storageProblem(unavailable));
  }

  /**
   * Does not use or destroy the session of another registration: a user who corrects a mistake in the settings may
   * need it again. A sign-out removes it, with everything set aside.
   */
  async #setForeignAside(): Promise<void> {
    const items = (await this.#hasCache()) ? [this.#tokensItem, this.#cacheItem] : [this.#tokensItem];
    for (const item of items) this.#setAside.push(await item.quarantine(this.#parts.now()));
  }

  /** Damaged content counts too: MSAL's cache is set aside and reported when it is read. */
  async #hasCache(): Promise<boolean> {
    try {
      return (await this.#cacheItem.load()) !== undefined;
    } catch (error) {
      if (error instanceof VaultError && error.kind === 'corrupt') return true;
      throw error;
    }
  }

  #tokenOf({ accessToken, tokenType, scopes, expiresOn }: Grant): AccessToken {
    return { value: accessToken, tokenType, scopes, obtainedAt: this.#parts.now(), expiresOn };
  }

  /**
   * In this order, because the process may be killed in between: without a record of tokens the account is read from
   * the cache; with the record of another account, the cache of one would be used as the other's.
   */
  async #storeAdopted(cache: ProfileCache, isOther: boolean): Promise<void> {
    if (isOther) await this.#tokensItem.remove().catch((error: unknown) => this.#saveFailed(error));
    await cache.keepIn(this.#cacheItem);
    if (this.#cache === cache) await this.#storeTokens();
  }

  async #storeTokens(): Promise<void> {
    try {
      if (await this.tokens.flush()) this.#saved();
    } catch (error) {
      this.#saveFailed(error);
    }
  }

  /** Saving to memory because the store cannot be used is not a recovery, and neither is saving only a part. */
  #saved(): void {
    const isAllSaved = !this.tokens.isUnsaved && this.#cache?.isUnsaved !== true;
    if (isAllSaved && this.#parts.vault.unavailable === undefined) this.#parts.onRecovered();
  }

  #saveFailed(error: unknown): void {
    this.#retrySaveAt = this.#parts.now() + RETRY_MS;
    this.#parts.onProblem(writeProblem(error));
  }

  #corrupt(setAsideAs: string): void {
    this.#setAside.push(setAsideAs);
    this.#parts.onProblem(problem('storage', 'storage.corrupt', { name: setAsideAs }));
  }
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function writeProblem(error: unknown): Problem {
  return problem('storage', 'storage.write', { detail: detailOf(error) });
}
