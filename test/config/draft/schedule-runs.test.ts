import { scheduledJobs } from 'node-schedule';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScheduleDraft } from '../../../src/config/draft/draft.ts';
import { EVERY_HOURS } from '../../../src/config/profile/profile.ts';
import { scheduleRuns } from '../../../src/config/draft/schedule-runs.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 12, 30) }));
afterEach(() => void vi.useRealTimers());

/** The times in UTC, to the minute. */
function runs(draft: ScheduleDraft): readonly string[] {
  const found = scheduleRuns(draft);
  if (found.kind === 'refused') throw new Error(JSON.stringify(found.issues));
  return found.at.map((at) => new Date(at).toISOString().slice(0, 16));
}

describe('the next five runs', () => {
  // First, because node-schedule has one timer, for its earliest job, and one left over by another test would hide it.
  test.each<ScheduleDraft>([
    { kind: 'at', at: '07:00', timeZone: 'Asia/Seoul' },
    { kind: 'cron', cron: '0 7 30 2 *', timeZone: 'UTC' },
    { kind: 'cron', cron: '* * * * *', timeZone: 'UTC' },
  ])('leave neither timer nor job behind: %j', (draft) => {
    scheduleRuns(draft);
    expect([vi.getTimerCount(), Object.keys(scheduledJobs)]).toEqual([0, []]);
  });

  test('of a time of day are five days in its zone', () =>
    expect(runs({ kind: 'at', at: '07:00', timeZone: 'Asia/Seoul' })).toEqual([
      '2026-11-22T22:00',
      '2026-11-23T22:00',
      '2026-11-24T22:00',
      '2026-11-25T22:00',
      '2026-11-26T22:00',
    ]));

  test('of every eight hours are counted from midnight there', () =>
    expect(runs({ kind: 'every-hours', everyHours: 8, timeZone: 'Europe/Berlin' })).toEqual([
      '2026-11-22T15:00',
      '2026-11-22T23:00',
      '2026-11-23T07:00',
      '2026-11-23T15:00',
      '2026-11-23T23:00',
    ]));

  test('of a cron line are as it says', () =>
    expect(runs({ kind: 'cron', cron: '30 7 * * MON-FRI', timeZone: 'UTC' })).toEqual([
      '2026-11-23T07:30',
      '2026-11-24T07:30',
      '2026-11-25T07:30',
      '2026-11-26T07:30',
      '2026-11-27T07:30',
    ]));

  test('of one day a year cover five years', () =>
    expect(runs({ kind: 'cron', cron: '0 7 1 3 *', timeZone: 'UTC' })).toEqual(
      [2027, 2028, 2029, 2030, 2031].map((year) => `${year}-03-01T07:00`),
    ));

  test('of a leap day are not searched endlessly', () =>
    expect(runs({ kind: 'cron', cron: '0 7 29 2 *', timeZone: 'UTC' })).toEqual([
      '2028-02-29T07:00',
      '2032-02-29T07:00',
    ]));

  test('occur once in the night that repeats their hour, and an hour later in the night that skips it', () => {
    vi.setSystemTime(Date.UTC(2026, 9, 23, 12));
    expect(runs({ kind: 'at', at: '02:30', timeZone: 'Europe/Berlin' }).slice(0, 3)).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    vi.setSystemTime(Date.UTC(2027, 2, 26, 12));
    expect(runs({ kind: 'at', at: '02:30', timeZone: 'Europe/Berlin' }).slice(0, 3)).toEqual([
      '2027-03-27T01:30',
      '2027-03-28T01:30',
      '2027-03-29T00:30',
    ]);
  });

  test.each(EVERY_HOURS.map((everyHours) => [everyHours]))('occur in order every %i hours', (everyHours) => {
    const at = runs({ kind: 'every-hours', everyHours, timeZone: 'America/New_York' });
    expect(at).toHaveLength(5);
    expect(at).toEqual([...new Set(at)].toSorted());
  });

  test('without a schedule are none', () => expect(runs({ kind: 'none' })).toEqual([]));

  test('ignore spaces around what was typed', () =>
    expect(runs({ kind: 'at', at: ' 07:00 ', timeZone: ' UTC ' })).toHaveLength(5));
});

describe('a schedule that cannot be kept', () => {
  test.each<[ScheduleDraft, readonly string[]]>([
    [{ kind: 'at', at: '25:00', timeZone: 'UTC' }, ['schedule.at']],
    [{ kind: 'at', at: '', timeZone: '' }, ['schedule.at', 'schedule.timeZone']],
    [{ kind: 'cron', cron: '0 7 * *', timeZone: 'UTC' }, ['schedule.cron']],
    [{ kind: 'cron', cron: '0 7 31 2 *', timeZone: 'UTC' }, ['schedule.cron']],
    [{ kind: 'cron', cron: '@daily', timeZone: 'Mars/Olympus' }, ['schedule.cron', 'schedule.timeZone']],
    [{ kind: 'every-hours', everyHours: 8, timeZone: '+09:00' }, ['schedule.timeZone']],
  ])('is refused at its fields: %j', (draft, fields) => {
    const found = scheduleRuns(draft);
    if (found.kind === 'comes') throw new Error('taken');
    expect(found.issues.map(({ field }) => field)).toEqual(fields);
  });

  test('is reported with what was found and expected, under the form’s name of the field', () =>
    expect(scheduleRuns({ kind: 'at', at: '7 Uhr', timeZone: 'UTC' })).toEqual({
      kind: 'refused',
      issues: [
        {
          field: 'schedule.at',
          sentence: 'Time of day: Must be a time of day from 00:00 to 23:59, for example 07:00. Found: 7 Uhr',
        },
      ],
    }));
});
