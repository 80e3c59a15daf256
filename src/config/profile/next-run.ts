import { scheduledJobs, scheduleJob, type Job } from 'node-schedule';
import { runsEveryHour } from './cron-date.ts';
import { cronLineOf, type Schedule } from './profile.ts';
import { changeBetween, instantOf, offsetsOf, type OffsetAt } from './zone-time.ts';

const JOB_NAME = 'tokentray: next run of a schedule';

/** The Gregorian calendar, with its weekdays, repeats after 400 years, which are 146,097 days. */
const CALENDAR_MS = 146_097 * 24 * 3_600_000;

/**
 * The first time after another one that a cron line names, in a calendar without clock changes; undefined if
 * node-schedule cannot read the line or finds no such time. Times are in the milliseconds since the epoch that the same
 * date and time would be in UTC.
 */
export function nextOnCalendar(line: string, after: number): number | undefined {
  // node-schedule ignores a start in the past, and `after` may be in the past.
  const rule = { rule: line, start: new Date(after + CALENDAR_MS), tz: 'UTC' };
  // The types promise a Job, but the code may return null, and reads what is not a cron line as a date if it can:
  // https://github.com/node-schedule/node-schedule/blob/v2.1.1/lib/Job.js#L222-L236
  const job = scheduleJob(JOB_NAME, rule, () => undefined) as (Job & { isOneTimeJob?: boolean }) | null;
  const next = job?.isOneTimeJob === true ? undefined : job?.nextInvocation()?.getTime();
  job?.cancel();
  // A refused rule stays in its list of jobs.
  Reflect.deleteProperty(scheduledJobs, JOB_NAME);
  return next === undefined ? undefined : next - CALENDAR_MS;
}

/**
 * The first instant after another one at which a schedule runs, in milliseconds since the epoch; undefined if there is
 * none. The timetable and the preview both use it. A time that the clock skips runs at the first instant after the gap, a
 * time that occurs twice at the first of the two. A schedule of every hour needs neither: it runs whenever the clock shows
 * one of its minutes.
 *
 * node-schedule reads the cron line, but only in UTC. In other zones it omits days: cron-parser 4.9 expects gaps of one
 * hour that are not at midnight (`_applyTimezoneShift` in its expression.js).
 * @param schedule one that `checkSchedule` accepts
 */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  const offsetAt = offsetsOf(schedule.timeZone);
  const line = cronLineOf(schedule);
  return runsEveryHour(line) ? nextShown(line, offsetAt, after + 1) : nextOnce(line, offsetAt, after);
}

function nextOnce(line: string, offsetAt: OffsetAt, after: number): number | undefined {
  let time = nextOnCalendar(line, after + offsetAt(after));
  // While the clock repeats an hour, the times of this hour have already come.
  while (time !== undefined && instantOf(offsetAt, time) <= after) time = nextOnCalendar(line, time);
  return time === undefined ? undefined : instantOf(offsetAt, time);
}

/** The first instant, not before `from`, at which the clock shows a time of the line. */
function nextShown(line: string, offsetAt: OffsetAt, from: number): number | undefined {
  const offset = offsetAt(from);
  const time = nextOnCalendar(line, from + offset - 1);
  if (time === undefined) return undefined;
  const at = time - offset;
  return offsetAt(at) === offset ? at : nextShown(line, offsetAt, changeBetween(offsetAt, from, at));
}
