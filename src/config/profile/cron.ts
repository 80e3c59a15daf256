import { scheduledJobs, scheduleJob, type Job } from 'node-schedule';
import { cronDate } from './cron-date.ts';
import { settingsIssue, showFound, type SettingsIssue } from '../rules/issue.ts';
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

/** As many as an import may have profiles: of what is typed, the last few minutes'. */
const REMEMBERED_VERDICTS = 1000;

/** By zone and line. A form asks at each key, and profiles are often kept by one schedule. */
const verdicts = new Map<string, boolean>();

function comesEver(cron: string, timeZone: string): boolean {
  const key = `${timeZone} ${cron}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = isTaken(cron, timeZone);
  const [oldest] = verdicts.keys();
  if (oldest !== undefined && verdicts.size >= REMEMBERED_VERDICTS) verdicts.delete(oldest);
  verdicts.set(key, verdict);
  return verdict;
}

/** node-schedule's own word on it, but for dates it would search years of days for. */
function isTaken(cron: string, timeZone: string): boolean {
  switch (cronDate(cron)) {
    case 'never':
      return false;
    case 'leap-day': {
      // The day before is as good for the rest of the line, and is there each year.
      const [minute, hour] = cron.trim().split(/\s+/u);
      return canBeScheduled(`${minute} ${hour} 28 2 *`, timeZone);
    }
    case 'open':
      return canBeScheduled(cron, timeZone);
  }
}

/** node-schedule gives null for what it cannot read and for what never comes. */
function canBeScheduled(cron: string, timeZone: string): boolean {
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
