/** When the token is refreshed by the clock: a cron line (five fields) in a named IANA zone. */
export interface Schedule {
  readonly cron: string;
  readonly timeZone: string;
}

/** One app registration and one user. The client secret is not here: it is in the vault, bound to these. */
export interface Profile {
  /** Names the vault's entries and the outlets; a slug that never changes. */
  readonly id: string;
  /** `https://login.microsoftonline.com/<tenant>`: https, without a trailing slash. */
  readonly authority: string;
  readonly clientId: string;
  /** As registered; compared by exact origin and path. Its port is the one `tokentray serve` listens on. */
  readonly redirectUri: string;
  /** Delegated scopes of one resource; `openid profile offline_access` are added for sign-in. */
  readonly scopes: readonly string[];
  readonly schedule: Schedule | undefined;
}

export interface Settings {
  readonly schemaVersion: 1;
  /** Exactly one for now; the first is the default. */
  readonly profiles: readonly Profile[];
  /** `auto`: the OS's encrypted store, else memory. `memory`: never stored. */
  readonly storage: 'auto' | 'memory';
  /** Seconds until a copied token is cleared from the clipboard; 0 leaves it there. */
  readonly clipboardClearSeconds: number;
}
