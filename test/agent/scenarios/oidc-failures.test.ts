// What an OpenID provider, or what stands before it, answers instead of a token: judged by the same table and over the
// same network layer as with MSAL (failure-rows.test.ts).
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../src/agent/agent.ts';
import { SendError, type HttpRequest, type HttpResponse } from '../../../src/agent/network/send.ts';
import { openAgent } from '../../../src/agent/open-agent.ts';
import { saveCredential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { Secret } from '../../../src/system/secret.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';
import { memoryLog, profile as ours, TestVault } from '../fixtures/fixture.ts';

const ISSUER = 'https://id.example.test';
const profile: Profile = { ...ours, protocol: 'oidc', authority: ISSUER, scopes: ['read'] };
const account = { homeAccountId: 'ada', tenantId: '', username: 'ada@x.example', name: 'Ada' };

let agent: Agent;
let vault: TestVault;
let requests: HttpRequest[];
/** The token endpoint's answer. */
let answer: () => HttpResponse;
let metadata: () => HttpResponse;

const json = (status: number, body: object, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const html = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: '<h1>No</h1>',
});

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 22, 8) });
  requests = [];
  metadata = () =>
    json(200, {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: `${ISSUER}/keys`,
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    });
  vault = new TestVault();
  await saveCredential(vault, profile, {
    kind: 'secret',
    secret: new Secret('a-secret-of-the-registration'),
  });
  const session = { schemaVersion: 1, account, refreshToken: 'refresh-1' };
  await vault.put('default/msal-cache', JSON.stringify(session));
  agent = openAgent({
    profile,
    vault,
    send: (request) => {
      requests.push(request);
      return new Promise((resolve) => resolve(request.method === 'GET' ? metadata() : answer()));
    },
    now: () => Date.now(),
    log: memoryLog(),
  });
  await agent.start();
});
afterEach(() => {
  agent.stop();
  vi.useRealTimers();
});

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const description =
  'AADSTS50076: no. Trace ID: 11111111-aaaa-bbbb-cccc-222222222222 Correlation ID: 33333333-aaaa-bbbb-cccc-222222222222 Timestamp: 2026-11-22 08:00:00Z';
const reference = {
  traceId: '11111111-aaaa-bbbb-cccc-222222222222',
  correlationId: '33333333-aaaa-bbbb-cccc-222222222222',
  timestamp: '2026-11-22 08:00:00Z',
};
const other = (status: number): object => ({
  kind: 'transient',
  code: 'other-answer',
  params: { host: 'id.example.test', status },
});

test.each<[string, HttpResponse | SendError, refresh: object, signIn?: object]>([
  // Not OAuth's: a firewall, a login page, a broken server.
  ['403 in HTML', html(403), other(403)],
  ['404', html(404), other(404)],
  ['400 without a body', { status: 400, headers: {}, body: '' }, other(400)],
  ['401 with a challenge and no body', html(401, { 'www-authenticate': 'Basic realm="x"' }), other(401)],
  ['{}', json(200, {}), other(200)],
  ['400 in JSON without an error', json(400, { message: 'no' }), other(400)],
  ['a list', { ...html(200), body: '[]' }, other(200)],
  ['a redirect', html(302, { location: 'https://portal.example' }), other(302)],

  // The provider is there, but not now.
  ['500', html(500), { kind: 'transient', code: 'authority-down' }],
  [
    '503 with Retry-After',
    html(503, { 'retry-after': '120' }),
    { code: 'authority-down', retryAfterMs: 120_000 },
  ],
  [
    '429 with Retry-After',
    json(429, {}, { 'retry-after': '90' }),
    { code: 'throttled', retryAfterMs: 90_000 },
  ],
  ['no connection', new SendError('unreachable', 'ECONNREFUSED'), { kind: 'transient', code: 'offline' }],
  ['silence', new SendError('timeout', 'timeout'), { kind: 'transient', code: 'timeout' }],
  [
    'a proxy that refuses',
    new SendError('proxy-auth', '407', 'proxy:1'),
    { kind: 'admin', code: 'proxy.auth' },
  ],

  // OAuth's errors (RFC 6749 5.2), also beside a challenge.
  ...(
    [
      ['invalid_request', 'admin', 'request-refused'],
      ['unsupported_grant_type', 'admin', 'request-refused'],
      ['unauthorized', 'admin', 'request-refused'],
      ['invalid_client', 'admin', 'client-refused'],
      ['unauthorized_client', 'admin', 'client-refused'],
      ['invalid_scope', 'admin', 'wrong-scope'],
      ['invalid_target', 'admin', 'wrong-scope'],
      ['invalid_grant', 'interaction', 'interaction', 'sign-in.code-used'],
      ['invalid_token', 'interaction', 'interaction'],
      ['expired_token', 'interaction', 'interaction'],
      ['invalid_refresh_token', 'interaction', 'interaction'],
      ['login_required', 'interaction', 'interaction'],
      ['mfa_required', 'interaction', 'interaction'],
      ['consent_required', 'interaction', 'consent'],
      ['temporarily_unavailable', 'transient', 'authority-down'],
      ['server_error', 'transient', 'authority-down'],
      ['never_seen', 'transient', 'unknown'],
    ] as const
  ).map(([error, kind, code, atSignIn = code]): [string, HttpResponse, object, object] => [
    error,
    json(error === 'invalid_client' ? 401 : 400, { error }, { 'www-authenticate': 'Basic realm="x"' }),
    { kind, code },
    { kind, code: atSignIn },
  ]),
  [
    'a challenge with its reference',
    json(400, { error: 'interaction_required', error_description: description, claims }),
    { kind: 'interaction', claims, reference },
  ],
])('%s', async (_what, given, expected, atSignIn = expected) => {
  answer = () => {
    if (given instanceof SendError) throw given;
    return given;
  };
  // A failed sign-in leaves the session alone.
  const started = await agent.beginSignIn('browser', 'anybody');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const { authorizeUrl, redirectUri } = started.attempt;
  const state = new URL(authorizeUrl).searchParams.get('state') ?? '';
  const redirect = `${redirectUri}?code=c&state=${encodeURIComponent(state)}`;
  expect(await started.attempt.receive(redirect)).toMatchObject({
    kind: 'failed',
    problem: { ...atSignIn, during: 'sign-in' },
  });
  expect(agent.status.session).toMatchObject({ kind: 'signed-in', account });

  const refused = await agent.getToken();
  expect(refused).toMatchObject({ kind: 'refused', problem: expected });
  expect(agent.status.session.kind).toBe(
    refused.kind === 'refused' && refused.problem.kind === 'interaction' ? 'sign-in-needed' : 'signed-in',
  );
  expect(JSON.parse((await vault.stored('default/msal-cache')) ?? '')).toMatchObject({
    refreshToken: 'refresh-1',
  });

  // Nothing was lost: the same refresh token works afterwards.
  answer = () => json(200, { access_token: 'new', token_type: 'Bearer', expires_in: 3600 });
  expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
  expect(new URLSearchParams(requests.at(-1)?.body).get('refresh_token')).toBe('refresh-1');
});

test.each(['access_denied', 'unauthorized_client', 'deleted_client'])(
  'a client that is refused as %s, with the status of a failed authentication',
  async (error) => {
    answer = () => json(401, { error });
    expect(await agent.getToken()).toMatchObject({ problem: { kind: 'admin', code: 'client-refused' } });
  },
);

test('Google is asked for a refresh token in its own way', async () => {
  const issuer = 'https://accounts.google.com';
  const send = (): Promise<HttpResponse> =>
    Promise.resolve(
      json(200, {
        issuer,
        authorization_endpoint: `${issuer}/o/oauth2/v2/auth`,
        token_endpoint: 'https://oauth2.googleapis.com/token',
        jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
      }),
    );
  const google = { ...profile, authority: issuer };
  await saveCredential(vault, google, { kind: 'secret', secret: new Secret('a-secret-of-the-registration') });
  const its = openAgent({ profile: google, vault, send, now: () => Date.now(), log: memoryLog() });
  const started = await its.beginSignIn('browser');
  its.stop();
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const { searchParams } = new URL(started.attempt.authorizeUrl);
  expect([searchParams.get('scope'), searchParams.get('access_type')]).toEqual([
    'openid profile read',
    'offline',
  ]);
});

test('an error with the status of a success', async () => {
  answer = () => json(200, { error: 'invalid_grant' });
  expect(await agent.getToken()).toMatchObject({ problem: { kind: 'interaction' } });
});

describe('instead of metadata', () => {
  test.each<[string, HttpResponse, object]>([
    ['403 in HTML', html(403), other(403)],
    ['200 in HTML', html(200), other(200)],
    ['503', html(503, { 'retry-after': '120' }), { code: 'authority-down', retryAfterMs: 120_000 }],
    ['404', html(404), { kind: 'admin', code: 'wrong-authority' }],
    ['{}', json(200, {}), other(200)],
  ])('%s', async (_what, given, expected) => {
    metadata = () => given;
    expect(await agent.getToken()).toMatchObject({ kind: 'refused', problem: expected });
    expect(requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

test('a claims challenge of a resource is sent with the refresh', async () => {
  answer = () => json(200, { access_token: 'new', token_type: 'Bearer', expires_in: 3600 });
  expect(await agent.getToken({ claims })).toMatchObject({ kind: 'token' });
  expect(new URLSearchParams(requests.at(-1)?.body).get('claims')).toBe(claims);
});

test('metadata is read anew after a day', async () => {
  answer = () => json(200, { access_token: 'new', token_type: 'Bearer', expires_in: 3600 });
  const asked = (): number => requests.filter(({ method }) => method === 'GET').length;
  for (const [later, expected] of [
    [0, 1],
    [23, 1],
    [2, 2],
  ] as const) {
    vi.setSystemTime(Date.now() + later * HOUR_MS);
    await agent.getToken({ fresh: 'always' });
    expect(asked()).toBe(expected);
  }
});
