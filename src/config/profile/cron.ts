import { cronDate, hasStepBeyondRange } from './cron-date.ts';
import { settingsIssue, showFound, type PlainRule, type SettingsIssue } from '../rules/issue.ts';
import { EVERY_HOURS, type Schedule } from './profile.ts';
import { nextOnCalendar } from './next-run.ts';
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

/** By line. A form asks at each keystroke, and profiles often share one schedule. */
const verdicts = new Map<string, boolean>();

function everOccurs(cron: string): boolean {
  const known = verdicts.get(cron);
  if (known !== undefined) return known;
  const verdict = canOccur(cron);
  const [oldest] = verdicts.keys();
  if (oldest !== undefined && verdicts.size >= REMEMBERED_VERDICTS) verdicts.delete(oldest);
  verdicts.set(cron, verdict);
  return verdict;
}

/** As node-schedule decides, except for dates for which it would search years day by day. */
function canOccur(cron: string): boolean {
  switch (cronDate(cron)) {
    case 'never':
      return false;
    case 'leap-day': {
      // The day before is equivalent for the rest of the line, and exists every year.
      const [minute, hour] = cron.trim().split(/\s+/u);
      return nextOnCalendar(`${minute} ${hour} 28 2 *`, Date.now()) !== undefined;
    }
    case 'open':
      return nextOnCalendar(cron, Date.now()) !== undefined;
  }
}

/** The errors in the time of a schedule. Whether it occurs does not depend on the zone. */
function timeIssues(schedule: Schedule, fields: ScheduleFields): readonly SettingsIssue[] {
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
  if (hasStepBeyondRange(cron)) return issueIf(true, fields.cron, cron, 'settings.rule.cron.step');
  return issueIf(!everOccurs(cron), fields.cron, cron, 'settings.rule.cron.never');
}

/**
 * Checks that a schedule has a known IANA zone and a time that occurs. A time that the clock skips runs after the gap
 * (next-run.ts), so it is valid. Used when settings are imported or saved, and by the timetable; not when settings are
 * read at startup, because it loads node-schedule and the zones.
 * @param fields the names of the parts where the user wrote them
 */
export function checkSchedule(
  schedule: Schedule,
  fields: ScheduleFields = scheduleFieldsAt('schedule'),
): readonly SettingsIssue[] {
  const { timeZone } = schedule;
  const issues = timeIssues(schedule, fields);
  if (isTimeZone(timeZone)) return issues;
  return [...issues, settingsIssue(fields.timeZone, showFound(timeZone), 'settings.rule.time-zone')];
}
