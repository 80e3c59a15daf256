import * as v from 'valibot';
import { scopeKey } from '../../config/profile/scopes.ts';
import { Secret } from '../../system/secret.ts';
import { VaultError, type VaultItem } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { AccessToken, Account } from '../status/account.ts';

const recordSchema = v.object({
  schemaVersion: v.literal(1),
  registration: v.string(),
  account: v.object({
    homeAccountId: v.string(),
    tenantId: v.string(),
    username: v.string(),
    name: v.string(),
  }),
  tokens: v.record(
    v.string(),
    v.object({
      value: v.string(),
      tokenType: v.string(),
      scopes: v.array(v.string()),
      obtainedAt: v.number(),
      expiresOn: v.number(),
    }),
  ),
});

type StoredToken = v.InferInput<typeof recordSchema>['tokens'][string];

/** Written by a newer version of Tokentray: not damaged, and left alone. */
const newerSchema = v.object({ schemaVersion: v.pipe(v.number(), v.minValue(2)) });

/**
 * What loading found: nothing, an account with its tokens, a record of another registration, or damaged content
 * that was set aside. `superseded`: a session was begun or ended meanwhile; the record does not belong to it.
 */
export type LoadedRecord =
  | { readonly kind: 'none' }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'corrupt'; readonly setAsideAs: string };

/**
 * The last good token of each set of scopes, in memory and in the vault, beside MSAL's cache: MSAL throws although
 * its cache holds a valid token, and loading MSAL to answer the first request would take longer than the whole
 * start.
 */
export class LastGoodTokens {
  readonly #item: VaultItem;
  readonly #registration: string;
  readonly #tokens = new Map<string, AccessToken>();
  #account: Account | undefined;
  /** Counts the changes in memory. The store has those up to `#savedRevision`. */
  #revision = 0;
  #savedRevision = 0;

  /** `registration` is the `registrationName`: a record with another name does not belong to this profile. */
  constructor(item: VaultItem, registration: string) {
    this.#item = item;
    this.#registration = registration;
  }

  /** Rejects with VaultError if the store cannot be read, or the record is from a newer version. */
  async load(now: number): Promise<LoadedRecord> {
    const before = this.#revision;
    const record = await this.#read();
    if (this.#revision !== before) return { kind: 'superseded' };
    if (record === 'none') return { kind: 'none' };
    if (record === 'corrupt') return { kind: 'corrupt', setAsideAs: await this.#item.quarantine(now) };
    if (record.registration !== this.#registration) return { kind: 'foreign' };
    this.#account = record.account;
    this.#savedRevision = this.#revision;
    for (const [key, { value, ...token }] of Object.entries(record.tokens)) {
      if (token.expiresOn > now) this.#tokens.set(key, { ...token, value: new Secret(value) });
    }
    return { kind: 'account', account: record.account };
  }

  /** Whose tokens these are; undefined if there are none. */
  get account(): Account | undefined {
    return this.#account;
  }

  get(scopes: readonly string[]): AccessToken | undefined {
    return this.#tokens.get(scopeKey(scopes));
  }

  /** Keeps a token in memory; {@link flush} stores it. */
  put(account: Account, scopes: readonly string[], token: AccessToken): void {
    this.#revision += 1;
    this.#account = account;
    this.#tokens.set(scopeKey(scopes), token);
    for (const [key, kept] of this.#tokens) {
      if (kept.expiresOn <= token.obtainedAt) this.#tokens.delete(key);
    }
  }

  /** Whether the store lacks changes made in memory. */
  get isUnsaved(): boolean {
    return this.#account !== undefined && this.#savedRevision < this.#revision;
  }

  /** The store may have lost its content: the next {@link flush} stores everything. */
  markUnsaved(): void {
    this.#revision += 1;
  }

  /** Stores unsaved changes and resolves to whether there were any. Rejects with VaultError. */
  async flush(): Promise<boolean> {
    if (!this.isUnsaved) return false;
    await this.#save();
    return true;
  }

  /** Another account begins: no token of the old one may be served. */
  clearMemory(): void {
    this.#revision += 1;
    this.#tokens.clear();
    this.#account = undefined;
  }

  async #read(): Promise<v.InferOutput<typeof recordSchema> | 'none' | 'corrupt'> {
    try {
      const text = await this.#item.load();
      return text === undefined ? 'none' : (parseRecord(text) ?? 'corrupt');
    } catch (error) {
      if (error instanceof VaultError && error.kind === 'corrupt') return 'corrupt';
      throw error;
    }
  }

  async #save(): Promise<void> {
    if (this.#account === undefined) return;
    const saving = this.#revision;
    const tokens = [...this.#tokens].map(([key, { value, scopes, ...token }]): [string, StoredToken] => [
      key,
      { ...token, scopes: [...scopes], value: value.reveal() },
    ]);
    const record: v.InferInput<typeof recordSchema> = {
      schemaVersion: 1,
      registration: this.#registration,
      account: this.#account,
      tokens: Object.fromEntries(tokens),
    };
    await this.#item.save(JSON.stringify(record));
    // A later save may have finished already.
    this.#savedRevision = Math.max(this.#savedRevision, saving);
  }
}

function parseRecord(text: string): v.InferOutput<typeof recordSchema> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    const parsed = v.safeParse(recordSchema, content);
    if (parsed.success) return parsed.output;
    if (v.is(newerSchema, content)) throw new VaultError(say('storage.newer'));
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
