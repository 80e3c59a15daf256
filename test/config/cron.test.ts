import { scheduledJobs } from 'node-schedule';
import { describe, expect, it, vi } from 'vitest';
import { checkSchedule } from '../../src/config/cron.ts';

function broken(cron: string, timeZone: string): string[] {
  return checkSchedule({ cron, timeZone }).map(({ field, rule }) => `${field} ${rule.slice(14)}`);
}

describe('a schedule', () => {
  // First: node-schedule has one timer, for its earliest job, and one left by another test would hide it.
  it.each(['0 7 * * *', '0 7 30 2 *'])(
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

  it.each(['0 7 30 2 *', '70 7 * * *', '0 25 * * *', 'a b c d e', '0 7 * * 9'])(
    '%j never comes or cannot be read',
    (cron) => expect(broken(cron, 'UTC')).toEqual(['schedule.cron cron.never']),
  );

  it.each(['', 'Nowhere/Town', '+09:00', 'Asia/Seoul ', '09:00'])('%j is no time zone', (zone) =>
    expect(broken('0 7 * * *', zone)).toEqual(['schedule.timeZone time-zone']),
  );
});
