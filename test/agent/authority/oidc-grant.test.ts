import { describe, expect, test } from 'vitest';
import { toAccount, toGrant } from '../../../src/agent/authority/oidc-grant.ts';

const now = Date.UTC(2026, 10, 22, 8);
const account = toAccount({ sub: 'ada' });
const grantOf = (more: object): ReturnType<typeof toGrant> =>
  toGrant(
    { access_token: 'opaque', token_type: 'bearer', ...more },
    { account, requested: ['read', 'write'], now },
  );

describe('a token response', () => {
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
