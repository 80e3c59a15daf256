// Authorities of every shape, and several resources from one sign-in, over the real MSAL.
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { saveCredential } from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { Secret } from '../../../src/system/secret.ts';
import type { Agent } from '../../../src/agent/agent.ts';
import type { SignInOutcome } from '../../../src/agent/sign-in/sign-in.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';
import { told } from '../fixtures/fixture.ts';
import { asked, inTenant, later, open, signedIn, signIn, type World } from '../fixtures/tenant-fixture.ts';

let world: World;
let tenant: DemoTenant;
inTenant((made) => {
  world = made;
  ({ tenant } = made);
});

async function use(changed: Partial<Profile>): Promise<Agent> {
  world.profile = { ...world.profile, ...changed };
  await saveCredential(world.vault, world.profile, {
    kind: 'secret',
    secret: new Secret(tenant.client.clientSecret),
  });
  return open(world);
}

const lastAuthorize = () =>
  tenant.requests.findLast(({ endpoint, method }) => endpoint === 'authorize' && method === 'GET');

describe('an authority', () => {
  test.each<[string, () => string]>([
    ['a tenant’s id', () => tenant.tenantId],
    ['a tenant’s domain', () => tenant.domain],
    ['common', () => 'common'],
    ['organizations', () => 'organizations'],
  ])('by %s: signed in, refreshed, restarted', async (_name, segment) => {
    const agent = await use({ authority: `${tenant.origin}/${segment()}` });
    expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
    later(HOUR_MS);
    await tenant.verifyAccessToken(told(await agent.getToken()));
    agent.stop();
    const second = open(world);
    await second.start();
    await tenant.verifyAccessToken(told(await second.getToken({ fresh: 'always' })));
    expect(second.status.session).toMatchObject({ account: { tenantId: tenant.tenantId } });
  });

  test('common takes a user of another tenant, and keeps refreshing for them', async () => {
    const guest = tenant.users[1]!;
    guest.homeTenantId = crypto.randomUUID();
    const agent = await use({ authority: `${tenant.origin}/common` });
    expect(await signIn(world, agent, guest.username)).toMatchObject({
      kind: 'signed-in',
      account: { username: guest.username, tenantId: guest.homeTenantId },
    });
    later(HOUR_MS);
    expect(decodeJwt(told(await agent.getToken()))).toMatchObject({
      tid: guest.homeTenantId,
      oid: guest.oid,
    });
  });

  // MSAL knows the metadata of Microsoft's clouds by heart, and asks others under the authority's own address.
  test.each([
    ['the US government’s cloud', 'https://login.microsoftonline.us'],
    ['China’s cloud', 'https://login.partner.microsoftonline.cn'],
    ['the public cloud', 'https://login.microsoftonline.com'],
    ['an external tenant (CIAM)', 'https://contoso.ciamlogin.com'],
    ['a custom domain', 'https://login.contoso.example'],
  ])('of %s is reached under its own name only', async (_name, cloud) => {
    const hosts = new Set<string>();
    const { send } = world;
    world.send = async (request, limits) => {
      hosts.add(new URL(request.url).origin);
      const response = await send({ ...request, url: request.url.replace(cloud, tenant.origin) }, limits);
      return { ...response, body: response.body.replaceAll(tenant.origin, cloud) };
    };
    const agent = await use({ authority: `${cloud}/${tenant.tenantId}` });
    expect(await signInAt(cloud, agent)).toMatchObject({ kind: 'signed-in' });
    later(HOUR_MS);
    await tenant.verifyAccessToken(told(await agent.getToken()));
    expect([...hosts]).toEqual([cloud]);
  });
});

// The metadata of `https://contoso.ciamlogin.com/contoso.onmicrosoft.com` names the tenant's ID in the issuer's host.
test.each([
  ['the tenant’s ID', (id: string) => `https://${id}.ciamlogin.com`, 'signed-in'],
  ['a host elsewhere', () => 'https://evil.example', 'failed'],
])('an external tenant under its name, whose issuer is %s: %s', async (_name, issuerHost, expected) => {
  const cloud = 'https://contoso.ciamlogin.com';
  const { send } = world;
  world.send = async (request, limits) => {
    const url = request.url.replace(cloud, tenant.origin).replace('contoso.onmicrosoft.com', tenant.tenantId);
    const response = await send({ ...request, url }, limits);
    const body = response.body
      .replaceAll(tenant.origin, cloud)
      .replaceAll(`"issuer":"${cloud}`, `"issuer":"${issuerHost(tenant.tenantId)}`);
    return { ...response, body };
  };
  const agent = await use({ authority: `${cloud}/contoso.onmicrosoft.com` });
  const started = await agent.beginSignIn('browser');
  expect(started.kind).toBe(expected === 'signed-in' ? 'started' : 'failed');
  if (started.kind === 'failed') {
    expect(started.problem.code).toBe('wrong-authority');
    return;
  }
  const end = await signInAsUser(started.attempt.authorizeUrl.replace(cloud, tenant.origin), {
    username: tenant.users[0]!.username,
    password: 'demo',
    ca: tenant.certificatePem,
    stopAt: (url) => url.startsWith(world.profile.redirectUri),
  });
  expect(await started.attempt.receive(end.url)).toMatchObject({ kind: 'signed-in' });
  later(HOUR_MS);
  await tenant.verifyAccessToken(told(await agent.getToken()));
});

test('claims challenges are declared to be understood, at the sign-in and at each refresh', async () => {
  const agent = await signedIn(world);
  later(HOUR_MS);
  await agent.getToken();
  const declared = { access_token: { xms_cc: { values: ['cp1'] } } };
  for (const endpoint of ['authorize', 'token']) {
    const sent = tenant.requests.findLast(
      (request) => request.endpoint === endpoint && request.parameters['claims'] !== undefined,
    );
    expect(JSON.parse(sent?.parameters['claims'] ?? '{}'), endpoint).toMatchObject(declared);
  }
});

/** The user's browser finds the tenant under the cloud's name. */
async function signInAt(cloud: string, agent: Agent): Promise<SignInOutcome> {
  const started = await agent.beginSignIn('browser');
  if (started.kind === 'failed') return started;
  expect(started.attempt.authorizeUrl).toContain(`${cloud}/${tenant.tenantId}/oauth2/v2.0/authorize?`);
  const end = await signInAsUser(started.attempt.authorizeUrl.replace(cloud, tenant.origin), {
    username: tenant.users[0]!.username,
    password: 'demo',
    ca: tenant.certificatePem,
    stopAt: (url) => url.startsWith(world.profile.redirectUri),
  });
  return started.attempt.receive(end.url);
}

describe('several resources', () => {
  test('are consented to with the sign-in, and each gets its token from the same refresh token', async () => {
    tenant.faults.refuseUsedRefreshTokens = true;
    const arm = ['https://management.azure.com/user_impersonation'];
    const ours = ['api://tokentray-test/read', 'api://tokentray-test/write'];
    const agent = await use({ extraScopes: [arm, ours] });
    expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
    expect(lastAuthorize()?.parameters['scope']?.split(' ')).toEqual(
      expect.arrayContaining(['User.Read', ...arm, ...ours, 'openid', 'profile', 'offline_access']),
    );
    const audiences = await Promise.all(
      [arm, ours].map(
        async (scopes) => (await tenant.verifyAccessToken(told(await agent.getToken({ scopes })))).aud,
      ),
    );
    expect(audiences).toEqual(['https://management.azure.com', 'api://tokentray-test']);
    expect((await tenant.verifyAccessToken(told(await agent.getToken()))).aud).toBe(
      'https://graph.microsoft.com',
    );
    expect(asked(world)).toBe(3);
    expect(
      tenant.requests.filter(({ endpoint, method }) => endpoint === 'authorize' && method === 'GET'),
    ).toHaveLength(1);
  });

  test('.default is not mixed into the sign-in of named permissions, nor the other way round', async () => {
    const all = ['https://management.azure.com/.default'];
    const named = ['api://tokentray-test/read'];
    await signIn(world, await use({ extraScopes: [all, named] }));
    expect(lastAuthorize()?.parameters['scope']).toContain(named[0]);
    expect(lastAuthorize()?.parameters['scope']).not.toContain('.default');
    const agent = await use({
      id: 'other',
      scopes: ['https://graph.microsoft.com/.default'],
      extraScopes: [named],
    });
    await signIn(world, agent);
    expect(lastAuthorize()?.parameters['scope']).not.toContain(named[0]);
    await tenant.verifyAccessToken(told(await agent.getToken({ scopes: named })));
  });
});

test('a claims challenge of a resource goes into the refresh, and into the next sign-in', async () => {
  const agent = await signedIn(world);
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1795334325"}}}';
  await agent.getToken({ claims, fresh: 'always' });
  const refresh = tenant.requests.findLast(({ endpoint }) => endpoint === 'token');
  expect(JSON.parse(refresh?.parameters['claims'] ?? '{}')).toMatchObject(JSON.parse(claims) as object);
  tenant.faults.token = { kind: 'aadsts', code: 50173, error: 'invalid_grant', times: 1 };
  expect(await agent.getToken({ claims, fresh: 'always' })).toMatchObject({
    kind: 'refused',
    problem: { kind: 'interaction', claims },
  });
  expect(agent.status.session.kind).toBe('signed-in');
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  expect(JSON.parse(lastAuthorize()?.parameters['claims'] ?? '{}')).toMatchObject(
    JSON.parse(claims) as object,
  );
});
