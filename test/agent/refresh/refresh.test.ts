import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Grant } from '../../../src/agent/authority/authority.ts';
import type { Status } from '../../../src/agent/status/status.ts';
import {
  ada,
  bob,
  byHand,
  HOUR_MS,
  interactionError,
  MINUTE_MS,
  serverError,
} from '../fixtures/fake-authority.ts';
import { makeAgent, offline, signedIn, told, type Harness } from '../fixtures/fixture.ts';

const START = Date.UTC(2026, 10, 22, 8);
const daily = { cron: '0 9 * * *', timeZone: 'UTC' };

beforeAll(async () => {
  await import('../../../src/agent/refresh/schedule-job.ts');
});
beforeEach(() => vi.useFakeTimers({ now: START }));
let harness: Harness;
afterEach(() => {
  harness.agent.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const causes = (statuses: Status[]): string[] =>
  statuses.flatMap(({ activity }) => (activity.kind === 'refreshing' ? [activity.cause] : []));

test('without any request the token is renewed ten minutes before it expires, again and again', async () => {
  harness = await signedIn();
  await vi.advanceTimersByTimeAsync(49 * MINUTE_MS);
  expect(harness.authority.renewals).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(harness.authority.renewals).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(24 * HOUR_MS);
  expect(harness.authority.renewals.length).toBeGreaterThan(23);
  expect(harness.authority.renewals.length).toBeLessThan(32);
  expect(new Set(causes(harness.statuses))).toEqual(new Set(['expiry']));
});

test('the schedule is due: refreshed exactly once, however many timers ask', async () => {
  harness = await signedIn({ profile: { schedule: daily } });
  harness.authority.lifetimeMs = 24 * HOUR_MS;
  await harness.agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(2000);
  expect(harness.agent.nextScheduledAt).toBe(START + HOUR_MS);
  // As after a suspend: the clock is past the instant before any timer fired.
  vi.setSystemTime(START + 2 * HOUR_MS);
  await Promise.all(Array.from({ length: 50 }, () => harness.agent.due()));
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(causes(harness.statuses)).toEqual(['user', 'schedule']);
  expect(harness.authority.renewals).toHaveLength(2);
  expect(harness.agent.nextScheduledAt).toBe(START + 25 * HOUR_MS);
});

test('the schedule’s own timer refreshes at its instant', async () => {
  harness = await signedIn({ profile: { schedule: daily } });
  harness.authority.lifetimeMs = 24 * HOUR_MS;
  await harness.agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(HOUR_MS + 1000);
  expect(causes(harness.statuses)).toEqual(['user', 'schedule']);
});

test('the network comes back: the retry makes everything well again', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  authority.onRenew = (_request, network) => offline(network);
  await vi.advanceTimersByTimeAsync(51 * MINUTE_MS);
  expect(agent.status).toMatchObject({ activity: { kind: 'waiting' }, health: { kind: 'offline' } });
  authority.onRenew = ({ account }) => Promise.resolve(authority.grant(account));
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(agent.status).toMatchObject({ activity: { kind: 'idle' }, health: { kind: 'ok' } });
  expect(causes(harness.statuses)).toEqual(['expiry', 'retry']);
});

test('a refusal asks for a sign-in once, and the authority is asked again only for a new token', async () => {
  harness = await signedIn({ profile: { schedule: daily } });
  const { agent, authority, statuses } = harness;
  authority.onRenew = () => Promise.reject(interactionError(50076, '{"acrs":1}'));
  await vi.advanceTimersByTimeAsync(26 * HOUR_MS);
  expect(authority.renewals).toHaveLength(1);
  const changes = statuses.filter(
    ({ session }, index) => session.kind === 'sign-in-needed' && statuses[index - 1]?.session !== session,
  );
  expect(changes).toHaveLength(1);
  expect(agent.status.session).toMatchObject({ account: ada, reason: { claims: '{"acrs":1}' } });
  expect(told(await agent.getToken())).toBe('refused: interaction interaction');
  expect(authority.renewals).toHaveLength(1);
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe('refused: interaction interaction');
  expect(authority.renewals).toHaveLength(2);
  await agent.beginSignIn('window');
  expect(authority.authorizations.at(-1)).toMatchObject({ claims: '{"acrs":1}', loginHint: ada.username });
});

test('an expired secret is reported as a setting to change, keeps the session, and is retried every five minutes', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  authority.onRenew = () => Promise.reject(serverError(7000222, 'invalid_client'));
  await vi.advanceTimersByTimeAsync(51 * MINUTE_MS);
  expect(agent.status).toMatchObject({
    session: { kind: 'signed-in' },
    health: { kind: 'configuration', reason: { code: 'expired-secret' } },
  });
  await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);
  expect(authority.renewals).toHaveLength(3);
});

test('a sign-in window that stays open does not make a failing refresh try more often', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  authority.onRenew = (_request, network) => offline(network);
  await vi.advanceTimersByTimeAsync(51 * MINUTE_MS);
  await agent.beginSignIn('window');
  await vi.advanceTimersByTimeAsync(9 * MINUTE_MS);
  expect(agent.status.activity.kind).toBe('signing-in');
  // At 50:00, and 65, 130 and 260 seconds after each other.
  expect(authority.renewals.length).toBeLessThanOrEqual(4);
});

test('another scope’s success does not end the wait of a failing default token', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  authority.onRenew = ({ account, scopes }, network) =>
    scopes[0] === 'User.Read' ? offline(network) : Promise.resolve(authority.grant(account, scopes));
  await vi.advanceTimersByTimeAsync(51 * MINUTE_MS);
  const before = agent.status;
  await agent.getToken({ scopes: ['Mail.Read'], fresh: 'always' });
  expect(agent.status).toBe(before);
  expect(told(await agent.getToken())).toBe('token-1 (offline)');
  expect(authority.renewals).toHaveLength(2);
});

test('stopped, nothing runs any more, and what comes back late is dropped', async () => {
  harness = await signedIn({ profile: { schedule: daily } });
  const { agent, authority, vault } = harness;
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  vi.setSystemTime(START + 55 * MINUTE_MS);
  const asked = agent.getToken();
  await vi.advanceTimersByTimeAsync(0);
  const stored = await vault.stored('default/last-good');
  agent.stop();
  expect(vi.getTimerCount()).toBe(0);
  slow.resolve(authority.grant(ada));
  expect(told(await asked)).toBe('token-1 (superseded)');
  await agent.due();
  expect(authority.renewals).toHaveLength(1);
  expect(await vault.stored('default/last-good')).toBe(stored);
});

test('stopped while it starts, it leaves no timer and asks for nothing', async () => {
  harness = await signedIn();
  harness.agent.stop();
  vi.setSystemTime(START + 2 * HOUR_MS);
  const late = makeAgent({ vault: harness.vault });
  const starting = late.agent.start();
  late.agent.stop();
  await starting;
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(vi.getTimerCount()).toBe(0);
  expect(late.authority.connects).toBe(0);
});

test('stopped right after its start, it asks for nothing', async () => {
  harness = await signedIn();
  harness.agent.stop();
  vi.setSystemTime(START + 2 * HOUR_MS);
  const late = makeAgent({ vault: harness.vault });
  await late.agent.start();
  late.agent.stop();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(late.authority.connects).toBe(0);
});

test('another account in the answer is refused, told as such, and neither served nor stored', async () => {
  harness = await signedIn();
  const { agent, authority, vault } = harness;
  await vi.advanceTimersByTimeAsync(10);
  const kept = await vault.stored('default/msal-cache');
  authority.onRenew = () => Promise.resolve(authority.grant(bob));
  expect(told(await agent.getToken({ fresh: 'always' }))).toBe('token-1 (another-account)');
  expect(agent.status.session).toMatchObject({
    kind: 'sign-in-needed',
    account: ada,
    reason: { code: 'another-account', params: { found: bob.username, expected: ada.username } },
  });
  await agent.settle();
  expect(await vault.stored('default/msal-cache')).toBe(kept);
  expect(await vault.stored('default/last-good')).not.toContain('bob');
});

test.each([
  ['a policy', 53003],
  ['a missing consent', 65001],
])(
  'after a refusal for %s the authority is asked again hourly and on the schedule, and the sign-in stays offered',
  async (_name, aadsts) => {
    harness = await signedIn({ profile: { schedule: daily } });
    const { agent, authority } = harness;
    await vi.advanceTimersByTimeAsync(2_000);
    authority.onRenew = () => Promise.reject(interactionError(aadsts));
    await agent.getToken({ fresh: 'always' });
    expect(agent.status.session.kind).toBe('sign-in-needed');
    // The schedule is at 9:00, an hour after the start.
    await vi.advanceTimersByTimeAsync(59 * MINUTE_MS);
    expect(authority.renewals).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(authority.renewals.length).toBeGreaterThan(1);
    const before = authority.renewals.length;
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
    expect(authority.renewals.length).toBeGreaterThanOrEqual(before + 1);
    expect(authority.renewals.length).toBeLessThanOrEqual(before + 3);
    expect(agent.status.session.kind).toBe('sign-in-needed');
    expect(told(await agent.getToken())).toMatch(/^refused: interaction/u);
    // The policy is changed: no sign-in is needed.
    authority.onRenew = ({ account }) => Promise.resolve(authority.grant(account));
    await vi.advanceTimersByTimeAsync(HOUR_MS + MINUTE_MS);
    expect(agent.status.session.kind).toBe('signed-in');
  },
);
