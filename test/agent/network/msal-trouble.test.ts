import { describe, expect, test } from 'vitest';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { SendError } from '../../../src/agent/network/send.ts';
import { saveCredential } from '../../../src/config/credential/credential.ts';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { Secret } from '../../../src/system/secret.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import { told } from '../fixtures/fixture.ts';
import { asked, inTenant, later, open, signedIn, signIn, type World } from '../fixtures/tenant-fixture.ts';
import { TestVault } from '../fixtures/fixture.ts';

let world: World;
let tenant: DemoTenant;
inTenant((made) => {
  world = made;
  ({ tenant } = made);
});

describe('admin problems name what to change', () => {
  test('a wrong secret', async () => {
    await saveCredential(world.vault, world.profile, {
      kind: 'secret',
      secret: new Secret('not-the-secret'),
    });
    const agent = open(world);
    expect(await signIn(world, agent)).toMatchObject({ problem: { kind: 'admin', code: 'wrong-secret' } });
    expect(agent.status.health.kind).toBe('configuration');
    await saveCredential(world.vault, world.profile, {
      kind: 'secret',
      secret: new Secret(tenant.client.clientSecret),
    });
    expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
    expect(agent.status.health.kind).toBe('ok');
  });

  test('an expired secret', async () => {
    const agent = await signedIn(world);
    tenant.faults.token = { kind: 'aadsts', code: 7000222, error: 'invalid_client', status: 401 };
    await agent.getToken({ fresh: 'always' });
    expect(agent.status).toMatchObject({
      session: { kind: 'signed-in' },
      health: { reason: { code: 'expired-secret' } },
    });
  });

  test('no secret, or one of another registration: it is never sent', async () => {
    const agent = open(world, { authority: `${tenant.origin}/another-tenant` });
    expect(await signIn(world, agent)).toMatchObject({ problem: { kind: 'admin', code: 'no-secret' } });
    expect(tenant.requests).toEqual([]);
  });

  test('the keyring could not be opened: this is reported, not that the secret is missing', async () => {
    world.vault = new TestVault({ kind: 'locked', detail: 'it wants its password' });
    const agent = open(world);
    expect(await signIn(world, agent)).toMatchObject({
      problem: { kind: 'storage', code: 'storage.locked', params: { detail: 'it wants its password' } },
    });
  });

  test('a tenant that does not exist', async () => {
    const other = { ...world.profile, authority: `${tenant.origin}/${crypto.randomUUID()}` };
    await saveCredential(world.vault, other, { kind: 'secret', secret: new Secret('s') });
    expect(await signIn(world, open(world, other))).toMatchObject({
      problem: { kind: 'admin', code: 'wrong-client' },
    });
  });
});

describe('transient problems', () => {
  test('the authority is down: what is left is served, and the session kept', async () => {
    const agent = await signedIn(world);
    const token = told(await agent.getToken());
    // Inside MSAL's last five minutes, in which it throws although the token is valid.
    later(57 * MINUTE_MS);
    world.send = () => Promise.reject(new SendError('unreachable', 'ECONNREFUSED'));
    expect(told(await agent.getToken())).toBe(`${token} (offline)`);
    expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, health: { kind: 'offline' } });
    world.send = httpsSend(tenant.certificatePem);
    later(66_000);
    await agent.due();
    expect(agent.status).toMatchObject({ activity: { kind: 'idle' }, health: { kind: 'ok' } });
  });

  test('after a 503 requests wait for our own retry, and the user’s “Refresh now” reaches the authority', async () => {
    const agent = await signedIn(world);
    const token = told(await agent.getToken());
    later(55 * MINUTE_MS);
    tenant.faults.token = { kind: 'http', status: 503, times: 1 };
    expect(told(await agent.getToken())).toBe(`${token} (authority-down)`);
    expect(agent.status.health).toMatchObject({ reason: { params: { detail: 'HTTP 503' } } });
    const before = asked(world);
    later(30_000);
    expect(told(await agent.getToken())).toBe(`${token} (authority-down)`);
    await agent.due();
    expect(asked(world)).toBe(before);
    // MSAL's own throttle of a minute does not survive the reload of its cache before each call.
    await agent.getToken({ fresh: 'always' });
    expect(asked(world)).toBe(before + 1);
    expect(agent.status.health.kind).toBe('ok');
  });

  test('Retry-After is passed on', async () => {
    const agent = await signedIn(world);
    later(HOUR_MS);
    tenant.faults.token = { kind: 'http', status: 429, retryAfter: 600 };
    expect(await agent.getToken()).toMatchObject({ problem: { code: 'throttled', retryAfterMs: 600_000 } });
    later(MINUTE_MS);
    expect(await agent.getToken()).toMatchObject({ problem: { code: 'throttled', retryAfterMs: 540_000 } });
  });

  test.each<[string, NonNullable<DemoTenant['faults']['token']>]>([
    ['an error page of a proxy', { kind: 'http', status: 403, body: '<h1>Blocked</h1>' }],
    ['a captive portal', { kind: 'http', status: 200, body: '<h1>Hotel</h1>' }],
    ['an answer without a token', { kind: 'http', status: 200, body: '{}' }],
    ['an endless answer', { kind: 'oversize' }],
    ['a lost connection', { kind: 'drop' }],
  ])('%s changes nothing but the health', async (_name, fault) => {
    const agent = await signedIn(world);
    const token = told(await agent.getToken());
    tenant.faults.token = fault;
    expect(told(await agent.getToken({ fresh: 'always' }))).toContain(`${token} (`);
    expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, health: { kind: 'offline' } });
    tenant.faults.token = undefined;
    later(6 * MINUTE_MS);
    await agent.due();
    expect(agent.status.health.kind).toBe('ok');
  });

  test('the discovery fails: the sign-in reports it, and the next one works', async () => {
    tenant.faults.discovery = { kind: 'http', status: 503, times: 3 };
    const agent = open(world);
    expect(await agent.beginSignIn('browser')).toMatchObject({ problem: { kind: 'transient' } });
    tenant.faults.discovery = undefined;
    expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  });
});

test('an ID token with another nonce is refused, and the next sign-in works', async () => {
  tenant.faults.wrongNonce = true;
  const agent = open(world);
  expect(await signIn(world, agent)).toMatchObject({ problem: { code: 'sign-in.nonce-mismatch' } });
  expect(await world.vault.stored('default/msal-cache')).toBeUndefined();
  tenant.faults.wrongNonce = false;
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
});
