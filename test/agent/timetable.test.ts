import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { TICK_MS, Timetable } from '../../src/agent/timetable.ts';
import type { Schedule } from '../../src/config/profile.ts';
import { HOUR_MS, MINUTE_MS } from './fake-authority.ts';

const seoul: Schedule = { cron: '0 7 * * *', timeZone: 'Asia/Seoul' };

beforeAll(async () => {
  // Loaded with real timers, once: an import does not wait for a fake clock.
  await import('node-schedule');
});
beforeEach(() => {
  vi.useFakeTimers();
});
let running: Timetable | undefined;
afterEach(() => {
  running?.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Handles what is due at once, as the agent does, and keeps when that was. */
async function run(
  schedule: Schedule | undefined,
  from: string,
): Promise<{ timetable: Timetable; runs: string[]; looks: () => number }> {
  vi.setSystemTime(new Date(from));
  const runs: string[] = [];
  let looks = 0;
  const timetable = new Timetable({
    schedule,
    now: () => Date.now(),
    look: () => {
      looks += 1;
      if (timetable.nextAt === undefined || Date.now() < timetable.nextAt) return;
      runs.push(new Date(Date.now()).toISOString());
      void timetable.advance();
    },
  });
  running = timetable;
  await timetable.start();
  return { timetable, runs, looks: () => looks };
}

const next = (timetable: Timetable): string => new Date(timetable.nextAt ?? NaN).toISOString();

describe.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Berlin'])(
  'on a machine in %s',
  (zone) => {
    const before = process.env['TZ'];
    beforeAll(() => void (process.env['TZ'] = zone));
    afterAll(() => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    });

    test('07:00 in Seoul is 22:00 UTC, every day, to the second', async () => {
      const { timetable, runs } = await run(seoul, '2026-11-21T12:00:00Z');
      expect(next(timetable)).toBe('2026-11-21T22:00:00.000Z');
      await vi.advanceTimersByTimeAsync(72 * HOUR_MS);
      expect(runs.map((at) => at.slice(0, 19))).toEqual([
        '2026-11-21T22:00:00',
        '2026-11-22T22:00:00',
        '2026-11-23T22:00:00',
      ]);
    });
  },
);

test.each([
  [
    '02:30 in the gap of Berlin runs an hour later',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:30', '2026-03-30T00:30'],
  ],
  [
    '02:00 in the gap of Berlin runs an hour later',
    '0 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00', '2026-03-30T00:00'],
  ],
  [
    '02:30 twice in Berlin runs once',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:30', '2026-10-26T01:30'],
  ],
  [
    '02:30 in the gap of New York runs an hour later',
    '30 2 * * *',
    'America/New_York',
    '2026-03-07T12:00:00Z',
    ['2026-03-08T07:30', '2026-03-09T06:30'],
  ],
  [
    '01:30 twice in New York runs once',
    '30 1 * * *',
    'America/New_York',
    '2026-10-31T12:00:00Z',
    ['2026-11-01T05:30', '2026-11-02T06:30'],
  ],
])('%s', async (_name, cron, timeZone, from, expected) => {
  const { runs } = await run({ cron, timeZone }, from);
  await vi.advanceTimersByTimeAsync(48 * HOUR_MS);
  expect(runs.map((at) => at.slice(0, 16))).toEqual(expected);
});

test('after a sleep over two due times one refresh comes within a tick', async () => {
  const { timetable, runs } = await run(seoul, '2026-11-21T12:00:00Z');
  // The clock goes on while the timers stand still, as in a suspend.
  vi.setSystemTime(new Date('2026-11-23T09:00:00Z'));
  expect(runs).toEqual([]);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(runs).toHaveLength(1);
  expect(next(timetable)).toBe('2026-11-23T22:00:00.000Z');
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(runs).toHaveLength(1);
});

test('after the clock was turned back the schedule is worked out anew', async () => {
  const { timetable } = await run(seoul, '2026-11-21T22:30:00Z');
  expect(next(timetable)).toBe('2026-11-22T22:00:00.000Z');
  vi.setSystemTime(new Date('2026-11-20T12:00:00Z'));
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(next(timetable)).toBe('2026-11-20T22:00:00.000Z');
});

test('an instant that the clock reaches only after a correction of some seconds is not lost', async () => {
  const { timetable, runs } = await run(seoul, '2026-11-21T21:59:50Z');
  await vi.advanceTimersByTimeAsync(5000);
  vi.setSystemTime(Date.now() - 10_000);
  // By the old clock the instant is ten seconds early; the tick will see that the clock was turned back.
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(runs).toEqual(['2026-11-21T22:00:00.000Z']);
  expect(next(timetable)).toBe('2026-11-22T22:00:00.000Z');
});

test('without a schedule the clock is still looked at, at least every 40 seconds', async () => {
  const { timetable, looks } = await run(undefined, '2026-11-21T12:00:00Z');
  expect(timetable.nextAt).toBeUndefined();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(looks()).toBeGreaterThanOrEqual(15);
});

test('a schedule that never comes leaves the tick alone', async () => {
  const { timetable, looks } = await run({ cron: '0 7 30 2 *', timeZone: 'UTC' }, '2026-11-21T12:00:00Z');
  expect(timetable.nextAt).toBeUndefined();
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(looks()).toBe(1);
});

test('advancing twice at once leaves one job', async () => {
  const { timetable, runs } = await run(seoul, '2026-11-21T12:00:00Z');
  await Promise.all([timetable.advance(), timetable.advance()]);
  await vi.advanceTimersByTimeAsync(12 * HOUR_MS);
  expect(runs).toHaveLength(1);
});

test.each([
  ['while it starts', ['start', 'stop']],
  ['while it advances', ['start', 'advance', 'stop']],
  ['before it starts', ['stop', 'start']],
] as const)('stopped %s, it leaves no timer', async (_name, steps) => {
  const timetable = new Timetable({ schedule: seoul, now: () => Date.now(), look: () => undefined });
  await Promise.all(steps.map(async (step) => timetable[step]()));
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(timetable.nextAt).toBeUndefined();
});
