import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Grant } from '../../../src/agent/authority/authority.ts';
import {
  ada,
  byHand,
  HOUR_MS,
  interactionError,
  MINUTE_MS,
  serverError,
} from '../fixtures/fake-authority.ts';
import { makeAgent, offline, refused, signedIn, told, type Harness } from '../fixtures/fixture.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
let harness: Harness;
afterEach(() => {
  harness.agent.stop();
  vi.useRealTimers();
});

/** Jumps to the time when so many minutes are left of the first token, without running timers. */
function minutesLeft(minutes: number): void {
  vi.setSystemTime(Date.UTC(2026, 10, 22, 9) - minutes * MINUTE_MS);
}

test('a token with enough left is answered from memory', async () => {
  harness = await signedIn();
  minutesLeft(11);
  expect(told(await harness.agent.getToken())).toBe('token-1');
  expect(harness.authority.renewals).toEqual([]);
});

test('1,000 requests at expiry share one renewal, and each gets the new token', async () => {
  harness = await signedIn();
  minutesLeft(-1);
  const answers = await Promise.all(Array.from({ length: 1000 }, () => harness.agent.getToken()));
  expect(new Set(answers.map(told))).toEqual(new Set(['token-2']));
  expect(harness.authority.renewals).toHaveLength(1);
});

test('a request made by a watcher of the refresh joins it', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  agent.onStatus(() => void agent.getToken());
  minutesLeft(-1);
  expect(told(await agent.getToken())).toBe('token-2');
  expect(authority.renewals).toHaveLength(1);
});

test('different scopes at the same time get a token each, one question after the other', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  let open = 0;
  authority.onRenew = async ({ account, scopes }) => {
    open += 1;
    expect(open).toBe(1);
    await Promise.resolve();
    open -= 1;
    return authority.grant(account, scopes);
  };
  const asked = [['Mail.Read'], ['https://management.azure.com/.default'], ['Mail.Read']];
  const answers = await Promise.all(asked.map((scopes) => agent.getToken({ scopes })));
  expect(answers.map(told)).toEqual(['token-2', 'token-3', 'token-2']);
  expect(authority.renewals.map(({ scopes }) => scopes)).toEqual(asked.slice(0, 2));
  expect(told(await agent.getToken({ scopes: ['Mail.Read'] }))).toBe('token-2');
});

test('a claims challenge reaches the authority and is not shared with requests without it', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  minutesLeft(0);
  await Promise.all([agent.getToken({ claims: '{"a":1}' }), agent.getToken()]);
  expect(authority.renewals.map(({ claims }) => claims)).toEqual(['{"a":1}', undefined]);
});

test('a new token on demand, while the old one is good', async () => {
  harness = await signedIn();
  expect(told(await harness.agent.getToken({ fresh: 'always' }))).toBe('token-2');
  expect(harness.statuses.map(({ activity }) => activity)).toEqual([
    { kind: 'refreshing', cause: 'user' },
    { kind: 'idle' },
  ]);
});

test.each([
  [[], 'refused: usage scope.empty'],
  [['User.Read', 'https://management.azure.com/x'], 'refused: usage scope.two-resources'],
  [['User.Read', '.default'], 'refused: usage scope.default-mixed'],
])('%j is refused by name, without a question to the authority', async (scopes, expected) => {
  harness = await signedIn();
  expect(told(await harness.agent.getToken({ scopes }))).toBe(expected);
  expect(harness.authority.renewals).toEqual([]);
  expect(harness.statuses).toEqual([]);
});

test('more life than the authority gives is refused, naming the longest, without asking again and again', async () => {
  harness = await signedIn();
  const demand = { minLifetimeMs: 2 * HOUR_MS };
  for (let count = 0; count < 5; count += 1) {
    expect(told(await harness.agent.getToken(demand))).toBe('refused: usage lifetime-too-long');
  }
  expect(harness.authority.renewals).toEqual([]);
  minutesLeft(50);
  expect(told(await harness.agent.getToken(demand))).toBe('refused: usage lifetime-too-long');
  expect(harness.authority.renewals).toHaveLength(1);
  expect(told(await harness.agent.getToken())).toBe('token-2');
});

test('signed out there is nothing to get', async () => {
  harness = makeAgent();
  expect(told(await harness.agent.getToken())).toBe('refused: interaction signed-out');
  expect(harness.authority.connects).toBe(0);
});

describe('when the refresh fails', () => {
  const failing: [string, (harness: Harness) => Promise<Grant>, string, string][] = [
    ['offline', () => Promise.reject(new Error('set below')), 'transient', 'offline'],
    ['interaction', () => Promise.reject(interactionError(50076)), 'interaction', 'interaction'],
    ['admin', () => Promise.reject(serverError(7000222, 'invalid_client')), 'admin', 'expired-secret'],
    ['unknown', () => Promise.reject(serverError(123456, 'odd')), 'transient', 'unknown'],
  ];

  test.each(failing)('%s: a wish gets what is left with a warning, a demand is refused', async (...row) => {
    const [name, fail, kind, code] = row;
    harness = await signedIn();
    harness.authority.onRenew = (_request, network) =>
      name === 'offline' ? offline(network) : fail(harness);
    minutesLeft(1);
    expect(told(await harness.agent.getToken())).toBe(`token-1 (${code})`);
    expect(told(await harness.agent.getToken({ minLifetimeMs: MINUTE_MS + 1 }))).toBe(
      `refused: ${kind} ${code}`,
    );
    expect(told(await harness.agent.getToken({ minLifetimeMs: MINUTE_MS - 1 }))).toBe('token-1');
    minutesLeft(0);
    expect(told(await harness.agent.getToken())).toBe(`refused: ${kind} ${code}`);
    expect(harness.authority.renewals).toHaveLength(1);
  });

  test('callers learn when to come back, and do not reach the authority until then', async () => {
    harness = await signedIn();
    const { agent, authority } = harness;
    authority.onRenew = (_request, network) => offline(network);
    minutesLeft(-1);
    const first = await agent.getToken();
    expect(first).toMatchObject({ kind: 'refused', problem: { retryAfterMs: 65_000 } });
    vi.setSystemTime(Date.now() + 5000);
    const many = await Promise.all(Array.from({ length: 100 }, () => agent.getToken()));
    for (const answer of many) {
      expect(answer).toMatchObject({ kind: 'refused', problem: { code: 'offline', retryAfterMs: 60_000 } });
    }
    expect(authority.renewals).toHaveLength(1);
    vi.setSystemTime(Date.now() + 60_000);
    await agent.getToken();
    expect(authority.renewals).toHaveLength(2);
  });

  test('a user who requests a new token need not wait', async () => {
    harness = await signedIn();
    const { agent, authority } = harness;
    authority.onRenew = (_request, network) => offline(network);
    minutesLeft(5);
    await agent.getToken();
    authority.onRenew = ({ account }) => Promise.resolve(authority.grant(account));
    expect(told(await agent.getToken({ fresh: 'always' }))).toBe('token-2');
    expect(agent.status).toMatchObject({ activity: { kind: 'idle' }, health: { kind: 'ok' } });
  });

  test('a sign-in under way does not let requests through to the authority', async () => {
    harness = await signedIn();
    const { agent, authority } = harness;
    authority.onRenew = (_request, network) => offline(network);
    minutesLeft(5);
    await agent.getToken();
    await agent.beginSignIn('window');
    await agent.getToken();
    await agent.due();
    expect(authority.renewals).toHaveLength(1);
  });

  test('an extra scope that is refused fails that request only', async () => {
    harness = await signedIn();
    const { agent, authority } = harness;
    authority.onRenew = () => Promise.reject(serverError(65001));
    const extra = { scopes: ['Files.Read.All'] };
    expect(told(await agent.getToken(extra))).toBe('refused: interaction consent');
    expect(harness.statuses).toEqual([]);
    expect(told(await agent.getToken())).toBe('token-1');
    authority.onRenew = ({ account }) => Promise.resolve(authority.grant(account));
    expect(told(await agent.getToken(extra))).toBe('token-2');
  });

  test('requests for an extra scope wait too, each scope on its own', async () => {
    harness = await signedIn();
    const { agent, authority, statuses } = harness;
    authority.onRenew = ({ account, scopes }, network) =>
      scopes[0] === 'Mail.Read' ? offline(network) : Promise.resolve(authority.grant(account, scopes));
    const mail = { scopes: ['Mail.Read'] };
    for (let count = 0; count < 5; count += 1)
      expect(told(await agent.getToken(mail))).toBe('refused: transient offline');
    expect(authority.renewals).toHaveLength(1);
    expect(told(await agent.getToken({ scopes: ['Files.Read'] }))).toBe('token-2');
    vi.setSystemTime(Date.now() + 65_000);
    await agent.getToken(mail);
    expect(authority.renewals).toHaveLength(3);
    expect(statuses).toEqual([]);
  });

  test('a locked keyring is reported as a storage problem, and the refresh is retried', async () => {
    harness = await signedIn();
    const restarted = makeAgent({ vault: harness.vault });
    await restarted.agent.start();
    harness.agent.stop();
    harness = restarted;
    restarted.vault.fault = (call) => (call === 'load default/msal-cache' ? refused : undefined);
    minutesLeft(-1);
    expect(told(await restarted.agent.getToken())).toBe('refused: storage storage.unavailable');
    expect(restarted.agent.status.storage.kind).toBe('trouble');
    restarted.vault.fault = undefined;
    vi.setSystemTime(Date.now() + 65_000);
    await restarted.agent.due();
    expect(restarted.agent.status).toMatchObject({ session: { kind: 'signed-in' }, storage: { kind: 'ok' } });
  });
});

test('after the clock was set back a token’s lifetime is not trusted, and requests do not wait for days', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  authority.onRenew = (_request, network) => offline(network);
  minutesLeft(5);
  await agent.getToken();
  vi.setSystemTime(Date.now() - 24 * HOUR_MS);
  authority.onRenew = ({ account }) => Promise.resolve(authority.grant(account));
  expect(told(await agent.getToken())).toBe('token-2');
});

test('a slow renewal is joined by later requests', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  minutesLeft(0);
  const early = agent.getToken();
  await vi.advanceTimersByTimeAsync(10_000);
  const late = agent.getToken();
  slow.resolve(authority.grant(ada));
  expect([told(await early), told(await late)]).toEqual(['token-2', 'token-2']);
  expect(authority.renewals).toHaveLength(1);
});

test('a wrong scope of the profile keeps no other resource waiting, an authority that is away does', async () => {
  const harness = await signedIn();
  const { agent, authority } = harness;
  const other = { scopes: ['api://other/read'] };
  const works = authority.onRenew;
  authority.onRenew = () => {
    throw Object.assign(new Error('scope'), { errorCode: 'invalid_scope', errorMessage: 'AADSTS70011' });
  };
  await agent.getToken({ fresh: 'always' });
  authority.onRenew = works;
  expect((await agent.getToken(other)).kind).toBe('token');

  authority.onRenew = (_request, network) => offline(network);
  await agent.getToken({ fresh: 'always' });
  authority.onRenew = works;
  expect(await agent.getToken({ scopes: ['api://third/read'] })).toMatchObject({
    kind: 'refused',
    problem: { code: 'offline' },
  });
});
