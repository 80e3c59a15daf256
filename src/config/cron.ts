import { scheduledJobs, scheduleJob, type Job } from 'node-schedule';
import { settingsIssue, showFound, type SettingsIssue } from './issue.ts';
import type { Schedule } from './profile.ts';

/** node-schedule would also take six fields, with seconds, and fewer than five, filled up with `*`. */
const CRON_FIELDS = 5;

const CHECK_NAME = 'tokentray: is this a schedule?';

/** A zone's name; an offset like `+09:00` is one to newer Nodes only, and knows no daylight saving time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/u.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** node-schedule's own word on it: it gives null for what it cannot read and for what never comes. */
function comesEver(schedule: Schedule): boolean {
  const rule = { rule: schedule.cron, tz: schedule.timeZone };
  // The types say Job; the code returns null (facts/electron.md 9).
  const job = scheduleJob(CHECK_NAME, rule, () => undefined) as Job | null;
  job?.cancel();
  // A rule it refuses stays in its list of jobs all the same.
  Reflect.deleteProperty(scheduledJobs, CHECK_NAME);
  return job !== null;
}

/**
 * Whether a schedule can be kept: five cron fields, a time that comes, a known IANA zone. Asked when
 * settings are imported or saved, never at start: it loads node-schedule and the zones.
 * @param field where the schedule stands, for the issues
 */
export function checkSchedule(schedule: Schedule, field = 'schedule'): readonly SettingsIssue[] {
  const { cron, timeZone } = schedule;
  if (!isTimeZone(timeZone))
    return [settingsIssue(`${field}.timeZone`, showFound(timeZone), 'settings.rule.time-zone')];
  if (cron.trim().split(/\s+/u).length !== CRON_FIELDS || cron.includes('@'))
    return [settingsIssue(`${field}.cron`, showFound(cron), 'settings.rule.cron.fields')];
  return comesEver(schedule)
    ? []
    : [settingsIssue(`${field}.cron`, showFound(cron), 'settings.rule.cron.never')];
}
