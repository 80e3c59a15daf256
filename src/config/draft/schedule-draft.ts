import { checkSchedule } from '../profile/cron.ts';
import type { DraftIssue, ScheduleDraft } from './draft.ts';
import { sayDraftIssue } from './draft-issue.ts';
import { showFound, type SettingsIssue } from '../rules/issue.ts';
import type { Schedule } from '../profile/profile.ts';

/** The schedule of a draft, valid or not; undefined: renewed only before expiry. */
export function scheduleOfDraft(draft: ScheduleDraft): Schedule | undefined {
  if (draft.kind === 'none') return undefined;
  const timeZone = draft.timeZone.trim();
  if (draft.kind === 'every-hours') return { everyHours: draft.everyHours, timeZone };
  return draft.kind === 'at' ? { at: draft.at.trim(), timeZone } : { cron: draft.cron.trim(), timeZone };
}

/**
 * The errors of a typed schedule, each at its field. Loads node-schedule.
 * @param secrets must not appear in the sentences
 */
export function scheduleDraftIssues(
  draft: ScheduleDraft,
  secrets: readonly string[] = [],
): readonly DraftIssue[] {
  const schedule = scheduleOfDraft(draft);
  if (schedule === undefined) return [];
  const written = new Map<string, unknown>(
    Object.entries(schedule).map(([part, value]: [string, unknown]) => [`schedule.${part}`, value]),
  );
  // `checkSchedule` does not know the secrets, so the found value is worded again here.
  const hidden = (issue: SettingsIssue): SettingsIssue => ({
    ...issue,
    found: showFound(written.get(issue.field), secrets),
  });
  return checkSchedule(schedule).map((issue) => sayDraftIssue(hidden(issue), 'entra'));
}
