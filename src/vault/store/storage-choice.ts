/** Where the key of the encrypted file comes from. */
export type KeySource =
  /** 32 random bytes or more, in a file that only its user can read. */
  | { readonly kind: 'key-file'; readonly path: string }
  /** The name of a credential in `$CREDENTIALS_DIRECTORY` (systemd.exec(5), LoadCredential=). */
  | { readonly kind: 'systemd-credential'; readonly name: string }
  /** Asked on the terminal at each start, or from TOKENTRAY_PASSPHRASE. */
  | { readonly kind: 'passphrase' };

/**
 * Where secrets are kept (DESIGN, Storage). `auto`: the OS's encrypted store, else memory, and said.
 * `encrypted-file` and `plain-file` are chosen explicitly; the latter is readable by whoever reads the disk.
 */
export type StorageChoice =
  'auto' | 'memory' | 'plain-file' | { readonly kind: 'encrypted-file'; readonly key: KeySource };
