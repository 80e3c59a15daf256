import { UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { toAccount, toGrant } from '../../../src/agent/authority/oidc-grant.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';

const now = Date.UTC(2026, 10, 22, 8);
const account = toAccount({ sub: 'ada' });
const grantOf = (more: object, access_token = 'opaque'): ReturnType<typeof toGrant> =>
  toGrant({ access_token, token_type: 'bearer', ...more }, { account, requested: ['read', 'write'], now });

describe('a token response', () => {
  test.each<[string, object, string, number]>([
    ['says how long it lives', { expires_in: 60 }, 'opaque', now + 60_000],
    ['does not say it, but the JWT does', {}, jwt({ exp: now / 1000 + 120 }), now + 120_000],
    ['says it, and the JWT something else', { expires_in: 60 }, jwt({ exp: 1 }), now + 60_000],
    ['does not say it, nor does the JWT', {}, jwt({}), now + HOUR_MS],
    ['does not say it, and the token is opaque', {}, 'opaque', now + HOUR_MS],
    ['does not say it, and the token only looks like a JWT', {}, 'a.b.c', now + HOUR_MS],
  ])('that %s', (_what, more, token, expiresOn) => {
    expect(grantOf(more, token).expiresOn).toBe(expiresOn);
  });

  test('names the granted scopes; without any, those that were asked for (RFC 6749 5.1)', () => {
    expect(grantOf({ scope: 'read' }).scopes).toEqual(['read']);
    expect(grantOf({}).scopes).toEqual(['read', 'write']);
  });
});

test.each([
  [{ sub: 'ada' }, { homeAccountId: 'ada', tenantId: '', username: 'ada', name: 'ada' }],
  [
    { sub: 'ada', oid: 'object' },
    { homeAccountId: 'ada', username: 'object' },
  ],
  [
    { sub: 'ada', email: 'ada@x.example', name: 'Ada' },
    { username: 'ada@x.example', name: 'Ada' },
  ],
  [{ sub: 'ada', preferred_username: 'ada@p.example', email: 'e' }, { username: 'ada@p.example' }],
  [{ sub: 'ada', preferred_username: 5, upn: 'ada@u.example' }, { username: 'ada@u.example' }],
  [{ sub: 'ada', tid: 't', acr: '1' }, { tenantId: 't' }],
  [{ sub: 'ada', acr: '1' }, { tenantId: '1' }],
])('the account of %j is the one that MSAL made', (claims, expected) => {
  expect(toAccount(claims as Record<string, unknown>)).toMatchObject(expected);
});

function jwt(claims: object): string {
  return `${new UnsecuredJWT({ ...claims }).encode()}AA`;
}
