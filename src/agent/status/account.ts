import type { Secret } from '../../system/secret.ts';

/** The signed-in user, as the ID token tells. Nothing here is secret. */
export interface Account {
  /** MSAL's `uid.utid`: the same user in the same home tenant, whatever name is shown. */
  readonly homeAccountId: string;
  readonly tenantId: string;
  /** `preferred_username`, usually the mail address. */
  readonly username: string;
  readonly name: string;
}

/** An access token and what is known of it. Times are milliseconds since the epoch. */
export interface AccessToken {
  readonly value: Secret;
  readonly tokenType: string;
  readonly scopes: readonly string[];
  readonly obtainedAt: number;
  readonly expiresOn: number;
}
