// `protocol: oidc`: the agent against an authority that is not Entra's.
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfidentialClientApplication, ProtocolMode } from '@azure/msal-node';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../src/agent/agent.ts';
import { ProfileCache } from '../../../src/agent/authority/cache.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { TokenNetwork } from '../../../src/agent/network/network.ts';
import type { Send } from '../../../src/agent/network/send.ts';
import { openAgent } from '../../../src/agent/open-agent.ts';
import type { SignInOutcome } from '../../../src/agent/sign-in/sign-in.ts';
import { saveCredential, type Credential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { Secret } from '../../../src/system/secret.ts';
import { until } from '../../house/fixtures/until.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';
import { memoryLog, profile as ours, TestVault, told } from '../fixtures/fixture.ts';
import { startForeignAuthority, type ForeignAuthority, type ForeignOptions } from '../fixtures/oidc-world.ts';

let authority: ForeignAuthority;
let profile: Profile;
let vault: TestVault;
let agents: Agent[];

/** Changes an answer on its way: the request's path, its form, and the JSON of the answer. */
type Alter = (path: string, form: URLSearchParams, answer: Record<string, unknown>) => void | Promise<void>;
let alter: Alter;
/** The forms that were sent to the token endpoint, oldest first. */
let forms: URLSearchParams[];

/** Whether the token endpoint refuses the client. */
let refuse: (form: URLSearchParams) => boolean = () => false;

const throughAlter =
  (send: Send): Send =>
  async (request, limits) => {
    const { pathname } = new URL(request.url);
    const form = new URLSearchParams(request.body);
    if (pathname.endsWith('/token')) forms.push(form);
    if (pathname === '/token' && refuse(form))
      return { status: 401, headers: {}, body: '{"error":"invalid_client"}' };
    const response = await send(request, limits);
    if (response.headers['content-type']?.includes('json') !== true) return response;
    const answer = JSON.parse(response.body) as Record<string, unknown>;
    await alter(pathname, form, answer);
    return { ...response, body: JSON.stringify(answer) };
  };

/** ID tokens with other claims, signed with another key, which the provider publishes. */
function signedAnew(change: () => object): Alter {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return async (path, _form, answer) => {
    if (path === '/jwks') answer.keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'new' }];
    if (typeof answer.id_token !== 'string') return;
    const claims = new SignJWT({ ...decodeJwt(answer.id_token), ...change() });
    answer.id_token = await claims.setProtectedHeader({ alg: 'RS256', kid: 'new' }).sign(privateKey);
  };
}

async function begin(options: Partial<ForeignOptions> = {}): Promise<void> {
  authority = await startForeignAuthority({ idTokens: 'full', ...options });
  profile = {
    ...ours,
    protocol: 'oidc',
    authority: authority.issuer.replace(/\/$/u, ''),
    clientId: authority.clientId,
    redirectUri: authority.redirectUri,
    scopes: ['read'],
  };
  vault = new TestVault();
  await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(authority.clientSecret) });
}

beforeEach(() => {
  // The provider's remarks about development pages are not this suite's.
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 22, 8) });
  agents = [];
  forms = [];
  alter = () => undefined;
  refuse = () => false;
});
afterEach(() => {
  for (const agent of agents) agent.stop();
  authority.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function open(): Agent {
  const agent = openAgent({
    profile,
    vault,
    send: throughAlter(httpsSend(authority.certificatePem)),
    now: () => Date.now(),
    log: memoryLog(),
  });
  agents.push(agent);
  return agent;
}

async function signIn(agent: Agent, login?: string): Promise<SignInOutcome> {
  const started = await agent.beginSignIn('browser');
  if (started.kind === 'failed') return started;
  return started.attempt.receive(await authority.signIn(started.attempt.authorizeUrl, login));
}

const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
const tokenRequests = (): number => authority.requests.filter((line) => line === 'POST /token').length;

describe.each(['full', 'bare'] as const)('a provider with %s ID tokens', (idTokens) => {
  beforeEach(() => begin({ idTokens }));

  test('a token’s life: signed in, renewed with each rotated refresh token, restarted, signed out', async () => {
    const first = open();
    expect(await signIn(first)).toMatchObject({ kind: 'signed-in', account: { homeAccountId: 'ada' } });
    const shown = idTokens === 'full' ? 'ada@foreign.example' : 'ada';
    expect(first.status.session).toMatchObject({ account: { username: shown } });
    const tokens = new Set([told(await first.getToken())]);
    for (let hour = 0; hour < 3; hour += 1) {
      later(HOUR_MS);
      tokens.add(told(await first.getToken()));
    }
    expect(tokens.size).toBe(4);
    first.stop();

    const before = authority.requests.length;
    const second = open();
    await second.start();
    expect(second.status.session).toMatchObject({ kind: 'signed-in', account: { username: shown } });
    expect(tokens).toContain(told(await second.getToken()));
    expect(authority.requests).toHaveLength(before);
    later(HOUR_MS);
    tokens.add(told(await second.getToken()));
    expect(tokens.size).toBe(5);
    expect(tokenRequests()).toBe(5);

    expect(await second.signOut()).toBeUndefined();
    expect(await vault.stored('default/msal-cache')).toBeUndefined();
    expect(await vault.stored('default/last-good')).toBeUndefined();
    expect(told(await second.getToken())).toBe('refused: interaction signed-out');
    expect(await signIn(second, 'bob')).toMatchObject({
      kind: 'signed-in',
      account: { homeAccountId: 'bob' },
    });
  });
});

describe('what goes wrong', () => {
  beforeEach(() => begin());

  test('a grant that was revoked asks for a sign-in, once, and that works', async () => {
    const agent = open();
    await signIn(agent);
    const token = told(await agent.getToken());
    await authority.revoke();
    expect(told(await agent.getToken({ fresh: 'always' }))).toBe(`${token} (interaction)`);
    expect(agent.status.session).toMatchObject({
      kind: 'sign-in-needed',
      reason: { params: { detail: 'invalid_grant' } },
    });
    expect(await signIn(agent)).toMatchObject({ kind: 'signed-in' });
    expect(told(await agent.getToken())).not.toBe(token);
  });

  test('another person than the session’s is refused', async () => {
    const agent = open();
    await signIn(agent);
    expect(await signIn(agent, 'bob')).toMatchObject({ problem: { code: 'sign-in.wrong-account' } });
  });

  test('a wrong secret is the provider’s affair, without words about Entra', async () => {
    await saveCredential(vault, profile, { kind: 'secret', secret: new Secret('wrong') });
    const agent = open();
    expect(await signIn(agent)).toMatchObject({
      problem: { kind: 'admin', code: 'client-refused', params: { detail: 'invalid_client' } },
    });
  });

  test('an issuer that is not there is named as the authority’s fault, and a silent one as the network’s', async () => {
    profile = { ...profile, authority: `${authority.issuer}/elsewhere` };
    await saveCredential(vault, profile, { kind: 'secret', secret: new Secret(authority.clientSecret) });
    expect(await signIn(open())).toMatchObject({ problem: { kind: 'admin', code: 'wrong-authority' } });
    authority.close();
    await until(async () => {
      expect(await signIn(open())).toMatchObject({ problem: { kind: 'transient', code: 'offline' } });
    });
  });
});

/** A certificate with its key, made by openssl, and the registration of its public key. */
function certified(...newKey: readonly string[]): { credential: Credential; jwks: object } {
  const directory = mkdtempSync(path.join(tmpdir(), 'tokentray-oidc-'));
  const [key, certificate] = [path.join(directory, 'key'), path.join(directory, 'certificate')];
  const out = ['-keyout', key, '-out', certificate, '-subj', '/CN=tokentray', '-days', '30'];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', ...newKey, ...out], { stdio: 'ignore' });
  const pem = readFileSync(key, 'utf8');
  const credential: Credential = {
    kind: 'certificate',
    certificate: readFileSync(certificate, 'utf8'),
    privateKey: new Secret(pem),
  };
  rmSync(directory, { recursive: true });
  return { credential, jwks: { keys: [createPublicKey(pem).export({ format: 'jwk' })] } };
}

const rsa = certified('rsa:2048');
const p256 = certified('ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');

/** Signs in, refreshes twice, and restarts in between. The provider refuses a refresh token or assertion sent twice. */
async function lives(): Promise<void> {
  const first = open();
  expect(await signIn(first)).toMatchObject({ kind: 'signed-in' });
  const tokens = new Set([told(await first.getToken())]);
  tokens.add(told(await first.getToken({ fresh: 'always' })));
  await first.settle();
  first.stop();
  const second = open();
  await second.start();
  tokens.add(told(await second.getToken({ fresh: 'always' })));
  tokens.add(told(await second.getToken({ fresh: 'always' })));
  expect([...tokens].filter((token) => /^[\w-]+$/u.test(token))).toHaveLength(4);
}

const secretMethods = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'];

describe('the client authenticates by', () => {
  test.each(secretMethods)('%s, where the provider announces nothing else', async (method) => {
    await begin({ methods: [method], client: { token_endpoint_auth_method: method } });
    await lives();
  });

  test.each(secretMethods)('%s, where the provider announces others as well', async (method) => {
    await begin({ client: { token_endpoint_auth_method: method } });
    await lives();
  });

  test.each([
    ['RS256', rsa],
    ['PS256', rsa],
    ['ES256', p256],
  ] as const)('private_key_jwt with %s', async (algorithm, { credential, jwks }) => {
    const method = 'private_key_jwt';
    await begin({
      methods: [method],
      signingAlgorithms: [algorithm],
      client: { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: algorithm, jwks },
    });
    await saveCredential(vault, profile, credential);
    await lives();
    const headers = forms.map((form) => decodeProtectedHeader(form.get('client_assertion') ?? ''));
    expect(new Set(headers.map(({ alg }) => alg))).toEqual(new Set([algorithm]));
    const ids = forms.map((form) => decodeJwt(form.get('client_assertion') ?? '').jti);
    expect(new Set(ids).size).toBe(forms.length);
  });

  test('private_key_jwt, where the provider accepts its token endpoint as the audience only', async () => {
    const method = 'private_key_jwt';
    await begin({ methods: [method], client: { token_endpoint_auth_method: method, jwks: rsa.jwks } });
    await saveCredential(vault, profile, rsa.credential);
    const audiences = new Set<unknown>();
    // Stands for such a provider; the real one behind it accepts both.
    refuse = (form) => {
      const { aud } = decodeJwt(form.get('client_assertion') ?? '');
      audiences.add(aud);
      return aud === authority.issuer;
    };
    await lives();
    expect([...audiences]).toEqual([authority.issuer, `${authority.issuer}/token`]);
  });

  test('the assertion in a file, read for each request', async () => {
    const method = 'private_key_jwt';
    await begin({ methods: [method], client: { token_endpoint_auth_method: method, jwks: rsa.jwks } });
    const directory = await mkdtemp(path.join(tmpdir(), 'tokentray-oidc-'));
    const file = path.join(directory, 'assertion');
    await saveCredential(vault, profile, { kind: 'assertion-file', path: file });
    const write = async (): Promise<void> => {
      if (rsa.credential.kind !== 'certificate') throw new Error('no certificate');
      const jwt = new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(profile.clientId)
        .setSubject(profile.clientId)
        .setAudience(authority.issuer)
        .setExpirationTime('5m')
        .sign(createPrivateKey(rsa.credential.privateKey.reveal()));
      await writeFile(file, await jwt);
    };
    const agent = open();
    await write();
    expect(await signIn(agent)).toMatchObject({ kind: 'signed-in' });
    const token = told(await agent.getToken());
    await write();
    expect(told(await agent.getToken({ fresh: 'always' }))).not.toContain(token);
    await rm(directory, { recursive: true });
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ warning: { code: 'assertion-file' } });
  });
});

test('a clock that is four minutes ahead', async () => {
  await begin();
  alter = signedAnew(() => ({ exp: Math.floor(Date.now() / 1000) - 240 }));
  expect(await signIn(open())).toMatchObject({ kind: 'signed-in' });
});

test('an issuer with a path and a slash at its end, as authentik has', async () => {
  await begin({ issuerPath: '/application/o/app/' });
  expect(profile.authority).toMatch(/\/application\/o\/app$/u);
  await lives();
});

describe('pushed authorization requests', () => {
  test.each([
    ['announced', 'started'],
    ['required', 'failed'],
  ] as const)('that the provider refuses, where they are %s: %s', async (par, expected) => {
    await begin({ par });
    const send = httpsSend(authority.certificatePem);
    const agent = openAgent({
      profile,
      vault,
      send: (request, limits) =>
        request.url.endsWith('/request')
          ? Promise.resolve({ status: 403, headers: {}, body: '<h1>No</h1>' })
          : send(request, limits),
      now: () => Date.now(),
      log: memoryLog(),
    });
    agents.push(agent);
    const started = await agent.beginSignIn('browser');
    expect(started.kind).toBe(expected);
    if (started.kind === 'started')
      expect(
        await started.attempt.receive(await authority.signIn(started.attempt.authorizeUrl)),
      ).toMatchObject({ kind: 'signed-in' });
  });

  test.each(['announced', 'required'] as const)('are sent where they are %s', async (par) => {
    await begin({ par });
    await lives();
    expect(authority.requests.filter((line) => line === 'POST /request')).toHaveLength(1);
  });
});

describe('what an answer holds, and what it does not', () => {
  test('60 seconds of life are kept up for an hour, with a refresh token that is good once', async () => {
    await begin({ accessTokenSeconds: 60 });
    const agent = open();
    await signIn(agent);
    for (let minute = 0; minute < 60; minute += 1) {
      later(60_000);
      const answer = await agent.getToken();
      expect(answer).toMatchObject({ kind: 'token', warning: undefined });
    }
    expect(tokenRequests()).toBe(61);
  });

  test('a refresh answer without an ID token renews, and keeps the rotated refresh token', async () => {
    await begin();
    alter = (_path, form, answer) => {
      if (form.get('grant_type') === 'refresh_token') delete answer.id_token;
    };
    await lives();
    expect(agents.at(-1)?.status.session).toMatchObject({ account: { username: 'ada@foreign.example' } });
  });

  test('a refresh answer that is not accepted does not lose the rotated refresh token', async () => {
    await begin();
    const agent = open();
    await signIn(agent);
    alter = (_path, _form, answer) => void (answer.token_type = 'unheard-of');
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ warning: { kind: 'transient' } });
    alter = () => undefined;
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
  });

  test.each<[string, object]>([
    ['expires_in as a text', { expires_in: '3600' }],
    ['expires_in null', { expires_in: null }],
    ['expires_in below zero', { expires_in: -5 }],
    ['expires_in that is no number', { expires_in: 'soon' }],
    ['expires_in beyond all dates', { expires_in: 1e15 }],
    ['no token type', { token_type: undefined }],
    ['a token type in capitals', { token_type: 'BEARER' }],
    ['a list of scopes', { scope: ['openid', 'offline_access', 'read'] }],
    ['no scope', { scope: '' }],
    ['an empty token type', { token_type: '' }],
    ['expires_in that is true', { expires_in: true }],
    ['an endless lifetime', { expires_in: '1e999' }],
  ])('%s: signed in and refreshed all the same', async (_what, change) => {
    await begin();
    alter = (path, _form, answer) => {
      if (path === '/token') Object.assign(answer, change);
    };
    const agent = open();
    expect(await signIn(agent)).toMatchObject({ kind: 'signed-in' });
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
    later(HOUR_MS);
    expect(await agent.getToken()).toMatchObject({ kind: 'token', warning: undefined });
  });

  test('a token with a line break is refused', async () => {
    await begin();
    const agent = open();
    await signIn(agent);
    alter = (_path, _form, answer) => void (answer.access_token = 'a\r\nX-Header: b');
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ warning: { code: 'token-malformed' } });
    alter = () => undefined;
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ warning: undefined });
  });

  test('without expires_in a token is not refreshed again and again', async () => {
    await begin();
    alter = (_path, _form, answer) => {
      delete answer.expires_in;
    };
    const agent = open();
    await signIn(agent);
    for (let minute = 0; minute < 20; minute += 1) {
      later(60_000);
      await agent.due();
      expect(await agent.getToken()).toMatchObject({ kind: 'token', warning: undefined });
    }
    expect(tokenRequests()).toBe(1);
  });

  test('where fewer scopes are granted, only those are asked for again', async () => {
    await begin();
    profile = { ...profile, scopes: ['read', 'write'], extraScopes: [['other']] };
    alter = (path, _form, answer) => {
      if (path === '/token') answer.scope = 'openid offline_access read';
    };
    const agent = open();
    await signIn(agent);
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({
      token: { scopes: ['openid', 'offline_access', 'read'] },
    });
    expect(forms.at(-1)?.get('scope')).toBe('openid offline_access read');
  });

  test('without extra scopes, the granted scopes are renewed without being named', async () => {
    await begin();
    const agent = open();
    await signIn(agent);
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
    expect(forms.at(-1)?.has('scope')).toBe(false);
  });

  test('an empty refresh token in a refresh answer leaves the one that is stored', async () => {
    await begin();
    const agent = open();
    await signIn(agent);
    const before = await vault.stored('default/msal-cache');
    alter = (path, _form, answer) => {
      if (path === '/token') Object.assign(answer, { refresh_token: '', id_token: '' });
    };
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
    expect(await vault.stored('default/msal-cache')).toBe(before);
  });

  test('no refresh token: the token is served until it expires, and the reason is told', async () => {
    await begin();
    alter = (_path, _form, answer) => {
      delete answer.refresh_token;
    };
    const agent = open();
    expect(await signIn(agent)).toMatchObject({ kind: 'signed-in' });
    expect(agent.status.health).toMatchObject({
      kind: 'configuration',
      reason: { code: 'no-refresh-token' },
    });
    expect(await agent.getToken()).toMatchObject({ kind: 'token', warning: undefined });
    later(HOUR_MS);
    expect(told(await agent.getToken())).toBe('refused: interaction no-refresh-token');
    expect(agent.status.session).toMatchObject({
      kind: 'sign-in-needed',
      reason: { code: 'no-refresh-token' },
    });
  });
});

describe('an answer that is not for this sign-in is refused:', () => {
  beforeEach(() => begin());

  /** The ID token with other claims. Its signature is no longer right, but claims are judged first. */
  const claimed = (change: object): Alter => {
    return (_path, _form, answer) => {
      const [header, , signature] = String(answer.id_token).split('.');
      const claims = { ...decodeJwt(String(answer.id_token)), ...change };
      const middle = Buffer.from(JSON.stringify(claims)).toString('base64url');
      if ('id_token' in answer) answer.id_token = [header, middle, signature].join('.');
    };
  };

  test.each<[string, object, string]>([
    ['nonce', { nonce: 'another' }, 'sign-in.nonce-mismatch'],
    ['no nonce', { nonce: undefined }, 'id-token'],
    ['aud', { aud: 'another-client' }, 'id-token aud'],
    ['iss', { iss: 'https://id.elsewhere.example' }, 'id-token iss'],
    ['exp', { exp: 1_000_000_000 }, 'id-token exp'],
    ['signature', { name: 'Somebody Else' }, 'id-token signature'],
  ])('%s', async (_what, change, code) => {
    alter = (path, form, answer) => {
      if (path === '/token') return claimed(change)(path, form, answer);
    };
    const agent = open();
    const [of, detail] = code.split(' ');
    expect(await signIn(agent)).toMatchObject({
      problem: { code: of, ...(detail === undefined ? {} : { params: { detail } }) },
    });
    expect(agent.status.session.kind).toBe('signed-out');
  });

  test('an ID token that is signed with the client secret', async () => {
    alter = async (_path, _form, answer) => {
      if (typeof answer.id_token !== 'string') return;
      const claims = new SignJWT(decodeJwt(answer.id_token)).setProtectedHeader({ alg: 'HS256' });
      answer.id_token = await claims.sign(new TextEncoder().encode(authority.clientSecret));
    };
    expect(await signIn(open())).toMatchObject({
      kind: 'failed',
      problem: { code: 'id-token-algorithm', params: { algorithm: 'HS256' } },
    });
  });

  test('an ID token that is garbage, or whose key is not published', async () => {
    alter = (_path, _form, answer) => void (answer.id_token = 'xx.yy.zz');
    expect(await signIn(open())).toMatchObject({ problem: { params: { detail: 'id_token' } } });
    alter = (path, _form, answer) => {
      if (path === '/jwks') answer.keys = [];
    };
    expect(await signIn(open())).toMatchObject({ problem: { params: { detail: 'signature' } } });
  });

  test('no ID token', async () => {
    alter = (_path, _form, answer) => {
      delete answer.id_token;
    };
    expect(await signIn(open())).toMatchObject({
      problem: { code: 'id-token', params: { detail: 'id_token' } },
    });
  });

  test.each([
    ['another issuer in the redirect', 'https://id.elsewhere.example'],
    ['no issuer in the redirect, although the provider announces it', undefined],
  ])('%s (RFC 9207)', async (_what, issuer) => {
    const started = await open().beginSignIn('browser');
    if (started.kind === 'failed') throw new Error(started.problem.code);
    const redirect = new URL(await authority.signIn(started.attempt.authorizeUrl));
    expect(redirect.searchParams.get('iss')).toBe(authority.issuer);
    redirect.searchParams.delete('iss');
    if (issuer !== undefined) redirect.searchParams.set('iss', issuer);
    expect(await started.attempt.receive(redirect.href)).toMatchObject({
      problem: { kind: 'interaction', code: 'sign-in.issuer-mismatch' },
    });
    expect(tokenRequests()).toBe(0);
  });

  test('another issuer in a redirect with an error (RFC 9207)', async () => {
    const started = await open().beginSignIn('browser');
    if (started.kind === 'failed') throw new Error(started.problem.code);
    const { searchParams } = new URL(started.attempt.authorizeUrl);
    const answer = { error: 'access_denied', state: searchParams.get('state') ?? '' };
    const redirect = (iss: string): string =>
      `${authority.redirectUri}?${new URLSearchParams({ ...answer, iss }).toString()}`;
    expect(await started.attempt.receive(redirect('https://id.elsewhere.example'))).toMatchObject({
      problem: { code: 'sign-in.issuer-mismatch' },
    });
  });

  test('another person in a refresh answer', async () => {
    const agent = open();
    await signIn(agent);
    alter = claimed({ sub: 'bob' });
    expect(await agent.getToken({ fresh: 'always' })).toMatchObject({
      warning: { code: 'another-account' },
    });
    expect(agent.status.session).toMatchObject({ account: { homeAccountId: 'ada' } });
  });
});

test('new keys of the provider are used: by a refresh, by the next sign-in', async () => {
  await begin();
  const agent = open();
  await signIn(agent);
  alter = signedAnew(() => ({}));
  expect(await agent.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
  expect(await signIn(agent)).toMatchObject({ kind: 'signed-in' });
});

describe('metadata', () => {
  test.each<[string, (answer: Record<string, unknown>) => void, string]>([
    [
      'with a plain http endpoint',
      (answer) => void (answer.token_endpoint = 'http://localhost/token'),
      'token_endpoint without https',
    ],
    [
      'of another issuer',
      (answer) => void (answer.issuer = 'https://id.elsewhere.example'),
      'another issuer',
    ],
    [
      'without keys',
      (answer) => {
        delete answer.jwks_uri;
      },
      'no jwks_uri',
    ],
    [
      'without an issuer',
      (answer) => {
        delete answer.issuer;
      },
      'no issuer',
    ],
  ])('%s is refused before anything is sent', async (_what, change, detail) => {
    await begin();
    alter = (_path, _form, answer) => change(answer);
    expect(await signIn(open())).toMatchObject({
      problem: { kind: 'admin', code: 'discovery', params: { detail } },
    });
    expect(tokenRequests()).toBe(0);
  });
});

test('metadata with unusable addresses that are not used', async () => {
  await begin();
  alter = (path, _form, answer) => {
    if (path.startsWith('/.well-known/'))
      Object.assign(answer, {
        end_session_endpoint: '',
        userinfo_endpoint: 'http://localhost/userinfo',
        pushed_authorization_request_endpoint: null,
        scopes_supported: 5,
        token_endpoint: `${authority.issuer}/token`.replace('https:', 'HTTPS:'),
      });
  };
  expect(await signIn(open())).toMatchObject({ kind: 'signed-in' });
});

test('the redirect URI is sent as it is registered, also without a path', async () => {
  await begin({ redirectUri: 'http://localhost:5000' });
  expect(await signIn(open())).toMatchObject({ kind: 'signed-in' });
  expect(forms.at(-1)?.get('redirect_uri')).toBe('http://localhost:5000');
});

/** A session as MSAL stored it, by the code that ran OpenID providers before openid-client. */
async function signInWithMsal(): Promise<void> {
  const log = memoryLog();
  const now = (): number => Date.now();
  const network = new TokenNetwork({ send: httpsSend(authority.certificatePem), now, log });
  const listener = { onSaveFailed: () => undefined, onSaved: () => undefined, onCorrupt: () => undefined };
  const cachePlugin = new ProfileCache({ item: vault.item('default/msal-cache'), listener, now });
  const client = new ConfidentialClientApplication({
    auth: {
      clientId: profile.clientId,
      authority: profile.authority,
      clientSecret: authority.clientSecret,
      knownAuthorities: [new URL(profile.authority).host],
    },
    cache: { cachePlugin },
    system: { protocolMode: ProtocolMode.OIDC, networkClient: network },
  });
  const verifier = 'v'.repeat(43);
  const { redirectUri } = profile;
  const url = await client.getAuthCodeUrl({
    scopes: ['read'],
    redirectUri,
    prompt: 'consent',
    codeChallengeMethod: 'S256',
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  const code = new URL(await authority.signIn(url)).searchParams.get('code') ?? '';
  await client.acquireTokenByCode({ code, codeVerifier: verifier, scopes: ['read'], redirectUri });
  await cachePlugin.flush();
}

test('a session that MSAL stored goes on, as the same person’s, and is stored anew', async () => {
  await begin();
  await signInWithMsal();
  expect(JSON.parse((await vault.stored('default/msal-cache')) ?? '')).toHaveProperty('RefreshToken');
  const agent = open();
  await agent.start();
  expect(await agent.getToken()).toMatchObject({ kind: 'token', warning: undefined });
  expect(agent.status.session).toMatchObject({
    account: { homeAccountId: 'ada', tenantId: '', username: 'ada@foreign.example', name: 'Person ada' },
  });
  await agent.settle();
  expect(JSON.parse((await vault.stored('default/msal-cache')) ?? '')).toMatchObject({ schemaVersion: 1 });
  agent.stop();
  const next = open();
  await next.start();
  expect(await next.getToken({ fresh: 'always' })).toMatchObject({ kind: 'token', warning: undefined });
});

test('scopes are asked as they are, and for a refresh token with consent', async () => {
  await begin();
  profile = { ...profile, extraScopes: [['write']] };
  const started = await open().beginSignIn('browser');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const { searchParams } = new URL(started.attempt.authorizeUrl);
  expect(searchParams.get('scope')?.split(' ').toSorted()).toEqual([
    'offline_access',
    'openid',
    'profile',
    'read',
    'write',
  ]);
  expect(searchParams.get('prompt')).toBe('consent');
});
