import { describe, expect, test } from 'vitest';
import { intercept, interceptRedirect, type SignInRequest } from '../../../src/tray/sign-in/interception.ts';
import { lookAlikes } from '../fixtures/deliveries.ts';

const REDIRECT_URI = 'http://localhost:5000/getAToken';
const ANSWER = `${REDIRECT_URI}?code=c&state=s`;
const OTHER_PORT = 5001;

function kindOf(url: string, more: Partial<SignInRequest> = {}, redirectUri = REDIRECT_URI): string {
  return intercept({ url, kind: 'main-frame', body: undefined, ...more }, redirectUri).kind;
}

describe('the answer is captured', () => {
  test.each(['main-frame', 'other'] as const)('with a code, from a request of kind %s', (kind) => {
    expect(intercept({ url: ANSWER, kind, body: undefined }, REDIRECT_URI)).toEqual({
      kind: 'capture',
      url: ANSWER,
      formBody: undefined,
    });
  });

  test.each(['main-frame', 'other'] as const)('from the body of a form, of kind %s', (kind) => {
    const body = 'code=c&state=s';
    expect(intercept({ url: REDIRECT_URI, kind, body }, REDIRECT_URI)).toEqual({
      kind: 'capture',
      url: REDIRECT_URI,
      formBody: body,
    });
  });

  test.each([
    ['with an error', `${REDIRECT_URI}?error=access_denied&state=s`],
    ['with a fragment', `${ANSWER}#_=_`],
    ['in capitals where case does not matter', 'HTTP://LOCALHOST:5000/getAToken?code=c&state=s'],
  ])('%s', (_name, url) => {
    expect(kindOf(url, { kind: 'other' })).toBe('capture');
  });

  test('from a page at the redirect URI without an answer, which ends the attempt', () => {
    expect(kindOf(REDIRECT_URI)).toBe('capture');
    expect(kindOf(`${REDIRECT_URI}?code=`)).toBe('capture');
  });
});

describe('nothing reaches the server at the redirect URI', () => {
  test.each([
    ['a frame without an answer', REDIRECT_URI],
    ['a frame with an empty code', `${REDIRECT_URI}?code=&state=s`],
    ['a frame with two codes', `${REDIRECT_URI}?code=a&code=b&state=s`],
  ])('%s', (_name, url) => {
    expect(kindOf(url, { kind: 'other' })).toBe('block');
  });

  const onItsServer = lookAlikes(REDIRECT_URI, OTHER_PORT).map((url) => `${url}?code=c&state=s`);
  test.each([
    ...onItsServer.filter((url) => !url.includes('.evil.example') && !url.includes(`:${OTHER_PORT}`)),
    'http://user@localhost:5000/getAToken?code=c',
    'http://user:password@localhost:5000/getAToken?code=c',
    'http://localhost:5000/getatoken?code=c',
    'http://localhost:5000/%67etAToken?code=c',
    'http://localhost:5000//getAToken?code=c',
    'wss://localhost:5000/getAToken?code=c',
    'ws://localhost:5000/getAToken?code=c',
    'ftp://localhost:5000/getAToken?code=c',
    'https://[::1]:5000/',
    'https://127.1:5000/getAToken?code=c',
    'https://2130706433:5000/getAToken?code=c',
  ])('%s', (url) => {
    expect(kindOf(url)).toBe('block');
    expect(kindOf(url, { kind: 'other' })).toBe('block');
  });

  // Chromium (RFC 6761, section 6.3) or the kernel resolves these to the loopback interface.
  test.each([
    'https://localhost.:5000/getAToken?code=c',
    'https://any.localhost:5000/getAToken?code=c',
    'https://127.0.0.2:5000/getAToken?code=c',
    'https://0.0.0.0:5000/getAToken?code=c',
    'https://[::]:5000/getAToken?code=c',
    'https://[::ffff:127.0.0.1]:5000/getAToken?code=c',
    'wss://localhost.:5000/getAToken?code=c',
  ])('by another name of this machine: %s', (url) => {
    expect(kindOf(url)).toBe('block');
  });

  test.each([
    ['http://localhost/cb', 'https://localhost:80/'],
    ['http://localhost/cb', 'http://127.0.0.1/'],
    ['https://localhost/cb', 'http://localhost:443/cb?code=c'],
    ['https://localhost/cb', 'https://localhost:443/elsewhere'],
    ['https://localhost/cb', 'wss://127.0.0.1/'],
    ['https://app.example/cb', 'https://app.example/elsewhere'],
    ['https://app.example/cb', 'wss://app.example/cb?code=c'],
    ['https://app.example:8443/cb', 'https://app.example:8443/'],
  ])('at redirect URI %s: %s, comparing default ports', (redirectUri, url) => {
    expect(kindOf(url, {}, redirectUri)).toBe('block');
  });
});

describe('another server', () => {
  test.each([
    'https://login.microsoftonline.com/tenant/oauth2/v2.0/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A5000',
    `https://localhost:${OTHER_PORT}/getAToken?code=c`,
    'https://localhost.evil.example:5000/getAToken?code=c',
    'https://localhost5000.evil.example/getAToken?code=c',
    'wss://push.example/',
    'data:text/html,hello',
    'blob:https://login.example/5a1c',
    'about:blank',
    'about:srcdoc',
  ])('passes: %s', (url) => {
    expect(kindOf(url)).toBe('pass');
    expect(kindOf(url, { kind: 'other' })).toBe('pass');
  });

  test.each([
    `http://localhost:${OTHER_PORT}/getAToken?code=c`,
    'http://localhost.evil.example:5000/getAToken?code=c',
    'http://localhost:5000.evil.example/getAToken?code=c',
    'http://login.example/',
    'ws://login.example/',
    'file:///etc/passwd',
    'ftp://login.example/',
    'javascript:alert(1)',
    'ms-settings:network',
    'vscode://open',
    'chrome://settings',
    'devtools://devtools/bundled/inspector.html',
    'view-source:https://login.example/',
    'not a URL',
    '',
  ])('is blocked under a scheme that is not allowed: %s', (url) => {
    expect(kindOf(url)).toBe('block');
    expect(kindOf(url, { kind: 'other' })).toBe('block');
  });
});

describe('a server’s redirect', () => {
  test('with the answer is captured before the browser follows it', () => {
    expect(interceptRedirect(ANSWER, REDIRECT_URI)).toEqual({
      kind: 'capture',
      url: ANSWER,
      formBody: undefined,
    });
  });

  test('to the bare redirect URI passes, because a 307 may keep a body with the answer', () => {
    expect(interceptRedirect(REDIRECT_URI, REDIRECT_URI)).toEqual({ kind: 'pass' });
    // The request itself, which shows the body, is still captured.
    expect(kindOf(REDIRECT_URI, { body: 'code=c&state=s' })).toBe('capture');
    expect(kindOf(REDIRECT_URI, { kind: 'other' })).toBe('block');
  });

  test.each(lookAlikes(REDIRECT_URI, OTHER_PORT))(
    'to a look-alike is blocked, with and without a code: %s',
    (url) => {
      expect(interceptRedirect(url, REDIRECT_URI)).toEqual({ kind: 'block' });
      expect(interceptRedirect(`${url}?code=c&state=s`, REDIRECT_URI)).toEqual({ kind: 'block' });
    },
  );

  test('to the next page passes', () => {
    expect(interceptRedirect('https://login.example/next', REDIRECT_URI)).toEqual({ kind: 'pass' });
  });
});
