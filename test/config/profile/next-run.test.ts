import { describe, expect, test } from 'vitest';
import { nextRun } from '../../../src/config/profile/next-run.ts';
import type { Schedule } from '../../../src/config/profile/profile.ts';

/** The next runs from noon UTC on a day, as instants in UTC to the minute. */
function runs(schedule: Schedule, from: string, times: number): readonly string[] {
  const found: string[] = [];
  let after = Date.parse(`${from}T12:00:00Z`);
  for (let time = 0; time < times; time += 1) {
    after = nextRun(schedule, after) ?? Number.NaN;
    found.push(new Date(after).toISOString().slice(0, 16));
  }
  return found;
}

describe('a time that the clocks skip is run as soon as the gap is over, that day, once', () => {
  // The dates of the tz database (2026a): https://www.iana.org/time-zones
  test.each([
    ['Africa/Cairo', '00:00', '2026-04-23', ['2026-04-23T22:00', '2026-04-24T21:00']],
    ['Africa/Cairo', '00:30', '2026-04-23', ['2026-04-23T22:00', '2026-04-24T21:30']],
    ['America/Santiago', '00:00', '2026-09-05', ['2026-09-06T04:00', '2026-09-07T03:00']],
    ['Asia/Beirut', '00:10', '2026-03-28', ['2026-03-28T22:00', '2026-03-29T21:10']],
    ['America/Havana', '00:30', '2026-03-07', ['2026-03-08T05:00', '2026-03-09T04:30']],
    ['Australia/Lord_Howe', '02:15', '2026-10-03', ['2026-10-03T15:30', '2026-10-04T15:15']],
    ['America/Asuncion', '07:00', '2026-10-03', ['2026-10-04T10:00', '2026-10-05T10:00']],
    ['Europe/Berlin', '07:00', '2026-03-28', ['2026-03-29T05:00', '2026-03-30T05:00']],
  ])('%s, %s', (timeZone, at, from, expected) => {
    expect(runs({ at, timeZone }, from, 2)).toEqual(expected);
    const [hour, minute] = at.split(':').map(Number);
    expect(runs({ cron: `${minute} ${hour} * * *`, timeZone }, from, 2)).toEqual(expected);
  });

  test('of every eight hours, only the one that is skipped moves', () =>
    expect(runs({ everyHours: 8, timeZone: 'Africa/Cairo' }, '2026-04-23', 4)).toEqual([
      '2026-04-23T14:00',
      '2026-04-23T22:00',
      '2026-04-24T05:00',
      '2026-04-24T13:00',
    ]));

  test('a day of the week that has no such time is not run on another day', () =>
    // The gap is on a Friday; Mondays are not concerned.
    expect(runs({ cron: '0 0 * * 1', timeZone: 'Africa/Cairo' }, '2026-04-23', 1)).toEqual([
      '2026-04-26T21:00',
    ]));

  test('every minute goes on without the gap', () =>
    expect(nextRun({ cron: '* * * * *', timeZone: 'Africa/Cairo' }, Date.parse('2026-04-23T21:59:30Z'))).toBe(
      Date.parse('2026-04-23T22:00:00Z'),
    ));
});
