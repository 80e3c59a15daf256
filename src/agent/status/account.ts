import type { Secret } from '../../system/secret.ts';

/** The signed-in user, by the ID token. Holds no secret. */
export interface Account {
  /** MSAL's `uid.utid`, or an OpenID provider's `sub`: identifies the user, whatever name is shown. */
  readonly homeAccountId: string;
  readonly tenantId: string;
  /** `preferred_username`, usually the e-mail address. */
  readonly username: string;
  readonly name: string;
}

/** An access token and its properties. Times in milliseconds since the epoch. */
export interface AccessToken {
  readonly value: Secret;
  readonly tokenType: string;
  readonly scopes: readonly string[];
  readonly obtainedAt: number;
  readonly expiresOn: number;
}
