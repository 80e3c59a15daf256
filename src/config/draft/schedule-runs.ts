import type { DraftIssue, ScheduleDraft } from './draft.ts';
import { nextRun } from '../profile/next-run.ts';
import type { Schedule } from '../profile/profile.ts';
import { scheduleDraftIssues, scheduleOfDraft } from './schedule-draft.ts';

/** The next times of a schedule in milliseconds since the epoch, or its errors. */
export type ScheduleRuns =
  | { readonly kind: 'comes'; readonly at: readonly number[] }
  | { readonly kind: 'refused'; readonly issues: readonly DraftIssue[] };

/** As many as the form shows; a working week of a daily schedule. */
const RUNS = 5;

/**
 * The search stops at the first time further away than this, because node-schedule searches day by day: five leap days
 * would block the process for half a second. Five years contain five times of a yearly schedule.
 */
const FAR_AWAY_MS = 5 * 366 * 24 * 3_600_000;

/**
 * The next five times of a typed schedule, from `Date.now()`, as they will run; fewer if they are years apart, none
 * without a schedule. Loads node-schedule, so import this module only when needed.
 */
export function scheduleRuns(draft: ScheduleDraft): ScheduleRuns {
  const issues = scheduleDraftIssues(draft);
  if (issues.length > 0) return { kind: 'refused', issues };
  const schedule = scheduleOfDraft(draft);
  if (schedule === undefined) return { kind: 'comes', at: [] };
  return { kind: 'comes', at: runsOf(schedule) };
}

function runsOf(schedule: Schedule): readonly number[] {
  const at: number[] = [];
  const farAway = Date.now() + FAR_AWAY_MS;
  for (let next = nextRun(schedule, Date.now()); next !== undefined; next = nextRun(schedule, next)) {
    at.push(next);
    if (at.length >= RUNS || next > farAway) break;
  }
  return at;
}
