/** Where the bytes are kept: the OS's own encryption, a file of ours by explicit choice, or nowhere beyond this process. */
export type VaultBackend =
  'secret-service' | 'keychain' | 'dpapi' | 'encrypted-file' | 'plain-file' | 'memory';

/**
 * Why the store that is wanted is not used. `absent`: there is none on this machine (no Secret Service, no
 * libsecret); `locked`: it is there and refuses; `silent`: it does not answer, so a prompt may be waiting
 * for somebody; `failed`: anything else. `detail` is the store's own reason and holds no content.
 */
export interface Unavailable {
  readonly kind: 'absent' | 'locked' | 'silent' | 'failed';
  readonly detail: string;
}

/**
 * One named thing in the vault: the MSAL cache of a profile, its last good tokens, its client secret.
 * Calls on one item are carried out in the order they were made.
 */
export interface VaultItem {
  readonly name: string;
  /** The stored text, or undefined when there is none. Rejects with {@link VaultError} when the store cannot be read. */
  load(): Promise<string | undefined>;
  /** Stores `text` whole or not at all. Rejects with {@link VaultError}. */
  save(text: string): Promise<void>;
  /** Removes it; removing what is not there is fine. Rejects with {@link VaultError}. */
  remove(): Promise<void>;
  /** Sets unreadable content aside and returns the name it can be found under. Rejects with {@link VaultError}. */
  quarantine(now: number): Promise<string>;
}

export interface Vault {
  /** What holds the items now: `memory` while the wanted store is unavailable. */
  readonly backend: VaultBackend;
  /**
   * Why the wanted store is not used now. It becomes undefined when {@link retry} has found it usable: what
   * was saved and removed meanwhile has been carried over to it by then, and its other items can be read.
   */
  readonly unavailable: Unavailable | undefined;
  /**
   * Tries the wanted store again if it is unavailable and a try is due: cheap to call at every tick, and
   * never shows a second prompt beside one that is open. Never rejects.
   */
  retry(): Promise<void>;
  /** Writes, reads and removes an item of its own in the store that is used now. Rejects with {@link VaultError}. */
  selfTest(): Promise<void>;
  /** The item of a name like `default/msal-cache`; the same object for the same name. */
  item(name: string): VaultItem;
}

/**
 * `refused`: the store is locked, gone, full or does not answer; what it holds may still be fine.
 * `corrupt`: it answered, with content that is not what was saved, or that it can no longer decrypt:
 * {@link VaultItem.quarantine} is the way on.
 */
export type VaultErrorKind = 'refused' | 'corrupt';

/** The store failed. `message` is the store's own reason and holds no content. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly kind: VaultErrorKind;

  constructor(message: string, kind: VaultErrorKind = 'refused') {
    super(message);
    this.kind = kind;
  }
}

/** The name that content of `name` is set aside under at `now`, e.g. `default/msal-cache.corrupt-20261122T080000Z`. */
export function quarantineName(name: string, now: number): string {
  return `${name}.corrupt-${new Date(now).toISOString().replace(/[-:]|\.\d+/gu, '')}`;
}
