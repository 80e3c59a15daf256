/** Where the bytes are kept: encrypted by the operating system, in a file (an explicit choice), or only in this process. */
export type VaultBackend =
  'secret-service' | 'keychain' | 'dpapi' | 'encrypted-file' | 'plain-file' | 'memory';

/**
 * Why the chosen store cannot be used. `absent`: this machine has none (no Secret Service, no libsecret); `locked`: it
 * refuses; `silent`: it does not answer, so a prompt may be waiting for the user; `failed`: anything else. `detail` is
 * the store's own reason and contains nothing that was stored.
 */
export interface Unavailable {
  readonly kind: 'absent' | 'locked' | 'silent' | 'failed';
  readonly detail: string;
}

/**
 * A named item in the vault: a profile's MSAL cache, its last good tokens, its client secret. Calls on one item are
 * carried out in the order in which they were made.
 */
export interface VaultItem {
  readonly name: string;
  /** The stored text; undefined if there is none. Rejects with {@link VaultError} if the store cannot be read. */
  load(): Promise<string | undefined>;
  /** Stores `text` completely or not at all. Rejects with {@link VaultError}. */
  save(text: string): Promise<void>;
  /** Removes it, if it exists. Rejects with {@link VaultError}. */
  remove(): Promise<void>;
  /** Sets unreadable content aside and returns its new name. Rejects with {@link VaultError}. */
  quarantine(now: number): Promise<string>;
}

export interface Vault {
  /** Where the items are now: `memory` while the chosen store is unavailable. */
  readonly backend: VaultBackend;
  /**
   * Why the chosen store is not used now. Becomes undefined when {@link retry} finds it usable; by then, whatever was
   * saved and removed in the meantime has been carried over, and the store's other items can be read.
   */
  readonly unavailable: Unavailable | undefined;
  /**
   * Tries the chosen store again if it is unavailable and an attempt is due. Cheap enough for every tick; never opens
   * a second prompt while one is open. Never rejects.
   */
  retry(): Promise<void>;
  /** Writes, reads and removes a test item in the current store. Rejects with {@link VaultError}. */
  selfTest(): Promise<void>;
  /** The item with a name like `default/msal-cache`. */
  item(name: string): VaultItem;
}

/**
 * `refused`: the store is locked, gone, full or does not answer; its content may be intact. `corrupt`: it returned
 * content that is not what was saved, or that can no longer be decrypted: use {@link VaultItem.quarantine}.
 */
export type VaultErrorKind = 'refused' | 'corrupt';

/** The store failed. `message` is the store's own reason and contains nothing that was stored. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly kind: VaultErrorKind;

  constructor(message: string, kind: VaultErrorKind = 'refused') {
    super(message);
    this.kind = kind;
  }
}

/** The name under which the content of `name` is set aside at `now`, such as `default/msal-cache.corrupt-20261122T080000Z`. */
export function quarantineName(name: string, now: number): string {
  return `${name}.corrupt-${new Date(now).toISOString().replace(/[-:]|\.\d+/gu, '')}`;
}
