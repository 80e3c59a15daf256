// Microsoft's own client of the protocol, over the real server: @azure/identity for JavaScript asks through it.
import { ManagedIdentityApplication, type AuthenticationResult } from '@azure/msal-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import { fakeAgent, TOKEN, token } from '../fixtures/fake-agent.ts';
import { KEY, openLoopback, RESOURCE, type OpenLoopback } from '../fixtures/loopback-fixture.ts';
import { closeAll } from '../fixtures/socket-fixture.ts';

const NAMES = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'] as const;
let open: OpenLoopback;

beforeEach(async () => {
  open = await openLoopback();
  process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${open.api.port}/msi/token`;
  process.env.IDENTITY_HEADER = KEY;
});
afterEach(async () => {
  for (const name of NAMES) Reflect.deleteProperty(process.env, name);
  // It remembers the first address for as long as the process lives.
  Reflect.set(await clientClass(), 'identitySource', undefined);
  await closeAll();
});

async function clientClass(): Promise<object> {
  const application = new ManagedIdentityApplication();
  const client: unknown = Reflect.get(application, 'managedIdentityClient');
  if (typeof client !== 'object' || client === null) throw new Error('msal-node has changed');
  return Promise.resolve(client.constructor);
}

/** Nothing is answered from its own cache. */
const acquire = (clientId?: string): Promise<AuthenticationResult> =>
  new ManagedIdentityApplication(
    clientId === undefined ? {} : { managedIdentityIdParams: { userAssignedClientId: clientId } },
  ).acquireToken({ resource: `${RESOURCE}/.default`, forceRefresh: true });

test('obtains the token and reads its end', async () => {
  const soon = Date.now() + 3_600_000;
  open.agent.answer = { kind: 'token', token: { ...token, expiresOn: soon }, warning: undefined };
  const { accessToken, expiresOn, tokenType } = await acquire();
  expect({ accessToken, tokenType }).toEqual({ accessToken: TOKEN, tokenType: 'Bearer' });
  // It makes a length of it and back, by clocks of whole seconds.
  expect(Math.abs((expiresOn?.getTime() ?? 0) - soon)).toBeLessThanOrEqual(5_000);
  expect(open.agent.requests).toEqual([{ scopes: [`${RESOURCE}/.default`] }]);
});

test('a client id chooses the profile', async () => {
  const work = fakeAgent({ id: 'work', clientId: 'bbbb' });
  open.profiles.agents = [open.agent, work];
  await acquire('bbbb');
  expect([open.agent.requests.length, work.requests.length]).toEqual([0, 1]);
});

test('a sign-in that is needed is one request, and its words arrive', async () => {
  open.agent.answer = { kind: 'refused', problem: problem('interaction', 'signed-out') };
  const error: unknown = await acquire().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ errorCode: 'interaction_required' });
  expect(String(error)).toContain('tokentray sign-in');
  expect(open.agent.requests).toHaveLength(1);
});

test('a transient problem is retried, and the next answer is used', async () => {
  open.agent.answer = { kind: 'refused', problem: problem('transient', 'throttled') };
  const { getToken } = open.agent;
  open.agent.getToken = (request) => {
    const answer = getToken(request);
    open.agent.answer = { kind: 'token', token, warning: undefined };
    return answer;
  };
  expect((await acquire()).accessToken).toBe(TOKEN);
  expect(open.agent.requests).toHaveLength(2);
});
