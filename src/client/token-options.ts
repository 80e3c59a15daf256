/** The options of a token request. All are optional. */
export interface TokenOptions {
  /** The ID of the profile; by default the default profile. */
  readonly profile?: string | undefined;
  /** Delegated scopes of one resource, as a list or separated by spaces; by default the profile's own. */
  readonly scopes?: string | readonly string[] | undefined;
  /** Instead of scopes: everything granted for this resource (`https://graph.microsoft.com`). */
  readonly resource?: string | undefined;
  /**
   * The required lifetime in whole seconds: less is an error. By default ten minutes are preferred, and less is
   * accepted.
   */
  readonly minLifetimeSeconds?: number | undefined;
  /** `always`: a new token, however much is left of the old one. Default: `if-needed`. */
  readonly refresh?: 'if-needed' | 'always' | undefined;
  /** A claims challenge of a resource (CAE), as JSON: a new token that meets it. */
  readonly claims?: string | undefined;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Another socket than the user's own, in a directory that only the user can enter (one that `ssh -L` made, for
   * example). Not on Windows, where the pipe needs the key beside it.
   */
  readonly socketPath?: string | undefined;
}

/** The inputs of a token; equal keys have the same token. */
export function tokenKey({ profile, scopes, resource, socketPath }: TokenOptions): string {
  return JSON.stringify([profile, scopeText(scopes), resource, socketPath]);
}

function scopeText(scopes: TokenOptions['scopes']): string | undefined {
  return typeof scopes === 'string' ? scopes : scopes?.join(' ');
}

/** The inputs of an answer: those of the token, and how fresh it must be. */
export function questionKey(options: TokenOptions): string {
  const { minLifetimeSeconds, refresh = 'if-needed', claims } = options;
  return JSON.stringify([tokenKey(options), minLifetimeSeconds, refresh, claims]);
}

/** The question as a URL of the socket. The owner (outlets/answer/token-query.ts) reports what is wrong with it. */
export function tokenPath(options: TokenOptions): string {
  const { profile, scopes, resource, minLifetimeSeconds, refresh, claims } = options;
  const query = new URLSearchParams();
  const scope = scopeText(scopes);
  // An empty list requests no scope, which is refused with its own message, and not the profile's own scopes.
  if (scope !== undefined) query.set('scope', scope);
  if (resource !== undefined) query.set('resource', resource);
  if (profile !== undefined) query.set('profile', profile);
  if (minLifetimeSeconds !== undefined) query.set('min_lifetime', String(minLifetimeSeconds));
  if (refresh === 'always') query.set('refresh', '1');
  if (claims !== undefined) query.set('claims', claims);
  return query.size === 0 ? '/v1/token' : `/v1/token?${query.toString()}`;
}

/** The URL to watch the profile's status. */
export function eventsPath({ profile }: Pick<TokenOptions, 'profile'>): string {
  return profile === undefined ? '/v1/events' : `/v1/events?profile=${encodeURIComponent(profile)}`;
}
