import { scheduledJobs } from 'node-schedule';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScheduleDraft } from '../../../src/config/draft/draft.ts';
import { EVERY_HOURS, type Schedule } from '../../../src/config/profile/profile.ts';
import { scheduleRuns } from '../../../src/config/draft/schedule-runs.ts';
import { CLOCK_CHANGES } from '../profile/clock-changes.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 12, 30) }));
afterEach(() => void vi.useRealTimers());

/** The times in UTC, to the minute. */
function runs(draft: ScheduleDraft): readonly string[] {
  const found = scheduleRuns(draft);
  if (found.kind === 'refused') throw new Error(JSON.stringify(found.issues));
  return found.at.map((at) => new Date(at).toISOString().slice(0, 16));
}

function draftOf(schedule: Schedule): ScheduleDraft {
  if ('cron' in schedule) return { kind: 'cron', ...schedule };
  return 'at' in schedule ? { kind: 'at', ...schedule } : { kind: 'every-hours', ...schedule };
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

  test.each(CLOCK_CHANGES)('over a clock change that %s', (_name, schedule, from, expected) => {
    vi.setSystemTime(new Date(`${from}Z`));
    expect(runs(draftOf(schedule)).slice(0, expected.length)).toEqual(expected);
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
    [{ kind: 'cron', cron: '0 */25 * * *', timeZone: 'UTC' }, ['schedule.cron']],
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

  test('because of a step too large is reported with the largest steps and the reason', () =>
    expect(scheduleRuns({ kind: 'cron', cron: '*/90 * * * *', timeZone: 'UTC' })).toEqual({
      kind: 'refused',
      issues: [
        {
          field: 'schedule.cron',
          sentence:
            'Cron expression: A step must be at most 60 for minutes, 24 for hours, 31 for days, 12 for months and 7 for weekdays. Each field starts again after its last value, so a step of 90 minutes would run every hour. Found: */90 * * * *',
        },
      ],
    }));
});
