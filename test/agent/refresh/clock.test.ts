// The whole agent with a clock that is stopped, jumps and runs: sleep, a wrong clock, a long absence.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { TICK_MS } from '../../../src/agent/refresh/timetable.ts';
import type { Schedule } from '../../../src/config/profile/profile.ts';
import { ada, FakeAuthority, HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import { makeAgent, signedIn, signIn, told, type Harness } from '../fixtures/fixture.ts';

const START = Date.UTC(2026, 10, 22, 20);
const DAY_MS = 24 * HOUR_MS;
/** 22:00 UTC. */
const seoul: Schedule = { at: '07:00', timeZone: 'Asia/Seoul' };

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

/** The clock goes on while timers are stopped, as in a suspend. */
const asleep = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

async function running(schedule: Schedule | undefined, lifetimeMs = HOUR_MS): Promise<Harness> {
  harness = await signedIn({ profile: { schedule } });
  harness.authority.lifetimeMs = lifetimeMs;
  await harness.agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(2_000);
  harness.authority.renewals.length = 0;
  harness.statuses.length = 0;
  return harness;
}

/** Why refreshes were begun. */
const causes = (): string[] =>
  harness.statuses.flatMap(({ activity }) => (activity.kind === 'refreshing' ? [activity.cause] : []));

test('nine hours asleep over two due times: one refresh begins within a tick of waking', async () => {
  const { agent, authority } = await running({ everyHours: 4, timeZone: 'UTC' }, 2 * DAY_MS);
  expect(agent.nextScheduledAt).toBe(START + 4 * HOUR_MS);
  asleep(9 * HOUR_MS);
  expect(authority.renewals).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(causes()).toEqual(['schedule']);
  expect(agent.nextScheduledAt).toBe(START + 12 * HOUR_MS);
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  expect(authority.renewals).toHaveLength(1);
});

test('called at a resume, it refreshes at once, and the tick finds nothing left to do', async () => {
  const { agent, authority } = await running(seoul);
  asleep(9 * HOUR_MS);
  await Promise.all([agent.due(), agent.due(), agent.due()]);
  expect(authority.renewals).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(authority.renewals).toHaveLength(1);
});

test('asleep for 40 days: one refresh, and the schedule continues from today', async () => {
  const { agent, authority } = await running(seoul);
  asleep(40 * DAY_MS);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(causes()).toEqual(['schedule']);
  expect(authority.renewals).toHaveLength(1);
  expect(agent.nextScheduledAt).toBe(START + 40 * DAY_MS + 2 * HOUR_MS);
  expect(told(await agent.getToken())).toBe('token-3');
});

test.each([undefined, seoul])(
  'the clock a year back and forth again (%j): a good token each time, no storm',
  async (schedule) => {
    const { agent, authority } = await running(schedule);
    for (const years of [-1, 1, 1, -1]) {
      asleep(years * 365 * DAY_MS);
      await vi.advanceTimersByTimeAsync(2 * TICK_MS);
      const answer = await agent.getToken();
      if (answer.kind === 'refused') throw new Error(answer.problem.code);
      expect(Math.abs(answer.token.obtainedAt - Date.now())).toBeLessThan(HOUR_MS);
      expect(agent.status.session).toMatchObject({ kind: 'signed-in', account: ada });
      const { nextRefreshAt = 0 } = agent;
      expect(nextRefreshAt - Date.now()).toBeGreaterThan(0);
      expect(nextRefreshAt - Date.now()).toBeLessThan(HOUR_MS);
    }
    expect(authority.renewals).toHaveLength(4);
  },
);

test('the tick: whatever is due is found within 40 seconds, without a single timer of the schedule', async () => {
  const { authority } = await running(undefined);
  const before = Date.now();
  asleep(51 * MINUTE_MS);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(authority.renewals).toHaveLength(1);
  expect(Date.now() - before).toBeLessThan(52 * MINUTE_MS);
});

test('tokens that live for seconds only do not keep the authority busy more than once a second', async () => {
  const { authority } = await running(undefined, 1_000);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(authority.renewals.length).toBeLessThanOrEqual(61);
});

test('when the next refresh will be is known: before the end, at the schedule, at the next try', async () => {
  harness = makeAgent({ profile: { schedule: seoul } });
  expect(harness.agent.nextRefreshAt).toBeUndefined();
  const { agent, authority } = await running(seoul, 8 * HOUR_MS);
  expect(agent.nextRefreshAt).toBe(START + 2 * HOUR_MS);
  authority.onRenew = () => Promise.reject(Object.assign(new Error('odd'), { errorCode: 'odd' }));
  await agent.getToken({ fresh: 'always' });
  expect(agent.nextRefreshAt).toBe(Date.now() + 65_000);
  expect(agent.lastRefresh).toMatchObject({ kind: 'failed', at: Date.now(), reason: { code: 'unknown' } });
});

test('an instant that passes during another refresh is not lost', async () => {
  const { agent, authority } = await running(seoul, 2 * DAY_MS);
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  authority.onRenew = async ({ account, scopes }) => {
    await held;
    return authority.grant(account, scopes);
  };
  const refreshing = agent.getToken({ fresh: 'always' });
  await vi.advanceTimersByTimeAsync(0);
  asleep(9 * HOUR_MS);
  const checked = agent.due();
  answer();
  await Promise.all([refreshing, checked]);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(causes()).toContain('schedule');
  expect(agent.nextScheduledAt).toBe(START + 2 * HOUR_MS + DAY_MS);
});

/** Half a second before the schedule's instant, which is also within the quiet second of the start. */
const JUST_BEFORE = Date.UTC(2026, 10, 22, 21, 59, 59, 500);

/** An agent with a token for eight hours that starts half a second before its schedule's instant. */
async function startedJustBefore(): Promise<Harness> {
  vi.setSystemTime(JUST_BEFORE);
  const authority = new FakeAuthority();
  authority.lifetimeMs = 8 * HOUR_MS;
  harness = await signedIn({ profile: { schedule: seoul }, authority });
  return harness;
}

async function expectOneRefresh({ agent, authority }: Harness): Promise<void> {
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(causes()).toEqual(['schedule']);
  expect(authority.renewals).toHaveLength(1);
  expect(agent.nextScheduledAt).toBe(JUST_BEFORE + 500 + DAY_MS);
}

test('an instant that passes in the second after the start is not lost', async () => {
  await expectOneRefresh(await startedJustBefore());
});

test('nor is one that the clock jumps over in that second', async () => {
  const started = await startedJustBefore();
  asleep(5 * MINUTE_MS);
  await expectOneRefresh(started);
});

test('woken in that second, the agent refreshes at once, and once', async () => {
  const started = await startedJustBefore();
  await vi.advanceTimersByTimeAsync(100);
  asleep(5 * MINUTE_MS);
  await started.agent.due();
  expect(started.authority.renewals).toHaveLength(1);
  await expectOneRefresh(started);
});

test('signed in in that second, before the instant, the user gets the refresh of the schedule', async () => {
  vi.setSystemTime(JUST_BEFORE);
  harness = makeAgent({ profile: { schedule: seoul } });
  harness.authority.lifetimeMs = 8 * HOUR_MS;
  await harness.agent.start();
  await vi.advanceTimersByTimeAsync(100);
  await signIn(harness);
  asleep(5 * MINUTE_MS);
  await expectOneRefresh(harness);
});

test('a clock that is set back in that second does not skip the instants before the start', async () => {
  const { agent } = await startedJustBefore();
  vi.setSystemTime(JUST_BEFORE - 2 * DAY_MS - HOUR_MS);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(agent.nextScheduledAt).toBe(JUST_BEFORE + 500 - 2 * DAY_MS);
});
