// Whether a redirect URI is registered: asked of the tenant, of oidc-provider, and of answers made by hand.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { askDiscovery, type Discovery } from '../../../src/host/check-up/authority.ts';
import { askRedirect, type RedirectVerdict } from '../../../src/host/check-up/redirect.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { SendError, type HttpRequest, type HttpResponse } from '../../../src/agent/network/send.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { profile as ours } from '../../agent/fixtures/fixture.ts';
import { startForeignAuthority, type ForeignAuthority } from '../../agent/fixtures/oidc-world.ts';
import { inTenant, type World } from '../../agent/fixtures/tenant-fixture.ts';

let world: World;
inTenant((made) => {
  world = made;
});

async function ask(change: Partial<Profile> = {}): Promise<RedirectVerdict> {
  const profile = { ...world.profile, ...change };
  const discovery = await askDiscovery(profile, world.send, () => Date.now());
  return askRedirect(profile, discovery, world.send);
}

describe('the tenant', () => {
  test('gets one request without a credential, and its redirect is not followed', async () => {
    expect(await ask()).toEqual({ kind: 'registered' });
    const asked = world.tenant.requests.filter(({ endpoint }) => endpoint !== 'discovery');
    expect(asked.map(({ endpoint }) => endpoint)).toEqual(['authorize']);
    expect(JSON.stringify(asked)).not.toContain(world.tenant.client.clientSecret);
  });

  test.each([
    ['another path', 'http://localhost:5000/getATokenX'],
    ['another port', 'http://localhost:5001/getAToken'],
    ['a slash more', 'http://localhost:5000/getAToken/'],
  ])('does not know one with %s', async (_, redirectUri) =>
    expect(await ask({ redirectUri })).toEqual({ kind: 'unregistered', detail: 'AADSTS50011' }),
  );

  test('that does not know the client does not tell about its redirect URI', async () =>
    expect(await ask({ clientId: '99999999-2222-3333-4444-555555555555' })).toEqual({ kind: 'untold' }));

  test('out of reach does not tell', async () => {
    world.send = () => Promise.reject(new SendError('unreachable', 'ECONNREFUSED'));
    expect(await ask()).toEqual({ kind: 'untold' });
  });
});

describe('another provider', () => {
  let foreign: ForeignAuthority | undefined;
  afterEach(() => {
    foreign?.close();
    vi.restoreAllMocks();
  });

  test('knows its redirect URI, and no other', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    foreign = await startForeignAuthority({ idTokens: 'full' });
    const { issuer: authority, clientId, redirectUri, certificatePem } = foreign;
    world.send = httpsSend(certificatePem);
    const profile = { protocol: 'oidc' as const, authority, clientId, scopes: ['read'] };
    expect(await ask({ ...profile, redirectUri })).toEqual({ kind: 'registered' });
    expect(await ask({ ...profile, redirectUri: 'http://localhost:5000/other' })).toEqual({
      kind: 'unregistered',
      detail: 'HTTP 400',
    });
    expect(foreign.requests.filter((request) => !request.includes('well-known'))).toEqual([
      'GET /auth',
      'GET /auth',
    ]);
  });
});

describe('an answer', () => {
  const answered = (endpoint: unknown): Discovery => ({
    kind: 'answered',
    host: 'login.example',
    response: { status: 200, headers: {}, body: '{}' },
    ms: 1,
    at: 0,
    document: { authorization_endpoint: endpoint },
  });

  async function judged(
    response: Partial<HttpResponse>,
    change: Partial<Profile> = {},
  ): Promise<{ verdict: RedirectVerdict; asked: readonly HttpRequest[] }> {
    const asked: HttpRequest[] = [];
    const verdict = await askRedirect(
      { ...ours, ...change },
      answered('https://login.example/authorize?p=policy'),
      (request) => {
        asked.push(request);
        return Promise.resolve({ status: 200, headers: {}, body: '', ...response });
      },
    );
    return { verdict, asked };
  }

  test.each<[string, Partial<HttpResponse>, RedirectVerdict['kind']]>([
    [
      'back to us',
      { status: 302, headers: { location: `${ours.redirectUri}?error=login_required` } },
      'registered',
    ],
    [
      'back to us by 303',
      { status: 303, headers: { location: `${ours.redirectUri}?error=x` } },
      'registered',
    ],
    ['to a sign-in page', { status: 302, headers: { location: 'https://login.example/login' } }, 'untold'],
    ['to a look-alike', { status: 302, headers: { location: `${ours.redirectUri}.evil` } }, 'untold'],
    [
      'to our server with another path',
      { status: 302, headers: { location: 'http://localhost:5000/' } },
      'untold',
    ],
    ['nowhere', { status: 302 }, 'untold'],
    ['with Entra’s page', { status: 200, body: '<p>AADSTS50011: The redirect URI …</p>' }, 'unregistered'],
    ['with Entra’s page of another error', { status: 400, body: 'AADSTS90002: Tenant not found.' }, 'untold'],
    ['with a page that asks for a script', { status: 200, body: '<script>…</script>' }, 'untold'],
    ['with a failure', { status: 503, body: '' }, 'untold'],
  ])('%s says “%s”', async (_, response, kind) => expect((await judged(response)).verdict.kind).toBe(kind));

  test('in another provider’s words is understood of another provider only', async () => {
    const keycloak = { status: 400, body: '<p>Invalid parameter: redirect_uri</p>' };
    expect((await judged(keycloak, { protocol: 'oidc' })).verdict.kind).toBe('unregistered');
    expect((await judged(keycloak)).verdict.kind).toBe('untold');
  });

  test('answers a request that keeps the endpoint’s own parameters, and signs nobody in', async () => {
    const { asked } = await judged({});
    const [request, ...others] = asked;
    const { searchParams, pathname } = new URL(request?.url ?? '');
    expect([others, request?.method, pathname]).toEqual([[], 'GET', '/authorize']);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      p: 'policy',
      prompt: 'none',
      response_type: 'code',
      client_id: ours.clientId,
      redirect_uri: ours.redirectUri,
      code_challenge_method: 'S256',
    });
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/u);
  });

  test.each([undefined, 7, 'no address', 'http://login.example/authorize', 'file:///etc/passwd'])(
    'is not asked for where the endpoint is %j',
    async (endpoint) => {
      const send = vi.fn();
      expect(await askRedirect(ours, answered(endpoint), send)).toEqual({ kind: 'untold' });
      expect(send).not.toHaveBeenCalled();
    },
  );
});
