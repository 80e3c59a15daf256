import { expect, test } from 'vitest';
import type { DemoTenant } from '../../../src/demo-tenant/server/tenant.ts';
import { HOUR_MS } from '../fixtures/fake-authority.ts';
import { told } from '../fixtures/fixture.ts';
import { asked, inTenant, later, open, signedIn, signIn, type World } from '../fixtures/tenant-fixture.ts';

let world: World;
let tenant: DemoTenant;
inTenant((made) => {
  world = made;
  ({ tenant } = made);
});

test('signed in through the real pages: the token is the user’s, and verifies', async () => {
  const agent = await signedIn(world);
  const user = tenant.users[0]!;
  expect(agent.status.session).toMatchObject({ account: { name: user.name, username: user.username } });
  const answer = await agent.getToken();
  expect(await tenant.verifyAccessToken(told(answer))).toMatchObject({ oid: user.oid, tid: tenant.tenantId });
  expect(asked(world)).toBe(1);
  const authorize = tenant.requests.find(({ endpoint }) => endpoint === 'authorize');
  expect(authorize?.parameters).toMatchObject({ code_challenge_method: 'S256', prompt: 'select_account' });
});

test('1,000 requests at expiry cause exactly one request at the token endpoint', async () => {
  const agent = await signedIn(world);
  later(HOUR_MS);
  const before = asked(world);
  const answers = await Promise.all(Array.from({ length: 1000 }, () => agent.getToken()));
  expect(new Set(answers.map(told)).size).toBe(1);
  await tenant.verifyAccessToken(told(answers[0]!));
  expect(asked(world) - before).toBe(1);
});

test('a day of refreshes works where each refresh token is good once', async () => {
  tenant.faults.refuseUsedRefreshTokens = true;
  const agent = await signedIn(world);
  const tokens = new Set<string>();
  for (let hour = 0; hour < 24; hour += 1) {
    later(HOUR_MS);
    tokens.add(told(await agent.getToken()));
  }
  expect(tokens.size).toBe(24);
  await tenant.verifyAccessToken([...tokens].at(-1) ?? '');
  expect(asked(world)).toBe(25);
});

test('an explicit refresh brings a new token each time', async () => {
  const agent = await signedIn(world);
  const tokens = [
    await agent.getToken(),
    await agent.getToken({ fresh: 'always' }),
    await agent.getToken({ fresh: 'always' }),
  ];
  expect(new Set(tokens.map(told)).size).toBe(3);
  expect(asked(world)).toBe(3);
});

test('another resource is served from the same sign-in', async () => {
  const agent = await signedIn(world);
  const scopes = ['https://management.azure.com/.default'];
  const token = told(await agent.getToken({ scopes }));
  expect(await tenant.verifyAccessToken(token)).toMatchObject({ aud: 'https://management.azure.com' });
  expect(told(await agent.getToken({ scopes }))).toBe(token);
  expect(asked(world)).toBe(2);
});

test('restarted on the same vault: served without the network, then refreshed with the stored refresh token', async () => {
  tenant.faults.refuseUsedRefreshTokens = true;
  const first = await signedIn(world);
  const token = told(await first.getToken({ fresh: 'always' }));
  first.stop();
  const before = tenant.requests.length;
  const second = open(world);
  await second.start();
  expect(told(await second.getToken())).toBe(token);
  expect(tenant.requests).toHaveLength(before);
  later(HOUR_MS);
  await tenant.verifyAccessToken(told(await second.getToken()));
  expect(asked(world)).toBe(3);
});

test('killed before the last good token was stored: MSAL’s cache brings the session back', async () => {
  const first = await signedIn(world);
  first.stop();
  await world.vault.item('default/last-good').remove();
  const second = open(world);
  await second.start();
  expect(second.status.session).toMatchObject({
    kind: 'signed-in',
    account: { name: tenant.users[0]!.name },
  });
  await tenant.verifyAccessToken(told(await second.getToken()));
});

/** Changes each answer that has a token on its way. */
function alterGrants(change: (answer: Record<string, unknown>) => void): void {
  const { send } = world;
  world.send = async (request, limits) => {
    const response = await send(request, limits);
    if (!response.body.includes('"access_token"')) return response;
    const answer = JSON.parse(response.body) as Record<string, unknown>;
    change(answer);
    return { ...response, body: JSON.stringify(answer) };
  };
}

test('a refresh answer without an ID token is the account’s that was asked for, and its refresh token counts', async () => {
  tenant.faults.refuseUsedRefreshTokens = true;
  const agent = await signedIn(world);
  alterGrants((answer) => delete answer['id_token']);
  const { account } = agent.status.session as { account: object };
  const tokens = new Set<string>();
  for (let round = 0; round < 3; round += 1) tokens.add(told(await agent.getToken({ fresh: 'always' })));
  for (const token of tokens) await tenant.verifyAccessToken(token);
  expect(tokens.size).toBe(3);
  expect(agent.status.session).toMatchObject({ kind: 'signed-in', account });
});

test('an answer without expires_in is not refreshed again and again', async () => {
  alterGrants((answer) => delete answer['expires_in']);
  const agent = await signedIn(world);
  for (let minute = 0; minute < 20; minute += 1) {
    later(60_000);
    await agent.due();
    expect(await agent.getToken()).toMatchObject({ kind: 'token', warning: undefined });
  }
  expect(asked(world)).toBe(1);
});

test('revoked: a sign-in is needed, and works', async () => {
  const agent = await signedIn(world);
  const token = told(await agent.getToken());
  tenant.revoke();
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe(`${token} (revoked)`);
  expect(agent.status.session.kind).toBe('sign-in-needed');
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  expect(agent.status.session.kind).toBe('signed-in');
});

test('a conditional access challenge goes into the next sign-in', async () => {
  const agent = await signedIn(world);
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  tenant.faults.token = { kind: 'aadsts', code: 50076, error: 'interaction_required', claims, times: 1 };
  await agent.getToken({ fresh: 'always' });
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  const last = tenant.requests.findLast(
    ({ endpoint, method }) => endpoint === 'authorize' && method === 'GET',
  );
  expect(JSON.parse(last?.parameters['claims'] ?? '{}')).toMatchObject(JSON.parse(claims) as object);
});

test('another user than the session’s is refused', async () => {
  const agent = await signedIn(world);
  expect(await signIn(world, agent, tenant.users[1]!.username)).toMatchObject({
    problem: { code: 'sign-in.wrong-account' },
  });
  expect(agent.status.session).toMatchObject({ account: { username: tenant.users[0]!.username } });
});

test('a tampered state is turned away', async () => {
  tenant.faults.tamperState = 'x';
  expect(await signIn(world, open(world))).toMatchObject({ problem: { code: 'sign-in.state-mismatch' } });
  expect(asked(world)).toBe(0);
});

test('signed out, the vault holds the client’s credential only', async () => {
  const agent = await signedIn(world);
  expect(await agent.signOut()).toBeUndefined();
  const names = ['msal-cache', 'last-good', 'credential'];
  const left = await Promise.all(names.map((name) => world.vault.stored(`default/${name}`)));
  expect(left.map((text) => text !== undefined)).toEqual([false, false, true]);
  expect(await signIn(world, agent, tenant.users[1]!.username)).toMatchObject({ kind: 'signed-in' });
});

test.each(['garbage', '', 'null', '{"Account":{"x":null}}'])(
  'a stored cache of %j leads to a sign-in that works',
  async (text) => {
    const first = await signedIn(world);
    first.stop();
    await world.vault.put('default/msal-cache', text);
    later(HOUR_MS);
    const second = open(world);
    await second.start();
    expect(told(await second.getToken())).toContain('refused: interaction');
    expect(await signIn(world, second)).toMatchObject({ kind: 'signed-in' });
    await tenant.verifyAccessToken(told(await second.getToken()));
  },
);
