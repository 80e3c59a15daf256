import type * as nodeSchedule from 'node-schedule';
import { scheduledJobs, scheduleJob } from 'node-schedule';
import { describe, expect, it, vi } from 'vitest';
import { checkSchedule } from '../../../src/config/profile/cron.ts';
import { EVERY_HOURS, type Schedule } from '../../../src/config/profile/profile.ts';

vi.mock('node-schedule', async (load) => {
  const schedule = await load<typeof nodeSchedule>();
  return { ...schedule, scheduleJob: vi.fn(schedule.scheduleJob) };
});

/** The cron lines requested from node-schedule since the last call. */
function askedLines(): unknown[] {
  const { calls } = vi.mocked(scheduleJob).mock;
  const lines = calls.map((call) => Reflect.get(call[1] as object, 'rule') as unknown);
  vi.mocked(scheduleJob).mockClear();
  return lines;
}

function broken(cron: string, timeZone: string): string[] {
  return checkSchedule({ cron, timeZone }).map(({ field, rule }) => `${field} ${rule.slice(14)}`);
}

/** The command line's names of the parts. */
const OPTIONS = { cron: '--cron', at: '--at', everyHours: '--every', timeZone: '--zone' };

describe('a schedule', () => {
  // First, because node-schedule has one timer, for its earliest job, and one left over by another test would hide it.
  it.each(['0 7 * * *', '70 7 * * *'])(
    'leaves neither timer nor job behind when it is checked: %j',
    (cron) => {
      vi.useFakeTimers();
      broken(cron, 'UTC');
      const left = vi.getTimerCount();
      vi.useRealTimers();
      expect([left, Object.keys(scheduledJobs)]).toEqual([0, []]);
    },
  );

  it.each([
    ['0 7 * * *', 'Asia/Seoul'],
    ['30 7 * * MON-FRI', 'Europe/Berlin'],
    ['*/5 * * * *', 'UTC'],
    ['0 7 29 2 *', 'UTC'],
    [' 0  7 * * * ', 'America/New_York'],
  ])('%j in %s can be kept', (cron, zone) => expect(broken(cron, zone)).toEqual([]));

  it.each(['', '7', '* *', '0 0 7 * * *', '0 7 * * * * *', '@daily', 'hello'])(
    '%j does not have five fields',
    (cron) => expect(broken(cron, 'UTC')).toEqual(['schedule.cron cron.fields']),
  );

  it.each([
    '*/61 * * * *',
    '*/090 * * * *',
    '30/90 * * * *',
    '5,10-20/90 7 * * *',
    '0 */25 * * *',
    '0 8-18/100 * * *',
    '0 0 */32 * *',
    '0 0 ?/32 * *',
    '0 0 L/32 * *',
    '0 0 1 jan-MAR/13 *',
    '0 0 * * */8',
    '0 0 * * mon/8',
  ])('%j has a step beyond the range of its field', (cron) =>
    expect(broken(cron, 'UTC')).toEqual(['schedule.cron cron.step']),
  );

  // One run each time that the field starts again is what such a step says; a range may be shorter than its step.
  it.each([
    '*/60 * * * *',
    '0 */24 * * *',
    '0 0 */31 * *',
    '0 0 1 */12 *',
    '0 0 * * */7',
    '0 0 1-5/9 * *',
    '0-10/20 * * * *',
  ])('%j has a step within it', (cron) => expect(broken(cron, 'UTC')).toEqual([]));

  it.each(['*/0 * * * *', '*/-5 * * * *', '*/5/90 * * * *', '5/ * * * *'].map((cron) => [cron]))(
    '%j has no readable step, and is refused',
    (cron) => expect(broken(cron, 'UTC')).toHaveLength(1),
  );

  // node-schedule would read the last two as dates, and run once.
  it.each([
    '0 7 30 2 *',
    '70 7 * * *',
    '0 25 * * *',
    'a b c d e',
    '0 7 * * 9',
    '? mon 2099 12:00 5',
    '? mon 2999 12:00 5',
  ])('%j never comes or cannot be read', (cron) =>
    expect(broken(cron, 'UTC')).toEqual(['schedule.cron cron.never']),
  );

  // node-schedule would search the calendar day by day, for seconds.
  it.each([
    '0 0 31 4,6,9,11 *',
    '0 0 31 apr,JUN *',
    '0 0 31 4-6/2 ?',
    '5 3 30,31 feb,2 *',
    '0 0 31/1 4,6 0-7',
    '0 0 31 4,6 1-7',
    '0 0 30-31/1 2,2 */1',
    ' 0 0  31-31 4,6 * ',
  ])('%j never occurs, and no calendar search is made', (cron) => {
    askedLines();
    expect([broken(cron, 'UTC'), askedLines()]).toEqual([['schedule.cron cron.never'], []]);
  });

  it.each([
    '0 0 31 4,6 1',
    '0 0 31 4,6 0-6',
    '0 0 31 4/2 *',
    '0 0 31 2/2 *',
    '0 0 L 2,4 *',
    '0 0 */31 4,6 *',
    '0 0 30 2,4 *',
    '0 0 31 sep-dec *',
    '0 0 29,31 2 *',
  ])('%j comes', (cron) => expect(broken(cron, 'UTC')).toEqual([]));

  it('of a leap day is no search of years, and the rest of its line is looked at all the same', () => {
    askedLines();
    expect(broken('1 5 29 2 *', 'UTC')).toEqual([]);
    expect(broken('1 5 29-31 feb *', 'UTC')).toEqual([]);
    expect(broken('1 25 29 2 *', 'UTC')).toEqual(['schedule.cron cron.never']);
    expect(askedLines()).toEqual(['1 5 28 2 *', '1 5 28 2 *', '1 25 28 2 *']);
  });

  it('is checked once, however often it occurs and in whichever zone', () => {
    askedLines();
    for (const zone of ['UTC', 'UTC', 'Asia/Seoul'])
      expect([broken('2 5 * * *', zone), broken('2 55 * * *', zone)]).toEqual([
        [],
        ['schedule.cron cron.never'],
      ]);
    expect(askedLines()).toEqual(['2 5 * * *', '2 55 * * *']);
  });

  it.each<Schedule>([
    { at: '07:00', timeZone: 'Asia/Seoul' },
    { at: '00:00', timeZone: 'UTC' },
    { at: '23:59', timeZone: 'UTC' },
    ...EVERY_HOURS.map((everyHours) => ({ everyHours, timeZone: 'Europe/Berlin' })),
  ])('%j can be kept', (schedule) => expect(checkSchedule(schedule)).toEqual([]));

  it.each<Schedule>([
    { at: '02:30', timeZone: 'Europe/Berlin' },
    { at: '02:30', timeZone: 'America/New_York' },
    { cron: '30 2 28 3 *', timeZone: 'Europe/Berlin' },
    { cron: '30 2 14 3 *', timeZone: 'America/New_York' },
  ])('may be in the hour that summer time skips: %j', (schedule) => {
    vi.useFakeTimers({ now: Date.UTC(2027, 2, 1) });
    try {
      expect(checkSchedule(schedule)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each<[unknown, string[]]>([
    [{ at: '7:00', timeZone: 'UTC' }, ['schedule.at at 7:00']],
    [{ at: '24:00', timeZone: 'UTC' }, ['schedule.at at 24:00']],
    [{ everyHours: 5, timeZone: 'UTC' }, ['schedule.everyHours every-hours 5']],
    [{ at: '07:00', timeZone: 'Nowhere' }, ['schedule.timeZone time-zone Nowhere']],
    [{ at: '25:00', timeZone: 'Nowhere' }, ['schedule.at at 25:00', 'schedule.timeZone time-zone Nowhere']],
    [
      { cron: '0 7 30 2 *', timeZone: 'Nowhere' },
      ['schedule.cron cron.never 0 7 30 2 *', 'schedule.timeZone time-zone Nowhere'],
    ],
  ])('that is broken has all errors reported where it was written: %j', (schedule, issues) => {
    const found = checkSchedule(schedule as Schedule);
    expect(found.map((issue) => `${issue.field} ${issue.rule.slice(14)} ${issue.found ?? ''}`)).toEqual(
      issues,
    );
  });

  it.each<[unknown, string]>([
    [{ at: '25:00', timeZone: 'UTC' }, '--at'],
    [{ cron: '7', timeZone: 'UTC' }, '--cron'],
    [{ everyHours: 7, timeZone: 'UTC' }, '--every'],
    [{ cron: '0 7 * * *', timeZone: 'Seoul' }, '--zone'],
  ])('of the command line is reported by its option: %j', (schedule, option) => {
    expect(checkSchedule(schedule as Schedule, OPTIONS).map(({ field }) => field)).toEqual([option]);
  });

  it.each(['', 'Nowhere/Town', '+09:00', 'Asia/Seoul ', '09:00'])('%j is no time zone', (zone) =>
    expect(broken('0 7 * * *', zone)).toEqual(['schedule.timeZone time-zone']),
  );
});
