import { scheduledJobs, scheduleJob, type Job } from 'node-schedule';
import { settingsIssue, showFound, type SettingsIssue } from './issue.ts';
import { cronLineOf, EVERY_HOURS, type Schedule } from './profile.ts';
import { isCronLine, isTimeOfDay } from './schedule-schema.ts';

/** What the parts of a schedule are called where it was written: `schedule.at`, `--at`. */
export interface ScheduleFields {
  readonly cron: string;
  readonly at: string;
  readonly everyHours: string;
  readonly timeZone: string;
}

/** The fields of a schedule that stands at `place` in the settings, like `profiles.0.schedule`. */
export function scheduleFieldsAt(place: string): ScheduleFields {
  return {
    cron: `${place}.cron`,
    at: `${place}.at`,
    everyHours: `${place}.everyHours`,
    timeZone: `${place}.timeZone`,
  };
}

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
function comesEver(cron: string, timeZone: string): boolean {
  // The types say Job; the code returns null (facts/electron.md 9).
  const job = scheduleJob(CHECK_NAME, { rule: cron, tz: timeZone }, () => undefined) as Job | null;
  job?.cancel();
  // A rule it refuses stays in its list of jobs all the same.
  Reflect.deleteProperty(scheduledJobs, CHECK_NAME);
  return job !== null;
}

/** What is wrong with the time of a schedule, in a zone that is there. */
function timeIssues(schedule: Schedule, timeZone: string, fields: ScheduleFields): readonly SettingsIssue[] {
  if ('at' in schedule)
    return isTimeOfDay(schedule.at)
      ? []
      : [settingsIssue(fields.at, showFound(schedule.at), 'settings.rule.at')];
  if ('everyHours' in schedule)
    return EVERY_HOURS.includes(schedule.everyHours)
      ? []
      : [settingsIssue(fields.everyHours, showFound(schedule.everyHours), 'settings.rule.every-hours')];
  const cron = cronLineOf(schedule);
  if (!isCronLine(cron)) return [settingsIssue(fields.cron, showFound(cron), 'settings.rule.cron.fields')];
  return comesEver(cron, timeZone)
    ? []
    : [settingsIssue(fields.cron, showFound(cron), 'settings.rule.cron.never')];
}

/**
 * Whether a schedule can be kept: a known IANA zone, and a time that comes in it. A time that a change to
 * summer time skips comes an hour later that day, so it is fine. Asked when settings are imported or
 * saved, never at start: it loads node-schedule and the zones.
 * @param fields what the parts are called where people wrote them
 */
export function checkSchedule(
  schedule: Schedule,
  fields: ScheduleFields = scheduleFieldsAt('schedule'),
): readonly SettingsIssue[] {
  const { timeZone } = schedule;
  if (isTimeZone(timeZone)) return timeIssues(schedule, timeZone, fields);
  return [
    // Which dates there are is no matter of the zone, so both mistakes are named at once.
    ...timeIssues(schedule, 'UTC', fields),
    settingsIssue(fields.timeZone, showFound(timeZone), 'settings.rule.time-zone'),
  ];
}
