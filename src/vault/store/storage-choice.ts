/** The source of the encrypted file's key. */
export type KeySource =
  /** At least 32 random bytes, in a file that only its user can read. */
  | { readonly kind: 'key-file'; readonly path: string }
  /** The name of a credential in `$CREDENTIALS_DIRECTORY` (systemd.exec(5), LoadCredential=). */
  | { readonly kind: 'systemd-credential'; readonly name: string }
  /** Typed on the terminal at each start, or from TOKENTRAY_PASSPHRASE. */
  | { readonly kind: 'passphrase' };

/**
 * Where secrets are kept. `auto`: the operating system's encrypted store, otherwise memory, which is reported.
 * `encrypted-file` and `plain-file` must be chosen explicitly; the latter protects nothing from anyone who can read
 * the disk.
 */
export type StorageChoice =
  'auto' | 'memory' | 'plain-file' | { readonly kind: 'encrypted-file'; readonly key: KeySource };
