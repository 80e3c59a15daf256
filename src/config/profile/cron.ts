import { scheduledJobs, scheduleJob, type Job } from 'node-schedule';
import { cronDate, hasUselessStep } from './cron-date.ts';
import { settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { EVERY_HOURS, type Schedule } from './profile.ts';
import { isCronLine, isTimeOfDay } from './schedule-schema.ts';

/** The names of a schedule's parts where it was written: `schedule.at`, `--at`. */
export type ScheduleFields = Readonly<Record<'cron' | 'at' | 'everyHours' | 'timeZone', string>>;

/** The fields of a schedule at `place` in the settings, like `profiles.0.schedule`. */
export function scheduleFieldsAt(place: string): ScheduleFields {
  return {
    cron: `${place}.cron`,
    at: `${place}.at`,
    everyHours: `${place}.everyHours`,
    timeZone: `${place}.timeZone`,
  };
}

const CHECK_NAME = 'tokentray: is this a schedule?';

/** Whether a text is the name of a zone. Newer Node versions also accept an offset like `+09:00`, which has no daylight saving time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/u.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** As many as an import may have profiles. */
const REMEMBERED_VERDICTS = 1000;

/** By zone and line. A form asks at each keystroke, and profiles often share one schedule. */
const verdicts = new Map<string, boolean>();

function everOccurs(cron: string, timeZone: string): boolean {
  const key = `${timeZone} ${cron}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const verdict = canOccur(cron, timeZone);
  const [oldest] = verdicts.keys();
  if (oldest !== undefined && verdicts.size >= REMEMBERED_VERDICTS) verdicts.delete(oldest);
  verdicts.set(key, verdict);
  return verdict;
}

/** As node-schedule decides, except for dates for which it would search years day by day. */
function canOccur(cron: string, timeZone: string): boolean {
  switch (cronDate(cron)) {
    case 'never':
      return false;
    case 'leap-day': {
      // The day before is equivalent for the rest of the line, and exists every year.
      const [minute, hour] = cron.trim().split(/\s+/u);
      return canBeScheduled(`${minute} ${hour} 28 2 *`, timeZone);
    }
    case 'open':
      return canBeScheduled(cron, timeZone);
  }
}

/** node-schedule returns null for a line that it cannot read or that never occurs. */
function canBeScheduled(cron: string, timeZone: string): boolean {
  // The types promise a Job, but the code may return null:
  // https://github.com/node-schedule/node-schedule/blob/v2.1.1/lib/schedule.js
  const job = scheduleJob(CHECK_NAME, { rule: cron, tz: timeZone }, () => undefined) as Job | null;
  job?.cancel();
  // A refused rule stays in its list of jobs.
  Reflect.deleteProperty(scheduledJobs, CHECK_NAME);
  return job !== null;
}

/** The errors in the time of a schedule, in a known zone. */
function timeIssues(schedule: Schedule, timeZone: string, fields: ScheduleFields): readonly SettingsIssue[] {
  const issueIf = (isBroken: boolean, field: string, found: unknown, rule: PlainRule): SettingsIssue[] =>
    isBroken ? [settingsIssue(field, showFound(found), rule)] : [];
  if ('at' in schedule) return issueIf(!isTimeOfDay(schedule.at), fields.at, schedule.at, 'settings.rule.at');
  if ('everyHours' in schedule) {
    const { everyHours } = schedule;
    return issueIf(
      !EVERY_HOURS.includes(everyHours),
      fields.everyHours,
      everyHours,
      'settings.rule.every-hours',
    );
  }
  const { cron } = schedule;
  if (!isCronLine(cron)) return issueIf(true, fields.cron, cron, 'settings.rule.cron.fields');
  if (hasUselessStep(cron)) return issueIf(true, fields.cron, cron, 'settings.rule.cron.step');
  return issueIf(!everOccurs(cron, timeZone), fields.cron, cron, 'settings.rule.cron.never');
}

/**
 * Checks that a schedule has a known IANA zone and a time that occurs in it. A time skipped by a change to daylight
 * saving time occurs an hour later that day, so it is valid. Used when settings are imported or saved, never at startup,
 * because it loads node-schedule and the zones.
 * @param fields the names of the parts where the user wrote them
 */
export function checkSchedule(
  schedule: Schedule,
  fields: ScheduleFields = scheduleFieldsAt('schedule'),
): readonly SettingsIssue[] {
  const { timeZone } = schedule;
  if (isTimeZone(timeZone)) return timeIssues(schedule, timeZone, fields);
  return [
    // Whether a date exists does not depend on the zone, so both errors are reported at once.
    ...timeIssues(schedule, 'UTC', fields),
    settingsIssue(fields.timeZone, showFound(timeZone), 'settings.rule.time-zone'),
  ];
}
