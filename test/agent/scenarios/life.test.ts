// The life of a token as a user lives it: the real MSAL over HTTPS against the demo tenant, on a clock turned by hand.
import { expect, test } from 'vitest';
import type { Agent } from '../../../src/agent/agent.ts';
import type { Send } from '../../../src/agent/network/send.ts';
import type { Status } from '../../../src/agent/status/status.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import { told } from '../fixtures/fixture.ts';
import { asked, inTenant, later, open, signedIn, signIn, type World } from '../fixtures/tenant-fixture.ts';

let world: World;
inTenant((made) => {
  world = made;
});

/** A network that must not be used. */
const forbidden: Send = ({ url }) => Promise.reject(new Error(`nobody may ask ${url}`));

/** How often the session turned into `sign-in-needed`: each is one notification. */
function countRefusals(agent: Agent): () => number {
  let count = 0;
  let before: Status['session'] = agent.status.session;
  agent.onStatus(({ session }) => {
    if (session.kind === 'sign-in-needed' && before.kind !== 'sign-in-needed') count += 1;
    before = session;
  });
  return () => count;
}

/** The claims that the newest visit to the sign-in page carried. */
function claimsOfLastSignIn(): unknown {
  const visit = world.tenant.requests.findLast(
    ({ endpoint, method }) => endpoint === 'authorize' && method === 'GET',
  );
  return JSON.parse(visit?.parameters['claims'] ?? '{}');
}

test('from nothing to sign-in, renewal, the rotated refresh token, revocation and the next sign-in', async () => {
  const { tenant } = world;
  // Each refresh token is valid once: using an old one is detected.
  tenant.faults.refuseUsedRefreshTokens = true;

  // Nothing cached: no token, and no request.
  const network = world.send;
  world.send = forbidden;
  const agent = open(world);
  const refusals = countRefusals(agent);
  await agent.start();
  await agent.due();
  expect(told(await agent.getToken())).toBe('refused: interaction signed-out');
  expect(tenant.requests).toEqual([]);

  // Signed in.
  world.send = network;
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  const first = told(await agent.getToken());
  await tenant.verifyAccessToken(first);

  // Valid: served without a single request.
  world.send = forbidden;
  later(45 * MINUTE_MS);
  await agent.due();
  expect(told(await agent.getToken())).toBe(first);
  expect(agent.lastRefresh).toBeUndefined();
  world.send = network;
  expect(asked(world)).toBe(1);

  // Renewed automatically before it expires.
  later(6 * MINUTE_MS);
  await agent.due();
  const second = told(await agent.getToken());
  expect(second).not.toBe(first);
  await tenant.verifyAccessToken(second);
  expect(asked(world)).toBe(2);
  expect(agent.lastRefresh).toEqual({ kind: 'refreshed', at: Date.now(), cause: 'expiry' });

  // Renewed again, with the refresh token that the renewal brought.
  later(51 * MINUTE_MS);
  await agent.due();
  const third = told(await agent.getToken());
  await tenant.verifyAccessToken(third);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(asked(world)).toBe(3);

  // Revoked at the tenant: detected at the next renewal, reported once, not asked again and again.
  tenant.revoke();
  later(51 * MINUTE_MS);
  for (let count = 0; count < 5; count += 1) await agent.due();
  expect(agent.status.session).toMatchObject({ kind: 'sign-in-needed', reason: { code: 'revoked' } });
  expect(told(await agent.getToken())).toBe(`${third} (revoked)`);
  expect(asked(world)).toBe(4);
  later(HOUR_MS);
  await agent.due();
  expect(told(await agent.getToken())).toBe('refused: interaction revoked');
  expect(asked(world)).toBe(4);
  expect(refusals()).toBe(1);

  // Another user's sign-in is refused.
  const [ada, bob] = tenant.users;
  expect(await signIn(world, agent, bob!.username)).toMatchObject({
    problem: { code: 'sign-in.wrong-account', params: { found: bob!.username, expected: ada!.username } },
  });
  expect(agent.status.session.kind).toBe('sign-in-needed');
  expect(told(await agent.getToken())).toBe('refused: interaction revoked');

  // One's own is.
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  await tenant.verifyAccessToken(told(await agent.getToken()));
  expect(refusals()).toBe(1);
});

const challenge = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';

test.each([
  ['the authority returns it', { claims: challenge }, {}],
  ['only the caller had it', {}, { claims: challenge }],
])('a claims challenge reaches the next sign-in: %s', async (_name, fault, request) => {
  const agent = await signedIn(world);
  const refusals = countRefusals(agent);
  const error = 'interaction_required';
  world.tenant.faults.token = { kind: 'aadsts', code: 50076, error, ...fault, times: 1 };
  const answer = await agent.getToken({ fresh: 'always', ...request });
  // The resource refused the remaining token, so that it is useless to the caller with the challenge.
  expect(answer.kind).toBe('claims' in request ? 'refused' : 'token');
  // The challenge of one program says nothing about the profile.
  expect([agent.status.session.kind, refusals()]).toEqual(
    'claims' in request ? ['signed-in', 0] : ['sign-in-needed', 1],
  );
  expect(await signIn(world, agent)).toMatchObject({ kind: 'signed-in' });
  expect(claimsOfLastSignIn()).toMatchObject(JSON.parse(challenge) as object);
  // It is met now, and does not go into the one after.
  await signIn(world, agent);
  expect(claimsOfLastSignIn()).not.toMatchObject(JSON.parse(challenge) as object);
});

test('a challenge of a further resource reaches the next sign-in too, and leaves the profile alone', async () => {
  const agent = await signedIn(world);
  const error = 'interaction_required';
  world.tenant.faults.token = { kind: 'aadsts', code: 50076, error, times: 1 };
  const scopes = ['https://management.azure.com/.default'];
  expect(told(await agent.getToken({ scopes, claims: challenge }))).toBe('refused: interaction interaction');
  expect(agent.status.session.kind).toBe('signed-in');
  await signIn(world, agent);
  expect(claimsOfLastSignIn()).toMatchObject(JSON.parse(challenge) as object);
});
