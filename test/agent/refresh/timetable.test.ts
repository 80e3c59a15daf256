import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { TICK_MS, Timetable } from '../../../src/agent/refresh/timetable.ts';
import type { Schedule } from '../../../src/config/profile/profile.ts';
import { CLOCK_CHANGES } from '../../config/profile/clock-changes.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';

const seoul: Schedule = { cron: '0 7 * * *', timeZone: 'Asia/Seoul' };

beforeAll(async () => {
  // Loaded with real timers, once: an import does not wait for a fake clock.
  await import('../../../src/agent/refresh/schedule-job.ts');
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

/** Handles what is due at once, as the agent does, and records when that was. */
async function run(
  schedule: Schedule | undefined,
  from: string,
): Promise<{ timetable: Timetable; runs: string[]; looks: () => number }> {
  vi.setSystemTime(new Date(from));
  const runs: string[] = [];
  let looks = 0;
  const timetable = new Timetable({
    schedule,
    spreadMs: 0,
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

describe.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Berlin', 'Asia/Kathmandu'])(
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

test.each(CLOCK_CHANGES)('a clock change that %s', async (_name, schedule, from, expected) => {
  const { timetable } = await run(schedule, `${from}Z`);
  const found: string[] = [];
  while (found.length < expected.length) {
    found.push(next(timetable).slice(0, 16));
    vi.setSystemTime(timetable.nextAt ?? NaN);
    await timetable.advance();
  }
  expect(found).toEqual(expected);
});

test('a time in a gap at midnight is run when the gap ends, once', async () => {
  const { runs } = await run({ at: '00:30', timeZone: 'America/Havana' }, '2026-03-08T00:00:00Z');
  await vi.advanceTimersByTimeAsync(30 * HOUR_MS);
  expect(runs.map((at) => at.slice(0, 19))).toEqual(['2026-03-08T05:00:00', '2026-03-09T04:30:00']);
});

test.each<[string, Schedule, string[]]>([
  ['a cron line', { cron: '30 6 * * 1', timeZone: 'Asia/Seoul' }, ['2026-11-22T21:30']],
  ['a time of day', { at: '07:00', timeZone: 'Asia/Seoul' }, ['2026-11-21T22:00', '2026-11-22T22:00']],
  [
    'every twelve hours, counted from midnight',
    { everyHours: 12, timeZone: 'Asia/Seoul' },
    ['2026-11-21T15:00', '2026-11-22T03:00', '2026-11-22T15:00', '2026-11-23T03:00'],
  ],
])('%s defines the instants', async (_name, schedule, expected) => {
  const { runs } = await run(schedule, '2026-11-21T12:00:00Z');
  await vi.advanceTimersByTimeAsync(48 * HOUR_MS);
  expect(runs.map((at) => at.slice(0, 16))).toEqual(expected);
});

/** The hours of a day's runs, as a clock on the wall of that zone shows them. */
async function hoursOf(schedule: Schedule, from: string, hours: number): Promise<string[]> {
  const { runs } = await run(schedule, from);
  await vi.advanceTimersByTimeAsync(hours * HOUR_MS);
  const format = new Intl.DateTimeFormat('en', {
    timeZone: schedule.timeZone,
    hour: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  return runs.map((at) => format.format(new Date(at)).replace('h ', ' '));
}

test.each<[string, Schedule, string, number, string[]]>([
  [
    'the gap of Berlin: 02:00 is 03:00',
    { everyHours: 2, timeZone: 'Europe/Berlin' },
    '2026-03-28T22:30:00Z',
    6,
    ['00 GMT+1', '03 GMT+2', '04 GMT+2', '06 GMT+2'],
  ],
  [
    'the repeated hour of Berlin: 02:00 once',
    { everyHours: 2, timeZone: 'Europe/Berlin' },
    '2026-10-24T21:30:00Z',
    6,
    ['00 GMT+2', '02 GMT+2', '04 GMT+1'],
  ],
  [
    'the gap of New York: 02:00 is 03:00',
    { everyHours: 2, timeZone: 'America/New_York' },
    '2026-03-08T04:30:00Z',
    6,
    ['00 EST', '03 EDT', '04 EDT', '06 EDT'],
  ],
  [
    'the repeated hour of New York: 01:00 twice, an hour apart, where every hour is asked for',
    { everyHours: 1, timeZone: 'America/New_York' },
    '2026-11-01T03:30:00Z',
    5,
    ['00 EDT', '01 EDT', '01 EST', '02 EST', '03 EST'],
  ],
])('every N hours over %s', async (_name, schedule, from, hours, expected) => {
  expect(await hoursOf(schedule, from, hours)).toEqual(expected);
});

test.each([0, 0.25, 0.999_999])('a spread of ten minutes adds a random part: %d of it', async (chance) => {
  vi.setSystemTime(new Date('2026-11-21T12:00:00Z'));
  const spreadMs = 10 * MINUTE_MS;
  const schedule = seoul;
  const looks: number[] = [];
  const look = (): void => void looks.push(Date.now());
  const timetable = new Timetable({ schedule, spreadMs, now: () => Date.now(), look, random: () => chance });
  running = timetable;
  await timetable.start();
  const due = Date.parse('2026-11-21T22:00:00Z');
  expect(timetable.nextAt).toBe(due + chance * spreadMs);
  expect(timetable.nextAt).toBeLessThan(due + spreadMs);
});

test('the spread changes from day to day by chance, and loses no day', async () => {
  vi.setSystemTime(new Date('2026-11-21T12:00:00Z'));
  const spreadMs = 10 * MINUTE_MS;
  const chances = [0.9, 0, 0.5];
  let draws = 0;
  const random = (): number => chances[draws++ % chances.length]!;
  const runs: number[] = [];
  const timetable = new Timetable({
    schedule: seoul,
    spreadMs,
    random,
    now: () => Date.now(),
    look: () => {
      if (timetable.nextAt === undefined || Date.now() < timetable.nextAt) return;
      runs.push((Date.now() - Date.parse('2026-11-21T22:00:00Z')) / MINUTE_MS);
      void timetable.advance();
    },
  });
  running = timetable;
  await timetable.start();
  for (let minute = 0; minute < 75 * 60; minute += 1) {
    timetable.wakeAt(timetable.nextAt);
    await vi.advanceTimersByTimeAsync(MINUTE_MS / 2);
  }
  expect(runs).toEqual([9, 24 * 60]);
});

test('restarted within the spread, it continues with the next day: no more than that run is lost', async () => {
  vi.setSystemTime(new Date('2026-11-21T22:03:00Z'));
  const options = { schedule: seoul, spreadMs: 10 * MINUTE_MS, now: () => Date.now(), look: () => undefined };
  running = new Timetable({ ...options, random: () => 0.5 });
  await running.start();
  expect(next(running)).toBe('2026-11-22T22:05:00.000Z');
});

test('a successor runs an instant whose random delay has not passed', async () => {
  vi.setSystemTime(new Date('2026-11-21T21:59:00Z'));
  const options = { schedule: seoul, spreadMs: 10 * MINUTE_MS, now: () => Date.now(), random: () => 0.5 };
  const predecessor = new Timetable({ ...options, look: () => undefined });
  await predecessor.start();
  vi.setSystemTime(new Date('2026-11-21T22:02:00Z'));
  running = new Timetable({ ...options, look: () => undefined });
  running.continueFrom(predecessor);
  predecessor.stop();
  await running.start();
  expect(next(running)).toBe('2026-11-21T22:05:00.000Z');
});

test('an alarm wakes at its instant, not at the tick after it', async () => {
  vi.setSystemTime(new Date('2026-11-21T12:00:00Z'));
  const looks: number[] = [];
  const began = Date.now();
  const look = (): void => void looks.push((Date.now() - began) / 1000);
  running = new Timetable({ schedule: undefined, spreadMs: 0, now: () => Date.now(), look });
  await running.start();
  running.wakeAt(began + 20_000);
  await vi.advanceTimersByTimeAsync(21_000);
  expect(looks).toEqual([20]);
  // Neither the past nor an instant after the next tick needs an alarm.
  running.wakeAt(began);
  running.wakeAt(began + HOUR_MS);
  await vi.advanceTimersByTimeAsync(35_000);
  expect(looks).toEqual([20, 35]);
});

test('after a sleep over two due times one refresh comes within a tick', async () => {
  const { timetable, runs } = await run(seoul, '2026-11-21T12:00:00Z');
  // The clock goes on while the timers are stopped, as in a suspend.
  vi.setSystemTime(new Date('2026-11-23T09:00:00Z'));
  expect(runs).toEqual([]);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(runs).toHaveLength(1);
  expect(next(timetable)).toBe('2026-11-23T22:00:00.000Z');
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(runs).toHaveLength(1);
});

test('after the clock was set back the schedule is recomputed', async () => {
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
  // By the old clock the instant is ten seconds early; the tick detects that the clock was set back.
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

test.each<[string, Schedule]>([
  ['a day that never comes', { cron: '0 7 30 2 *', timeZone: 'UTC' }],
  ['a date instead of a cron line', { cron: '? mon 2099 12:00 5', timeZone: 'UTC' }],
  ['a step beyond its field', { cron: '*/90 * * * *', timeZone: 'UTC' }],
  ['a zone that is not there', { at: '07:00', timeZone: 'Mars/Base' }],
])('%s leaves the tick alone, and is known not to be kept', async (_name, schedule) => {
  const { timetable, looks } = await run(schedule, '2026-11-21T12:00:00Z');
  expect(timetable.nextAt).toBeUndefined();
  expect(timetable.issues).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(looks()).toBe(1);
});

test('a schedule that comes is known to come', async () => {
  const { timetable } = await run(seoul, '2026-11-21T12:00:00Z');
  expect(timetable.issues).toEqual([]);
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
  const timetable = new Timetable({
    schedule: seoul,
    spreadMs: 0,
    now: () => Date.now(),
    look: () => undefined,
  });
  await Promise.all(steps.map(async (step) => timetable[step]()));
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  expect(timetable.nextAt).toBeUndefined();
});
