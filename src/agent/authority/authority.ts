import type { Credential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { Problem } from '../../words/problem.ts';
import type { Secret } from '../../system/secret.ts';
import type { Account } from '../status/account.ts';
import type { ProfileCache } from './cache.ts';
import type { TokenNetwork } from '../network/network.ts';

/** The result of a token request. Times in milliseconds since the epoch. */
export interface Grant {
  readonly accessToken: Secret;
  readonly tokenType: string;
  readonly scopes: readonly string[];
  readonly expiresOn: number;
  readonly account: Account;
  /** Why the session cannot be renewed although the sign-in succeeded. */
  readonly warning?: Problem | undefined;
}

export interface AuthorizeRequest {
  readonly scopes: readonly string[];
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  /** The expected user; undefined shows the account picker. */
  readonly loginHint: string | undefined;
  readonly claims: string | undefined;
}

export interface RedeemRequest {
  readonly code: Secret;
  readonly codeVerifier: Secret;
  readonly nonce: string;
  readonly scopes: readonly string[];
  /** The redirect's `iss` (RFC 9207), if it has one. MSAL does not look at it. */
  readonly issuer: string | undefined;
}

/**
 * The authority as the agent needs it, implemented by msal.ts and oidc.ts. Calls reject with errors that `readFailure`
 * understands, and must be made one at a time
 * (https://github.com/AzureAD/microsoft-authentication-library-for-js/issues/3498).
 */
export interface Authority {
  /** The authorization request's URL (RFC 6749 4.1.1, PKCE S256). */
  authorizeUrl(request: AuthorizeRequest): Promise<string>;
  redeem(request: RedeemRequest): Promise<Grant>;
  /** A new access token by the refresh token, never one from a cache. */
  renew(request: { account: Account; scopes: readonly string[]; claims: string | undefined }): Promise<Grant>;
  /** The account in the cache, if any. */
  account(): Promise<Account | undefined>;
}

export interface ConnectOptions {
  readonly profile: Profile;
  readonly credential: Credential;
  readonly cache: ProfileCache;
  readonly network: TokenNetwork;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Makes an {@link Authority}. Asynchronous because its library is loaded when first needed. */
export type Connect = (options: ConnectOptions) => Promise<Authority>;
