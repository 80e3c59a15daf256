/** What is asked for; everything may be left out. */
export interface TokenOptions {
  /** Id of the registration; the default one when absent. */
  readonly profile?: string | undefined;
  /** Delegated scopes of one resource, as a list or with spaces between; the profile's own when absent. */
  readonly scopes?: string | readonly string[] | undefined;
  /** Instead of scopes: everything that was granted for this resource (`https://graph.microsoft.com`). */
  readonly resource?: string | undefined;
  /** Whole seconds; a demand: a token that lives shorter is an error. When absent, ten minutes are wished for. */
  readonly minLifetimeSeconds?: number | undefined;
  /** `always`: a new token, whatever is left of the old one; `if-needed` when absent. */
  readonly refresh?: 'if-needed' | 'always' | undefined;
  /** A claims challenge of a resource (CAE), as JSON: a new token that meets it. */
  readonly claims?: string | undefined;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Another socket than this user's own, in a directory that only the user can enter (one that `ssh -L`
   * made, for example). Not on Windows, where a pipe needs the key that lies beside it.
   */
  readonly socketPath?: string | undefined;
}

/** What a token depends on; two questions with one key have the same answer. */
export function tokenKey({ profile, scopes, resource, socketPath }: TokenOptions): string {
  return JSON.stringify([profile, scopeText(scopes), resource, socketPath]);
}

function scopeText(scopes: TokenOptions['scopes']): string | undefined {
  return typeof scopes === 'string' ? scopes : scopes?.join(' ');
}

/** What an answer depends on: also how fresh it must be. */
export function questionKey(options: TokenOptions): string {
  const { minLifetimeSeconds, refresh = 'if-needed', claims } = options;
  return JSON.stringify([tokenKey(options), minLifetimeSeconds, refresh, claims]);
}

/** The question as the socket reads it (src/outlets/token-query.ts), which also says what is wrong with it. */
export function tokenPath(options: TokenOptions): string {
  const { profile, scopes, resource, minLifetimeSeconds, refresh, claims } = options;
  const query = new URLSearchParams();
  const scope = scopeText(scopes);
  // An empty list asks for no scope at all, which is refused by name, not for the profile's own.
  if (scope !== undefined) query.set('scope', scope);
  if (resource !== undefined) query.set('resource', resource);
  if (profile !== undefined) query.set('profile', profile);
  if (minLifetimeSeconds !== undefined) query.set('min_lifetime', String(minLifetimeSeconds));
  if (refresh === 'always') query.set('refresh', '1');
  if (claims !== undefined) query.set('claims', claims);
  return query.size === 0 ? '/v1/token' : `/v1/token?${query.toString()}`;
}

/** Where the status of the profile that is meant is followed. */
export function eventsPath({ profile }: Pick<TokenOptions, 'profile'>): string {
  return profile === undefined ? '/v1/events' : `/v1/events?profile=${encodeURIComponent(profile)}`;
}
