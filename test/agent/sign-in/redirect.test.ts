import { describe, expect, test } from 'vitest';
import {
  equalSecrets,
  hasOutcome,
  matchRedirect,
  readAuthorizationResponse,
} from '../../../src/agent/sign-in/redirect.ts';

const registered = 'http://localhost:5000/getAToken';

test.each([
  registered,
  `${registered}?code=a&state=b`,
  `${registered}#code=a`,
  'HTTP://LOCALHOST:5000/getAToken',
  'http://localhost:5000/other/../getAToken',
  // A browser resolves it to the same URL, so that the request would arrive there.
  String.raw`http:\\localhost:5000\getAToken`,
])('%s is the redirect', (url) => {
  expect(matchRedirect(url, registered)).toBe('redirect');
});

test.each([
  'http://localhost:5000/',
  'http://localhost:5000/getATokenX',
  'http://localhost:5000/getAToken/',
  'http://localhost:5000/getatoken',
  'http://localhost:5000/getAToken/../x',
  'http://localhost:5000/getAToken%2F',
  'http://localhost:5000/%67etAToken',
  'http://localhost:5000//getAToken',
  'http://localhost:5000/x%2F..%2FgetAToken',
  'http://localhost:5000/getAToken;code=a',
  'blob:http://localhost:5000/getAToken',
])('%s is on the server of the redirect, but not the redirect', (url) => {
  expect(matchRedirect(url, registered)).toBe('same-origin');
});

test.each([
  'http://localhost:5000.evil.example/getAToken',
  'http://localhost.evil.example:5000/getAToken',
  'http://localhost.:5000/getAToken',
  'http://evil.example/http://localhost:5000/getAToken',
  'http://evil.example/?x=http://localhost:5000/getAToken',
  'http://evil.example#@localhost:5000/getAToken',
  'http://localhost:5000@evil.example/getAToken',
  'http://user@localhost:5000/getAToken',
  'http://:pass@localhost:5000/getAToken',
  'http://localhost:50000/getAToken',
  'http://localhost:500/getAToken',
  'http://localhost/getAToken',
  'https://localhost:5000/getAToken',
  'ftp://localhost:5000/getAToken',
  'http://127.0.0.1:5000/getAToken',
  'http://[::1]:5000/getAToken',
  'http://lоcalhost:5000/getAToken', // a Cyrillic o
  'data:text/html,http://localhost:5000/getAToken',
  'javascript:location="http://localhost:5000/getAToken"',
  'about:blank',
  '/getAToken',
  '',
])('%s is not the redirect', (url) => {
  expect(matchRedirect(url, registered)).toBe('other');
});

test('a redirect URI without a path or with the default port matches its equivalents', () => {
  expect(matchRedirect('https://app.example/?code=a', 'https://app.example')).toBe('redirect');
  expect(matchRedirect('https://app.example:443/cb', 'https://app.example/cb')).toBe('redirect');
  expect(matchRedirect('http://127.0.0.1:5000/cb', 'http://127.0.0.1:5000/cb')).toBe('redirect');
});

describe('the authorization response', () => {
  test('is read from the query', () => {
    const url = `${registered}?code=a%20b&state=s&error=e&error_description=d`;
    expect(readAuthorizationResponse(url, undefined)).toEqual({
      code: 'a b',
      state: 's',
      error: 'e',
      errorDescription: 'd',
    });
  });

  test('is read from the form body alone where there is one', () => {
    expect(readAuthorizationResponse(`${registered}?code=query&state=query`, 'code=form')).toEqual({
      code: 'form',
      state: undefined,
      error: undefined,
      errorDescription: undefined,
    });
  });

  test('is read from the query when the form body is empty', () => {
    expect(readAuthorizationResponse(`${registered}?code=a&state=s`, '').code).toBe('a');
  });

  test.each(['code', 'state', 'error'])('has no %s when it was sent twice', (name) => {
    const twice = `${name}=one&${name}=two`;
    expect(readAuthorizationResponse(`${registered}?${twice}`, undefined)).toMatchObject({
      [name]: undefined,
    });
    expect(readAuthorizationResponse(registered, twice)).toMatchObject({ [name]: undefined });
  });

  test('is not taken from the fragment', () => {
    expect(readAuthorizationResponse(`${registered}#code=a&state=s`, undefined).code).toBeUndefined();
  });

  test.each([
    ['?state=s', false],
    ['?code=&state=s', false],
    ['?code=a', true],
    ['?error=e', true],
    ['', false],
  ])('%s carries an outcome: %s', (query, outcome) => {
    expect(hasOutcome(readAuthorizationResponse(registered + query, undefined))).toBe(outcome);
  });
});

test.each([
  ['same', 'same', true],
  ['same', 'Same', false],
  ['short', 'short and long', false],
  ['', '', true],
])('%j and %j are equal: %s', (left, right, equal) => {
  expect(equalSecrets(left, right)).toBe(equal);
});
