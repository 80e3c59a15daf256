// The checks of `tokentray doctor`, each on its own, with the tenant, the foreign provider, and without a network.
import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkUp } from '../../../src/host/check-up/check-up.ts';
import { discoveryUrl } from '../../../src/host/check-up/authority.ts';
import type { CheckName, CheckOutcome, CheckResult } from '../../../src/host/check-up/result.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { SendError, type HttpResponse } from '../../../src/agent/network/send.ts';
import { saveCredential, type Credential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { createClientCertificate } from '../../../src/demo-tenant/server/certificate.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { Secret } from '../../../src/system/secret.ts';
import { sayProblem } from '../../../src/words/say.ts';
import { until } from '../../house/fixtures/until.ts';
import { profile as ours, refused, TestVault } from '../../agent/fixtures/fixture.ts';
import { startForeignAuthority, type ForeignOptions } from '../../agent/fixtures/oidc-world.ts';
import { inTenant, later, type World } from '../../agent/fixtures/tenant-fixture.ts';

const DAY_MS = 24 * 3_600_000;
const NAMES: readonly CheckName[] = [
  'network',
  'discovery',
  'clock',
  'credential',
  'credential-age',
  'storage',
];

let world: World;
let tenant: DemoTenant;
inTenant((made) => {
  world = made;
  ({ tenant } = made);
});

type Found = Readonly<Record<CheckName, CheckOutcome>>;

/** Outcomes by name. Each is a sentence without gaps and without secrets. */
async function look(changed: Partial<Profile> = {}): Promise<Found> {
  const heard: CheckResult[] = [];
  const results = await checkUp({
    profile: { ...world.profile, ...changed },
    vault: world.vault,
    send: (...call) => world.send(...call),
    now: () => Date.now(),
    onResult: (result) => heard.push(result),
  });
  expect(results.map(({ name }) => name)).toEqual(NAMES);
  expect(heard.toSorted((one, other) => NAMES.indexOf(one.name) - NAMES.indexOf(other.name))).toEqual(
    results,
  );
  const said = results.map(({ outcome }) =>
    outcome.kind === 'trouble' ? JSON.stringify(sayProblem(outcome.problem, 'terminal')) : outcome.detail,
  );
  for (const text of said) expect(text).not.toMatch(/\{[a-zA-Z]+\}|undefined/u);
  for (const secret of [...tenant.issuedSecrets(), tenant.client.clientSecret]) {
    expect(JSON.stringify(results)).not.toContain(secret);
  }
  return Object.fromEntries(results.map(({ name, outcome }) => [name, outcome])) as Found;
}

const kinds = (found: Found): string[] => NAMES.map((name) => `${name}: ${found[name].kind}`);

/** The server's Date header comes from Node's own clock, which tests cannot set: it is replaced here. */
function withDate(date: string | undefined): void {
  const { send } = world;
  world.send = async (...call) => {
    const response = await send(...call);
    const others = Object.entries(response.headers).filter(([name]) => name !== 'date');
    return {
      ...response,
      headers: { ...Object.fromEntries(others), ...(date === undefined ? {} : { date }) },
    };
  };
}
beforeEach(() => withDate(new Date(Date.now()).toUTCString()));

test('everything is ok', async () => {
  const found = await look();
  expect(kinds(found)).toEqual(NAMES.map((name) => `${name}: ok`));
  expect(found.network).toMatchObject({
    detail: expect.stringContaining(new URL(tenant.origin).host) as string,
  });
  expect(found.discovery).toMatchObject({ detail: expect.stringContaining(tenant.tenantId) as string });
  expect(found.credential).toMatchObject({ detail: 'The authority accepts the client secret.' });
  expect(found['credential-age']).toMatchObject({ detail: expect.stringContaining('0 days') as string });
  expect(found.storage).toMatchObject({ detail: expect.stringContaining('secret-service') as string });
});

test('the token that was asked for is of the application, for the profile’s resource, and is kept nowhere', async () => {
  const { calls } = world.vault;
  await look({ scopes: ['api://tokentray-test/read', 'openid'] });
  const asked = tenant.requests.filter(({ endpoint }) => endpoint === 'token');
  expect(asked).toMatchObject([
    { grantType: 'client_credentials', parameters: { scope: 'api://tokentray-test/.default' } },
  ]);
  expect(calls.filter((call) => call.startsWith('save') && !call.endsWith('credential'))).toEqual([]);
});

describe('the authority', () => {
  test('out of reach: a network problem, dependent checks are skipped, the rest is reported', async () => {
    world.send = () => Promise.reject(new SendError('proxy-auth', 'HTTP 407', 'proxy.example:3128'));
    const found = await look();
    expect(kinds(found)).toEqual([
      'network: trouble',
      'discovery: skipped',
      'clock: skipped',
      'credential: skipped',
      'credential-age: ok',
      'storage: ok',
    ]);
    expect(found.network).toMatchObject({
      problem: { code: 'proxy.auth', params: { proxy: 'proxy.example:3128' } },
    });
  });

  test('through a proxy: it is named', async () => {
    const { send } = world;
    world.send = async (...call) => ({ ...(await send(...call)), via: 'proxy.example:3128' });
    expect((await look()).network).toMatchObject({
      detail: expect.stringContaining('proxy.example:3128') as string,
    });
  });

  test('of a certificate that is not trusted', async () => {
    world.send = httpsSend(createClientCertificate('another').certificatePem);
    expect((await look()).network).toMatchObject({ problem: { code: 'untrusted' } });
  });

  test('its name is shown within limits', async () => {
    const { send } = world;
    const issuer = `${tenant.origin}/${tenant.tenantId}/\u202e${'x'.repeat(5000)}`;
    world.send = async (request, limits) => {
      const response = await send(request, limits);
      if (!request.url.includes('.well-known')) return response;
      const given = { ...(JSON.parse(response.body) as object), issuer };
      return { ...response, body: JSON.stringify(given) };
    };
    const { discovery } = await look();
    const said = discovery.kind === 'ok' ? discovery.detail : '';
    expect(said).toContain('\\u202e');
    expect(said.length).toBeLessThan(120);
  });

  test('that does not know the tenant', async () => {
    const found = await look({ authority: `${tenant.origin}/${crypto.randomUUID()}` });
    expect(found.network.kind).toBe('ok');
    expect(found.discovery).toMatchObject({
      problem: { code: 'wrong-client', params: { detail: 'AADSTS90002' } },
    });
  });

  const otherAnswer = (status: number): unknown => ({
    kind: 'transient',
    code: 'other-answer',
    params: { status, host: expect.stringMatching(/^localhost:\d+$/u) as unknown },
  });
  const document = {
    issuer: 'https://a.example/',
    authorization_endpoint: 'https://a.example/authorize',
    token_endpoint: 'https://a.example/token',
    jwks_uri: 'https://a.example/keys',
  };
  test.each<[string, Partial<HttpResponse>, unknown]>([
    ['a hotel’s page', { body: '<h1>Hotel</h1>' }, otherAnswer(200)],
    ['a list', { body: '[]' }, otherAnswer(200)],
    ['a firewall’s page', { status: 403, body: '<h1>Blocked</h1>' }, otherAnswer(403)],
    [
      'another issuer',
      { body: JSON.stringify({ ...document, issuer: 'https://a.example/other/v2.0' }) },
      { code: 'discovery.issuer', params: { issuer: 'https://a.example/other/v2.0' } },
    ],
    [
      'no endpoint',
      { body: JSON.stringify({ ...document, token_endpoint: undefined }) },
      { code: 'discovery', params: { detail: 'no token_endpoint' } },
    ],
    [
      'an endpoint in the clear',
      { body: JSON.stringify({ ...document, token_endpoint: 'http://a.example/' }) },
      { code: 'discovery.plain', params: { endpoint: 'token_endpoint' } },
    ],
    [
      'no issuer',
      { body: JSON.stringify({ ...document, issuer: undefined }) },
      { code: 'discovery', params: { detail: 'no issuer' } },
    ],
    ['nothing there', { status: 404, body: '' }, { kind: 'admin', code: 'wrong-authority' }],
    ['an error of its own', { status: 503, body: '' }, { kind: 'transient', code: 'authority-down' }],
  ])('that gives %s', async (_name, answer, expected) => {
    const { send } = world;
    world.send = async (request, limits) =>
      request.url.includes('.well-known')
        ? { status: 200, headers: {}, body: '', ...answer }
        : send(request, limits);
    const found = await look();
    expect(found.network.kind).toBe('ok');
    expect(found.discovery).toMatchObject({ kind: 'trouble', problem: expected });
  });

  test.each(['common', 'organizations'])(
    '%s is right without naming a tenant, and is asked for no credential',
    async (alias) => {
      const changed = { authority: `${tenant.origin}/${alias}` };
      await saveCredential(
        world.vault,
        { ...world.profile, ...changed },
        { kind: 'secret', secret: new Secret('s') },
      );
      const found = await look(changed);
      expect(found.discovery.kind).toBe('ok');
      expect(found.credential.kind).toBe('skipped');
    },
  );
});

describe('a certificate that expired at the token endpoint', () => {
  /** The clocks of the authority, which is compared with, and of this machine. */
  test.each<[date: string | undefined, code: string]>([
    ['the same', 'untrusted.renew'],
    ['a day earlier', 'clock.ahead'],
    [undefined, 'untrusted.date'],
  ])('with a Date header that is %s: %s', async (date, code) => {
    const day = date === 'the same' ? 0 : DAY_MS;
    withDate(date === undefined ? undefined : new Date(Date.now() - day).toUTCString());
    const { send } = world;
    world.send = (request, limits) =>
      request.method === 'POST'
        ? Promise.reject(new SendError('unreachable', 'CERT_HAS_EXPIRED'))
        : send(request, limits);
    const { credential } = await look();
    expect(credential).toMatchObject({ kind: 'trouble', problem: { code } });
  });
});

test.each(['CERT_DATE_INVALID', 'CERT_COMMON_NAME_INVALID'])(
  'a certificate that Chromium refuses with %s gets no advice to install another',
  async (detail) => {
    world.send = () => Promise.reject(new SendError('unreachable', detail));
    const { network } = await look();
    expect(network).toMatchObject({
      problem: { code: detail === 'CERT_DATE_INVALID' ? 'untrusted.date' : 'untrusted.name' },
    });
  },
);

describe('the clock', () => {
  test.each<[number, string]>([
    [4, 'ok'],
    [-4, 'ok'],
    [6, 'clock.behind'],
    [-60 * 24, 'clock.ahead'],
  ])('with the authority’s %i minutes on: %s', async (minutes, expected) => {
    withDate(new Date(Date.now() + minutes * 60_000).toUTCString());
    const { clock } = await look();
    expect(clock.kind === 'trouble' ? clock.problem.code : clock.kind).toBe(expected);
    if (clock.kind === 'trouble') expect(clock.problem.params).toEqual({ minutes: Math.abs(minutes) });
  });

  test('is not judged without a Date', async () => {
    withDate(undefined);
    expect((await look()).clock.kind).toBe('skipped');
  });
});

describe('the credential', () => {
  test.each([
    [7000215, 'invalid_client', 'wrong-secret'],
    [7000222, 'invalid_client', 'expired-secret'],
    [700016, 'unauthorized_client', 'wrong-client'],
    [500011, 'invalid_resource', 'wrong-scope'],
    [501051, 'unauthorized_client', 'ok'],
    [53003, 'interaction_required', 'ok'],
    [1002012, 'invalid_scope', 'ok'],
  ])('is judged by AADSTS%i (%s): %s', async (code, error, expected) => {
    tenant.faults.token = { kind: 'aadsts', code, error, status: 401 };
    const { credential } = await look();
    expect(credential.kind === 'trouble' ? credential.problem.code : credential.kind).toBe(expected);
  });

  test('that is not there, or was stored for another registration, is never sent', async () => {
    await world.vault.item('default/credential').remove();
    expect(await look()).toMatchObject({
      credential: { problem: { code: 'no-secret' } },
      'credential-age': { problem: { code: 'no-secret' } },
    });
    expect(tenant.requests.filter(({ endpoint }) => endpoint === 'token')).toEqual([]);
  });

  test('that cannot be read stays where it is: a look changes nothing', async () => {
    await world.vault.put('default/credential', 'damaged');
    expect(await look()).toMatchObject({ credential: { problem: { code: 'no-secret' } } });
    expect(await world.vault.stored('default/credential')).toBe('damaged');
    expect(world.vault.calls.filter((call) => call.startsWith('quarantine'))).toEqual([]);
  });

  test('in a keyring that cannot be opened is reported as such', async () => {
    world.vault = new TestVault({ kind: 'locked', detail: 'it wants its password' });
    expect(await look()).toMatchObject({
      network: { kind: 'ok' },
      credential: { problem: { code: 'storage.locked' } },
      'credential-age': { problem: { code: 'storage.locked' } },
      storage: { problem: { code: 'storage.locked' } },
    });
  });

  test('in a file that is missing is named', async () => {
    await saveCredential(world.vault, world.profile, { kind: 'assertion-file', path: '/nowhere/token' });
    expect(await look()).toMatchObject({
      credential: { problem: { code: 'assertion-file', params: { path: '/nowhere/token' } } },
      'credential-age': { detail: expect.stringContaining('/nowhere/token') as string },
    });
  });

  test('that is a secret is shown with its age', async () => {
    later(40 * DAY_MS);
    expect((await look())['credential-age']).toMatchObject({
      detail: expect.stringContaining('40 days') as string,
    });
  });

  test.each([
    [60, 'ok'],
    [15, 'ok'],
    [14, 'certificate-ends'],
    [0, 'certificate-ends'],
    [-1, 'expired-certificate'],
  ])('that is a certificate with %i days to live: %s', async (days, expected) => {
    const made = createClientCertificate('tokentray', { notAfter: Date.now() + days * DAY_MS + 60_000 });
    const { certificatePem: certificate, privateKeyPem } = made;
    tenant.client.assertionPem = certificate;
    await saveCredential(world.vault, world.profile, {
      kind: 'certificate',
      certificate,
      privateKey: new Secret(privateKeyPem),
    });
    const found = await look();
    expect(found.credential).toMatchObject({ kind: 'ok', detail: 'The authority accepts the certificate.' });
    const age = found['credential-age'];
    expect(age.kind === 'trouble' ? age.problem.code : age.kind).toBe(expected);
  });
});

describe('the store', () => {
  test('that fails its test hides nothing else', async () => {
    world.vault.selfTest = () => Promise.reject(refused);
    const found = await look();
    expect(found.storage).toMatchObject({
      problem: { code: 'storage.unavailable', params: { detail: refused.message } },
    });
    expect(found.credential.kind).toBe('ok');
  });

  test('that does not answer is given up, and everything else is reported long before', async () => {
    world.vault.selfTest = () => new Promise(() => undefined);
    const heard: CheckName[] = [];
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() });
    const { profile, vault } = world;
    const quick: World['send'] = (request) =>
      Promise.resolve({ status: request.method === 'GET' ? 404 : 400, headers: {}, body: '{}' });
    const done = checkUp({
      profile,
      vault,
      send: quick,
      now: () => Date.now(),
      onResult: ({ name }) => heard.push(name),
    });
    await until(() => expect(heard).toHaveLength(5));
    await vi.advanceTimersByTimeAsync(65_000);
    expect((await done).at(-1)).toMatchObject({
      name: 'storage',
      outcome: { problem: { code: 'storage.silent' } },
    });
    expect(heard).toHaveLength(6);
  });
});

describe('another provider', () => {
  let close: () => void = () => undefined;
  afterEach(() => {
    close();
    vi.restoreAllMocks();
  });

  async function foreign(
    grantTypes: readonly string[],
    secret?: string,
    options: Partial<ForeignOptions> = {},
    credential?: Credential,
  ): Promise<Found> {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const authority = await startForeignAuthority({ idTokens: 'full', grantTypes, ...options });
    close = () => authority.close();
    world.profile = {
      ...ours,
      protocol: 'oidc',
      authority: authority.issuer,
      clientId: authority.clientId,
      scopes: ['read'],
    };
    world.send = httpsSend(authority.certificatePem);
    await saveCredential(
      world.vault,
      world.profile,
      credential ?? { kind: 'secret', secret: new Secret(secret ?? authority.clientSecret) },
    );
    return look();
  }

  test('without client_credentials is not asked about the credential, and the reason is reported', async () => {
    const found = await foreign(['authorization_code', 'refresh_token']);
    expect(found.discovery.kind).toBe('ok');
    expect(found.credential).toMatchObject({
      kind: 'skipped',
      detail: expect.stringContaining('client_credentials') as string,
    });
  });

  test('with client_credentials is asked', async () => {
    const all = ['authorization_code', 'refresh_token', 'client_credentials'];
    expect((await foreign(all)).credential.kind).toBe('ok');
    close();
    expect((await foreign(all, 'wrong')).credential).toMatchObject({ problem: { code: 'client-refused' } });
  });

  test.each(['RS256', 'PS256'])('is asked with a certificate (private_key_jwt, %s)', async (algorithm) => {
    const all = ['authorization_code', 'refresh_token', 'client_credentials'];
    const [registered, another] = [
      createClientCertificate('tokentray'),
      createClientCertificate('tokentray'),
    ];
    const options = {
      methods: ['private_key_jwt'],
      signingAlgorithms: [algorithm],
      client: {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [createPublicKey(registered.privateKeyPem).export({ format: 'jwk' })] },
      },
    };
    const credentialOf = ({ certificatePem, privateKeyPem }: typeof registered): Credential => ({
      kind: 'certificate',
      certificate: certificatePem,
      privateKey: new Secret(privateKeyPem),
    });
    expect((await foreign(all, undefined, options, credentialOf(registered))).credential.kind).toBe('ok');
    close();
    expect((await foreign(all, undefined, options, credentialOf(another))).credential).toMatchObject({
      problem: { code: 'client-refused', params: { detail: 'invalid_client' } },
    });
    close();
    expect((await foreign(all, undefined, options)).credential).toMatchObject({
      problem: { code: 'client-method', params: { accepted: 'private_key_jwt' } },
    });
  });

  /** Sets the answer of the provider's token endpoint. */
  function tokenAnswer(status: number, answer: object): void {
    const { send } = world;
    world.send = async (request, limits) =>
      request.method === 'POST'
        ? { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) }
        : send(request, limits);
  }

  test.each<[number, object, string]>([
    [200, {}, 'other-answer'],
    [200, { access_token: '', token_type: 'Bearer', expires_in: 60 }, 'other-answer'],
    [200, { access_token: 'x', token_type: 'Bearer', expires_in: 60 }, 'ok'],
    // Keycloak's answer to a wrong secret, and to a client without service accounts; RFC 6749's to a client that may not do this.
    [401, { error: 'unauthorized_client' }, 'skipped'],
    [400, { error: 'unauthorized_client' }, 'ok'],
    [400, { error: 'invalid_scope' }, 'ok'],
  ])('that answers %i with %j is judged by it: %s', async (status, answer, expected) => {
    await foreign(['client_credentials']);
    tokenAnswer(status, answer);
    const { credential } = await look();
    expect(credential.kind === 'trouble' ? credential.problem.code : credential.kind).toBe(expected);
  });

  test('is also asked without a scope of its own (RFC 6749 4.4.2)', async () => {
    await foreign(['client_credentials']);
    expect((await look({ scopes: ['openid', 'profile', 'email'] })).credential.kind).toBe('ok');
  });
});

test.each([
  [
    'entra',
    'https://login.microsoftonline.com/t',
    'https://login.microsoftonline.com/t/v2.0/.well-known/openid-configuration',
  ],
  ['entra', 'https://login.example/t/v2.0', 'https://login.example/t/v2.0/.well-known/openid-configuration'],
  ['entra', 'https://sts.example/adfs', 'https://sts.example/adfs/.well-known/openid-configuration'],
  ['oidc', 'https://id.example', 'https://id.example/.well-known/openid-configuration'],
] as const)('%s at %s describes itself at %s', (protocol, authority, expected) => {
  expect(discoveryUrl({ protocol, authority })).toBe(expected);
});
