import { UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import type { Authority, Grant } from '../../../src/agent/authority/authority.ts';
import { withCheckedGrants } from '../../../src/agent/authority/received.ts';
import { Secret } from '../../../src/system/secret.ts';
import { ada, HOUR_MS } from '../fixtures/fake-authority.ts';

const NOW = Date.UTC(2026, 10, 22, 8);
const DAY_MS = 24 * HOUR_MS;
const jwt = (claims: object): string => `${new UnsecuredJWT({ ...claims }).encode()}AA`;

/** The grant of a refresh that the authority answered with these parts. */
function received(more: Partial<Omit<Grant, 'accessToken'>>, accessToken = 'opaque'): Promise<Grant> {
  const grant: Grant = {
    accessToken: new Secret(accessToken),
    tokenType: 'Bearer',
    scopes: ['read'],
    expiresOn: NOW,
    account: ada,
    ...more,
  };
  // Only this call is made.
  const authority = { renew: () => Promise.resolve(grant) } as unknown as Authority;
  return withCheckedGrants(authority, () => NOW).renew({ account: ada, scopes: ['read'], claims: undefined });
}

test.each<[string, number, string, number]>([
  ['says how long it is valid', NOW + 60_000, 'opaque', NOW + 60_000],
  ['says so, and the JWT something else', NOW + 60_000, jwt({ exp: 1 }), NOW + 60_000],
  ['does not say so, but the JWT does', NOW, jwt({ exp: NOW / 1000 + 120 }), NOW + 120_000],
  ['does not say so, and the JWT has expired', NOW, jwt({ exp: 1 }), NOW + HOUR_MS],
  ['does not say so, nor does the JWT', NOW, jwt({}), NOW + HOUR_MS],
  ['does not say so, and is opaque', 0, 'opaque', NOW + HOUR_MS],
  ['does not say so, and only looks like a JWT', NOW, 'a.b.c', NOW + HOUR_MS],
  ['names a time that is no date', 1e18, 'opaque', NOW + 366 * DAY_MS],
  ['names no number', NaN, 'opaque', NOW + HOUR_MS],
])('a token that %s', async (_what, expiresOn, token, expected) => {
  expect((await received({ expiresOn }, token)).expiresOn).toBe(expected);
});

test.each<[string, string, string]>([
  ['a line break', 'a\r\nX-Header: b', 'Bearer'],
  ['a space', 'a b', 'Bearer'],
  ['a control character', 'a\u001b[31m', 'Bearer'],
  ['nothing', '', 'Bearer'],
  ['a line break in its type', 'opaque', 'Bearer\r\nX: y'],
])('a token with %s is refused', async (_what, token, tokenType) => {
  await expect(received({ tokenType }, token)).rejects.toMatchObject({
    problem: { code: 'token-malformed' },
  });
});
