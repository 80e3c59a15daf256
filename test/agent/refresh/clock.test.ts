// The whole agent on a clock that stands, jumps and runs: sleep, a wrong clock, a long absence.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { TICK_MS } from '../../../src/agent/refresh/timetable.ts';
import type { Schedule } from '../../../src/config/profile/profile.ts';
import { ada, HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import { makeAgent, signedIn, told, type Harness } from '../fixtures/fixture.ts';

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

/** The clock goes on while timers stand still, as in a suspend. */
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

test('told that the machine woke up, it refreshes at once, and the tick finds nothing left to do', async () => {
  const { agent, authority } = await running(seoul);
  asleep(9 * HOUR_MS);
  await Promise.all([agent.due(), agent.due(), agent.due()]);
  expect(authority.renewals).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(authority.renewals).toHaveLength(1);
});

test('asleep for 40 days: one refresh, and the schedule goes on from today', async () => {
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
