import type { JWTPayload } from 'jose';
import type { TokenEndpointResponse } from 'openid-client';
import { Secret } from '../../system/secret.ts';
import type { Account } from '../status/account.ts';
import type { Grant } from './authority.ts';

/** The first of the claims that is a text with content; `''` if there is none. */
function firstOf(claims: JWTPayload, ...names: readonly string[]): string {
  const values = names.map((name) => claims[name]);
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? '';
}

/**
 * The account of an ID token. The fields are those that MSAL made, so that sessions that it stored are the same
 * person's. `sub` is always there (OpenID Connect Core 2).
 */
export function toAccount(claims: JWTPayload): Account {
  const username = firstOf(claims, 'preferred_username', 'upn', 'email', 'oid', 'sub');
  return {
    homeAccountId: firstOf(claims, 'sub'),
    tenantId: firstOf(claims, 'tid', 'tfp', 'acr'),
    username,
    name: firstOf(claims, 'name') || username,
  };
}

/** The scopes of a space-separated list (RFC 6749 3.3). */
export function scopesIn(text: string): readonly string[] {
  return text.split(' ').filter((scope) => scope !== '');
}

/**
 * A token response as a {@link Grant}.
 * @param requested the scopes that an answer without `scope` grants (RFC 6749 5.1)
 * @param now milliseconds since the epoch
 */
export function toGrant(
  response: TokenEndpointResponse,
  { account, requested, now }: { account: Account; requested: readonly string[]; now: number },
): Grant {
  return {
    accessToken: new Secret(response.access_token),
    // openid-client accepts no other type from a client without DPoP keys, and writes it in lower case.
    tokenType: 'Bearer',
    scopes: response.scope === undefined ? requested : scopesIn(response.scope),
    // Without a lifetime, received.ts decides.
    expiresOn: now + (response.expires_in ?? 0) * 1000,
    account,
  };
}
