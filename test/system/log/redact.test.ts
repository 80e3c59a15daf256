import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/system/log/redact.ts';

const JWT = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJncmFwaCIsIm9pZCI6IjEifQ.c2ln-_bmF0dXJl';
const OPAQUE = '0.AXoAq-opaque_refresh~token.value';

/** A text, and the parts that must be masked. */
const leaks: readonly (readonly [text: string, ...secrets: string[]])[] = [
  [`the token is ${JWT}.`, JWT, JWT.slice(0, 50)],
  [`first 50 characters: ${JWT.slice(0, 50)}`, JWT.slice(0, 20)],
  [`x${JWT}`, JWT],
  [`GET /getAToken?code=${OPAQUE}&state=abc`, OPAQUE],
  [`http://localhost:5000/?ticket=${OPAQUE}#code=${OPAQUE}`, OPAQUE],
  [`next=%2FgetAToken%3Fcode%3D${OPAQUE}%26state%3Dabc`, OPAQUE],
  [`client_id=1&client_secret=a%20b~c&grant_type=x`, 'a%20b~c'],
  [`EMAIL_CLIENT_SECRET="hunter 2"`, 'hunter 2'],
  [`CLIENT_SECRET=hunter2`, 'hunter2'],
  [`clientSecret: 'hunter2'`, 'hunter2'],
  [`refresh_token=${OPAQUE}&id_token=${JWT}&access_token=x1y2`, OPAQUE, 'x1y2', 'c2ln'],
  [JSON.stringify({ access_token: 'x1y2', refresh_token: 'p"q"r', id_token: 'z' }), 'x1y2', 'q', '"z"'],
  [JSON.stringify(JSON.stringify({ access_token: 'x1y2', code: 'q9\\' })), 'x1y2', 'q9'],
  [JSON.stringify({ secret: 'cached1', credentialType: 'RefreshToken' }), 'cached1'],
  [inspect({ refreshToken: OPAQUE, nested: { code_verifier: 'v3r1' } }), OPAQUE, 'v3r1'],
  [`Authorization: Bearer ${OPAQUE}`, OPAQUE],
  [`authorization: Basic aHVudGVyOjI=`, 'aHVudGVyOjI'],
  [`authorization: hunter2`, 'hunter2'],
  [JSON.stringify({ headers: { Authorization: `Bearer ${OPAQUE}` } }), OPAQUE],
  [inspect(['Authorization', `Bearer ${OPAQUE}`]), OPAQUE],
  [`curl -H "Authorization: Bearer ${OPAQUE}" https://x`, OPAQUE],
  [`Set-Cookie: tokentray=c00k1e; HttpOnly; Path=/`, 'c00k1e'],
  [`cookie: a=c00k1e; b=other1`, 'c00k1e', 'other1'],
  [
    JSON.stringify({ cookie: 'a=c00k1e', 'set-cookie': ['b=other1', 'c=third1'] }),
    'c00k1e',
    'other1',
    'third1',
  ],
  [`Cookie: a="x1y2"; b=other1`, 'x1y2', 'other1'],
  [JSON.stringify({ cookie: 'a="x1y2"; b=other1' }), 'x1y2', 'other1'],
  [`Authorization: Digest username="u", response="d1g35t"`, 'd1g35t'],
  [`X-IDENTITY-HEADER: k3y99`, 'k3y99'],
  [`https://user:pa55w@proxy:8080/`, 'pa55w'],
  [`unknown shape ${'Ab1_'.repeat(60)}`, 'Ab1_Ab1_'],
];

test.each(leaks)('masks the secret in: %s', (text, ...secrets) => {
  const masked = redact(text);
  for (const secret of secrets) expect(masked).not.toContain(secret);
  expect(masked).toContain('[secret]');
});

test.each([
  'refreshed the token of alice@example.com, good until 14:32',
  'connect ECONNREFUSED 127.0.0.1:443',
  'code=ECONNREFUSED',
  "{ code: 'ENOENT', errno: -2 }",
  'error_code=50076 exitCode=12 statusCode=503',
  'scopes=User.Read,Mail.Send state=signed-in',
  '/home/alice/.local/state/tokentray/default-msal-cache-0123456789abcdef.marker',
  'https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token',
  'AADSTS50076: Due to a configuration change you must use multi-factor authentication',
  'correlation_id=5f1d3b0e-0000-4000-8000-000000000000 token_endpoint=https://x/y',
  'client_secret=',
  'no cookie, no authorization, no ticket and no code came: refused',
])('leaves useful information: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('keeps the text next to a secret', () => {
  expect(redact(`GET /cb?code=${OPAQUE}&state=abc HTTP/1.1`)).toBe(
    'GET /cb?code=[secret]&state=abc HTTP/1.1',
  );
  expect(redact(`{"access_token":"x1","expires_in":3600}`)).toBe(
    '{"access_token":"[secret]","expires_in":3600}',
  );
  expect(redact(`Authorization: Bearer ${OPAQUE}`)).toBe('Authorization: Bearer [secret]');
});

test('masking a text twice changes nothing more', () => {
  for (const [text] of leaks) expect(redact(redact(text))).toBe(redact(text));
});

describe('random secrets in random shapes', () => {
  /** Pseudo-random numbers that are the same on every run (mulberry32). */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below;
    };
  }
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~';
  const NAMES = [
    'code',
    'client_secret',
    'access_token',
    'refresh_token',
    'id_token',
    'ticket',
    'CLIENT_SECRET',
  ];
  const shapes: readonly ((name: string, value: string) => string)[] = [
    (name, value) => `GET /x?a=1&${name}=${value}&b=2`,
    (name, value) => `${name}=${value}`,
    (name, value) => JSON.stringify({ a: 1, [name]: value, b: [2] }, null, 2),
    (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value }) }),
    (name, value) => inspect({ a: { [name]: value } }),
    (name, value) => `${name}: ${value}\r\nb: 2`,
    (_name, value) => `Authorization: Bearer ${value}`,
    (_name, value) => `Cookie: a=1; s=${value}; b=2`,
    (name, value) => `u=${encodeURIComponent(`https://x/?a=1&${name}=${value}&b=2`)}`,
  ];

  test('are masked', () => {
    const random = numbers(20_261_122);
    for (let round = 0; round < 5000; round += 1) {
      const length = 8 + Math.floor(random(80));
      const value =
        Array.from({ length }, () => ALPHABET[Math.floor(random(ALPHABET.length))]).join('') + 'z9';
      const shape = shapes[Math.floor(random(shapes.length))]!;
      const text = shape(NAMES[Math.floor(random(NAMES.length))]!, value);
      expect(redact(text), text).not.toContain(value);
    }
  });
});
