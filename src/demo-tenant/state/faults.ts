import type { ServerResponse } from 'node:http';

/** Ways in which a network or a tired server answers badly. `times` counts down; without it the fault stays. */
export type TransportFault = { times?: number } & (
  | { kind: 'http'; status: number; /** Seconds. */ retryAfter?: number; body?: string }
  /** Accepts the request and never answers. */
  | { kind: 'hang' }
  /** Closes the connection without an answer. */
  | { kind: 'drop' }
);

/** What can go wrong at the token endpoint; `grantType` limits it to e.g. `refresh_token`. */
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
          /** HTTP status, 400 if not given. */
          status?: number;
        }
      /** A JSON answer that does not end for a long while (16 MiB). */
      | { kind: 'oversize' }
      /** The right answer, late. */
      | { kind: 'slow'; ms: number }
    ))
);

/** An error that the authorization endpoint redirects back with (RFC 6749 section 4.1.2.1). */
export interface AuthorizeFault {
  error: string;
  code?: number;
  description?: string;
  times?: number;
}

/** The parameters of an authorization response, as the `deliver` hook sees them. */
export type AuthorizationResponse = Readonly<Record<string, string>>;

/**
 * The switches of a running tenant; every one is off at the start and may be changed at any time.
 * They are mutable on purpose: a test flips them between two requests.
 */
export interface Faults {
  token: TokenFault | undefined;
  discovery: TransportFault | undefined;
  authorizeError: AuthorizeFault | undefined;
  /** Appended to `state` on the way back. */
  tamperState: string | undefined;
  /** Puts another nonce than the asked one into ID tokens. */
  wrongNonce: boolean;
  /** Lifetime of access tokens issued from now on, in seconds. */
  accessTokenSeconds: number;
  /**
   * Refuses a refresh token that was already used once. Off, because Entra does not revoke old ones
   * (https://learn.microsoft.com/entra/identity-platform/refresh-tokens); on, it proves that a client keeps
   * the newest.
   */
  refuseUsedRefreshTokens: boolean;
  /**
   * Delivers the authorization response in another way than by a 302: answers through `response`, or returns
   * true to say that it will. `redirectUrl` is the complete URL, code and state included.
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
    accessTokenSeconds,
    refuseUsedRefreshTokens: false,
    deliver: undefined,
  };
}

/** Takes a fault for one request: counts its `times` down, and switches it off when that reaches zero. */
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
