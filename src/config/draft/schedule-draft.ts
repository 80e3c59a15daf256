import { checkSchedule } from '../profile/cron.ts';
import type { DraftIssue, ScheduleDraft } from './draft.ts';
import { sayDraftIssue } from './draft-issue.ts';
import { showFound, type SettingsIssue } from '../rules/issue.ts';
import type { Schedule } from '../profile/profile.ts';

/** The schedule that a draft means, right or wrong; undefined: renewed before expiry only. */
export function scheduleOfDraft(draft: ScheduleDraft): Schedule | undefined {
  switch (draft.kind) {
    case 'none':
      return undefined;
    case 'at':
      return { at: draft.at.trim(), timeZone: draft.timeZone.trim() };
    case 'every-hours':
      return { everyHours: draft.everyHours, timeZone: draft.timeZone.trim() };
    case 'cron':
      return { cron: draft.cron.trim(), timeZone: draft.timeZone.trim() };
  }
}

/**
 * What is wrong with a schedule as it was typed, each at its field. Loads node-schedule.
 * @param secrets are kept out of the sentences
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
  // `checkSchedule` knows of no secrets, so what was found is said anew.
  const hidden = (issue: SettingsIssue): SettingsIssue => ({
    ...issue,
    found: showFound(written.get(issue.field), secrets),
  });
  return checkSchedule(schedule).map((issue) => sayDraftIssue(hidden(issue), 'entra'));
}
