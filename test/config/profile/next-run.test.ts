import { describe, expect, test } from 'vitest';
import { nextRun } from '../../../src/config/profile/next-run.ts';
import type { Schedule } from '../../../src/config/profile/profile.ts';
import { rounds } from '../../house/fixtures/soak.ts';
import { CLOCK_CHANGES } from './clock-changes.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const shown = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

/** The runs after one instant and up to another. */
function runs(schedule: Schedule, from: number, to: number): readonly string[] {
  const found: string[] = [];
  for (let at = nextRun(schedule, from); at !== undefined && at <= to; at = nextRun(schedule, at))
    found.push(shown(at));
  return found;
}

/** What the clock of a zone shows, as the instant at which a clock of UTC shows the same. */
function clockOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (instant) => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
}

/** The days from noon to noon in UTC in which the clock of a zone changes, by the minute before the change. */
function changesOf(timeZone: string, from: number, to: number): readonly number[] {
  const clock = clockOf(timeZone);
  const isChanged = (start: number, end: number): boolean => clock(end) - clock(start) !== end - start;
  const found: number[] = [];
  for (let day = from; day < to; day += DAY_MS) {
    if (!isChanged(day, day + DAY_MS)) continue;
    let minute = day;
    while (!isChanged(minute, minute + MINUTE_MS)) minute += MINUTE_MS;
    found.push(minute);
  }
  return found;
}

/**
 * The changes of 2026, and the longest one: each kind once (the time of day and by how much), in the long run also each
 * instant.
 */
const changes = new Map(
  [
    ...Intl.supportedValuesOf('timeZone').flatMap((zone) =>
      changesOf(zone, Date.UTC(2026, 0, 1, 12), Date.UTC(2027, 0, 1, 12)).map((at) => [zone, at] as const),
    ),
    ['Pacific/Apia', Date.parse('2011-12-30T09:59Z')] as const,
  ].map(([zone, at]) => {
    const clock = clockOf(zone);
    const [before, after] = [clock(at), clock(at + MINUTE_MS)];
    const kind = [before % DAY_MS, after - before, rounds(0, at)].join(' ');
    return [kind, [zone, shown(at), at] as const];
  }),
);

describe.each([...changes.values()])('in %s at %s', (timeZone, _shown, change) => {
  const clock = clockOf(timeZone);
  const [from, to] = [change - 1.5 * DAY_MS, change + 2 * DAY_MS];
  const minutes = Array.from(
    { length: (to - from) / MINUTE_MS },
    (_, index) => from + (index + 1) * MINUTE_MS,
  );
  const shownAt = new Map(minutes.map((minute) => [minute, clock(minute)]));
  // Around both ends of what is skipped or repeated.
  const times = [change, change + MINUTE_MS].flatMap((at) =>
    [-30, -1, 0, 1, 30].map((by) => clock(at) + by * MINUTE_MS),
  );

  test('a time of day runs when the clock first shows it or a later time, once a day', () => {
    for (const time of new Set(times)) {
      const days = [-2, -1, 0, 1, 2, 3].map((day) => time + day * DAY_MS);
      const expected = days
        .filter((wanted) => wanted > clock(from))
        .flatMap((wanted) => minutes.find((minute) => (shownAt.get(minute) ?? 0) >= wanted) ?? [])
        .map(shown);
      expect(runs({ at: shown(time).slice(11), timeZone }, from, to)).toEqual([...new Set(expected)]);
    }
  });

  test('a schedule of every hour runs whenever the clock shows its minute', () => {
    const expected = minutes.filter(
      (minute) => (shownAt.get(minute) ?? 0) % (60 * MINUTE_MS) === 15 * MINUTE_MS,
    );
    expect(runs({ cron: '15 * * * *', timeZone }, from, to)).toEqual(expected.map(shown));
  });
});

test.each(CLOCK_CHANGES)('over a clock change that %s', (_name, schedule, from, expected) => {
  const last = Date.parse(`${expected.at(-1)}Z`);
  expect(runs(schedule, Date.parse(`${from}Z`), last)).toEqual(expected);
});
