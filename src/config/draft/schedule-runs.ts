import { scheduleJob, type Job } from 'node-schedule';
import type { DraftIssue, ScheduleDraft } from './draft.ts';
import { cronLineOf } from '../profile/profile.ts';
import { scheduleDraftIssues, scheduleOfDraft } from './schedule-draft.ts';

/** The next instants of a schedule in milliseconds since the epoch, or what is wrong with it. */
export type ScheduleRuns =
  | { readonly kind: 'comes'; readonly at: readonly number[] }
  | { readonly kind: 'refused'; readonly issues: readonly DraftIssue[] };

/** As many as the form shows: a working week of a daily schedule. */
const RUNS = 5;

/**
 * After an instant further away than this no other is looked for: the way to it is searched day by day, and a leap
 * day's five would keep everybody else in the process waiting for half a second. Five years hold the five of a
 * yearly schedule.
 */
const FAR_AWAY_MS = 5 * 366 * 24 * 3_600_000;

const RUNS_NAME = 'tokentray: when does this schedule come?';

/**
 * The next five instants of a schedule as it was typed, none for no schedule: asked of node-schedule, which will
 * keep them too. It reckons from `Date.now()`. Fewer where they are years apart. Loads node-schedule: import this
 * module when it is needed.
 */
export function scheduleRuns(draft: ScheduleDraft): ScheduleRuns {
  const issues = scheduleDraftIssues(draft);
  if (issues.length > 0) return { kind: 'refused', issues };
  const schedule = scheduleOfDraft(draft);
  if (schedule === undefined) return { kind: 'comes', at: [] };
  const rule = { rule: cronLineOf(schedule), tz: schedule.timeZone };
  // The types say Job; the code returns null (facts/electron.md 9).
  const job = scheduleJob(RUNS_NAME, rule, () => undefined) as Job | null;
  try {
    return { kind: 'comes', at: job === null ? [] : nextOf(job) };
  } finally {
    job?.cancel();
  }
}

/** A cancelled instant is followed by the next one of the same rule. */
function nextOf(job: Job): readonly number[] {
  const at: number[] = [];
  const farAway = Date.now() + FAR_AWAY_MS;
  for (let next = job.nextInvocation(); next !== null; next = job.nextInvocation()) {
    at.push(next.getTime());
    if (at.length >= RUNS || next.getTime() > farAway) break;
    job.cancelNext(true);
  }
  return at;
}
