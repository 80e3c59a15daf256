import { scheduleJob, type Job } from 'node-schedule';
import { cronLineOf, type Schedule } from './profile.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The clocks of a zone are set forward: from `at`, they show `lengthMs` more than before. All in milliseconds. */
interface Gap {
  readonly at: number;
  readonly offsetBefore: number;
  readonly lengthMs: number;
}

/**
 * The first run of a schedule after an instant; both in milliseconds since the epoch. Undefined if it never occurs.
 *
 * node-schedule moves a time that the clocks skip to later that day, except for those in the first hour of the gap or at
 * midnight, where it loses the whole day. Such a run comes as soon as the gap is over.
 */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  const cron = cronLineOf(schedule);
  const found = runAfter(cron, schedule.timeZone, after);
  if (found === undefined) return undefined;
  const lost = gapsBetween(schedule.timeZone, after, found).find(({ at, offsetBefore, lengthMs }) => {
    if (found - at <= lengthMs) return false;
    // In UTC no time is skipped, so the wall clock's time is written as if it were UTC.
    const skippedFrom = at + offsetBefore;
    const skipped = runAfter(cron, 'UTC', skippedFrom - 1);
    return skipped !== undefined && skipped < skippedFrom + lengthMs;
  });
  return lost?.at ?? found;
}

/** What node-schedule finds. */
function runAfter(cron: string, timeZone: string, after: number): number | undefined {
  // The types promise a Job, but a rule that never occurs gives null (see cron.ts).
  const makeJob = (): Job | null => scheduleJob({ rule: cron, tz: timeZone }, () => undefined);
  const job = withClockAt(after, makeJob);
  const next = job?.nextInvocation()?.getTime();
  // At the real time, because canceling sets the timers of all jobs.
  job?.cancel();
  return next;
}

/** Sets `Date.now` to `at` for one synchronous call: node-schedule takes no other clock, and ignores a past start. */
function withClockAt<Value>(at: number, read: () => Value): Value {
  const usual = Date.now;
  Date.now = () => at;
  try {
    return read();
  } finally {
    Date.now = usual;
  }
}

/** The gaps between two instants, in their order. */
function gapsBetween(timeZone: string, from: number, to: number): readonly Gap[] {
  const offsetAt = offsetsOf(timeZone);
  const gaps: Gap[] = [];
  for (let day = from; day < to; day += DAY_MS) {
    const end = Math.min(day + DAY_MS, to);
    const [offsetBefore, offsetAfter] = [offsetAt(day), offsetAt(end)];
    if (offsetAfter <= offsetBefore) continue;
    gaps.push({
      at: firstWith((at) => offsetAt(at) === offsetAfter, day, end),
      offsetBefore,
      lengthMs: offsetAfter - offsetBefore,
    });
  }
  return gaps;
}

/** The first whole minute from which `holds` is true: false at `from`, true at `to`, and it changes once. */
function firstWith(holds: (at: number) => boolean, from: number, to: number): number {
  let [low, high] = [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * MINUTE_MS)) high = middle;
    else low = middle;
  }
  return high * MINUTE_MS;
}

/** The offset of a zone from UTC at an instant, in milliseconds; `GMT+02:00` in ECMA-402's `longOffset`. */
function offsetsOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const [, sign, hours = '0', minutes = '0'] =
      /GMT(?:([+-])(\d{2}):(\d{2}))?/u.exec(format.format(at)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  };
}
