import { describe, expect, it } from 'vitest';
import { checkScopes, isScopeToken, resourceOf, scopeKey } from '../../../src/config/profile/scopes.ts';

const GRAPH = 'https://graph.microsoft.com';
const ARM = 'https://management.azure.com';

describe('the resource of a scope', () => {
  it.each([
    ['User.Read', GRAPH],
    ['.default', GRAPH],
    [`${GRAPH}/User.Read`, GRAPH],
    ['https://GRAPH.microsoft.com/User.Read', GRAPH],
    [`${ARM}/.default`, ARM],
    [`${ARM}//.default`, ARM],
    [
      'api://11111111-2222-3333-4444-555555555555/access_as_user',
      'api://11111111-2222-3333-4444-555555555555',
    ],
    ['api://contoso.com/orders/Orders.Read', 'api://contoso.com/orders'],
    ['11111111-2222-3333-4444-555555555555/.default', '11111111-2222-3333-4444-555555555555'],
    ['api://lonely', 'api://lonely'],
  ])('%s belongs to %s', (scope, resource) => {
    expect(resourceOf(scope)).toBe(resource);
  });

  it.each(['openid', 'profile', 'email', 'offline_access', 'OpenID'])('%s belongs to none', (scope) => {
    expect(resourceOf(scope)).toBeUndefined();
  });
});

describe('scopes requested together', () => {
  it.each([
    [['User.Read']],
    [['User.Read', `${GRAPH}/Mail.Read`]],
    [['openid', 'profile', 'offline_access', 'email']],
    [[`${ARM}/.default`, 'openid', 'offline_access']],
    [[`${ARM}/.default`, `${ARM}//.default`]],
    [[`${ARM}/user_impersonation`, 'email']],
  ])('%j go together', (scopes) => {
    expect(checkScopes(scopes)).toEqual({ kind: 'ok' });
  });

  it('none at all are refused', () => {
    expect(checkScopes([])).toEqual({ kind: 'empty' });
  });

  it('scopes of two resources are refused, and both resources are named', () => {
    expect(checkScopes(['openid', 'User.Read', `${ARM}/user_impersonation`])).toEqual({
      kind: 'two-resources',
      first: GRAPH,
      second: ARM,
    });
    expect(checkScopes([`${GRAPH}/.default`, `${ARM}/.default`]).kind).toBe('two-resources');
  });

  it.each([
    [[`${GRAPH}/.default`, 'User.Read'], `${GRAPH}/.default`],
    [['User.Read', '.default'], '.default'],
  ])('.default beside another scope is refused: %j', (scopes, first) => {
    expect(checkScopes(scopes)).toEqual({ kind: 'default-mixed', first, second: 'User.Read' });
  });
});

describe('the key of scopes', () => {
  it('is the same in any order, however often, with Graph written out or not', () => {
    const key = scopeKey(['User.Read', 'Mail.Read']);
    expect(scopeKey(['Mail.Read', 'User.Read', 'Mail.Read'])).toBe(key);
    expect(scopeKey([`${GRAPH}/Mail.Read`, 'User.Read'])).toBe(key);
  });

  it.each([
    [['User.Read'], ['Mail.Read']],
    [['User.Read'], ['user.read']],
    [['read'], [`${ARM}/read`]],
    [['a', 'b'], ['a']],
    [['User.Read'], ['https://graph.microsoft.com.evil.example/User.Read']],
  ])('differs for %j and %j', (left, right) => {
    expect(scopeKey(left)).not.toBe(scopeKey(right));
  });
});

describe('a scope token of RFC 6749', () => {
  it.each(['!', '#[]', '~', 'a:b/c?d=e'])('may be %s', (text) => expect(isScopeToken(text)).toBe(true));
  it.each(['', 'a b', 'a"b', 'a\\b', 'ü', '\t', '\u007f'])('may not be %j', (text) =>
    expect(isScopeToken(text)).toBe(false),
  );
});
