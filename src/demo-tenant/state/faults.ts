import type { ServerResponse } from 'node:http';

/** Faults of a network or an overloaded server. `times` counts down; without it the fault stays. */
export type TransportFault = { times?: number } & (
  | { kind: 'http'; status: number; /** Seconds. */ retryAfter?: number; body?: string }
  /** Accepts the request and never answers. */
  | { kind: 'hang' }
  /** Closes the connection without an answer. */
  | { kind: 'drop' }
);

/** Faults of the token endpoint; `grantType` limits one to e.g. `refresh_token`. */
export type TokenFault = { grantType?: string } & (
  | TransportFault
  | ({ times?: number } & (
      | {
          kind: 'aadsts';
          code: number;
          error: string;
          description?: string;
          suberror?: string;
          claims?: string;
          /** HTTP status, 400 by default. */
          status?: number;
        }
      /** A very long JSON answer (16 MiB). */
      | { kind: 'oversize' }
      /** The regular answer, late. */
      | { kind: 'slow'; ms: number }
    ))
);

/** An error with which the authorization endpoint redirects back (RFC 6749 section 4.1.2.1). */
export interface AuthorizeFault {
  error: string;
  code?: number;
  description?: string;
  times?: number;
}

/** The parameters of an authorization response. */
export type AuthorizationResponse = Readonly<Record<string, string>>;

/** The switches of a running tenant. All are off initially; tests change them between two requests. */
export interface Faults {
  token: TokenFault | undefined;
  discovery: TransportFault | undefined;
  authorizeError: AuthorizeFault | undefined;
  /** Appended to the `state` of authorization responses. */
  tamperState: string | undefined;
  /** Puts a nonce into ID tokens that differs from the requested one. */
  wrongNonce: boolean;
  /**
   * The resource challenges tokens issued before this time (seconds since the epoch) to clients that declared `cp1`,
   * as after a password change.
   */
  revokedBefore: number;
  /** Lifetime of new access tokens, in seconds. */
  accessTokenSeconds: number;
  /**
   * Refuses a refresh token that was already used. Off by default, because Entra does not revoke old ones
   * (https://learn.microsoft.com/entra/identity-platform/refresh-tokens); on, it proves that a client keeps the
   * newest.
   */
  refuseUsedRefreshTokens: boolean;
  /**
   * Delivers the authorization response in another way than by a 302: answers through `response`, or returns true if
   * it will answer later. `redirectUrl` is the complete URL, including code and state.
   */
  deliver:
    | ((
        redirectUrl: string,
        response: ServerResponse,
        parameters: AuthorizationResponse,
      ) => boolean | undefined)
    | undefined;
}

/** All switches off. */
export function noFaults(accessTokenSeconds: number): Faults {
  return {
    token: undefined,
    discovery: undefined,
    authorizeError: undefined,
    tamperState: undefined,
    wrongNonce: false,
    revokedBefore: 0,
    accessTokenSeconds,
    refuseUsedRefreshTokens: false,
    deliver: undefined,
  };
}

/** Takes a fault for one request: counts its `times` down, and switches it off at zero. */
export function takeFault<K extends 'token' | 'discovery' | 'authorizeError'>(
  faults: Faults,
  name: K,
  grantType?: string,
): Faults[K] | undefined {
  const fault = faults[name];
  if (fault === undefined) return undefined;
  const only = 'grantType' in fault ? fault.grantType : undefined;
  if (only !== undefined && only !== grantType) return undefined;
  if (fault.times !== undefined) {
    fault.times -= 1;
    if (fault.times <= 0) faults[name] = undefined;
  }
  return fault;
}
