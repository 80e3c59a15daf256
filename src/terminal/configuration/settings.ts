import { sayIssue, SettingsError, showFound } from '../../config/rules/issue.ts';
import type { Profile, Settings } from '../../config/profile/profile.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import { seeSettings } from '../../config/settings/settings-file.ts';
import type { Places } from '../../system/places.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';

/** What the settings file contains, read without touching it. */
export type SettingsRead =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly problem: Problem };

/** Reads the settings file as a process that does not own it. */
export function readSettings({ settingsFile: file }: Pick<Places, 'settingsFile'>): SettingsRead {
  const seen = seeSettings(file);
  if (seen.kind === 'ok' || seen.kind === 'absent') return seen;
  return {
    kind: 'unusable',
    problem: problem('admin', 'settings.unusable', { file, detail: detailOf(seen) }),
  };
}

function detailOf(seen: Exclude<ReturnType<typeof seeSettings>, { readonly kind: 'ok' | 'absent' }>): string {
  switch (seen.kind) {
    case 'invalid':
      return seen.issues.map(sayIssue).join(' ');
    case 'not-json':
      return say('cli.settings.not-json');
    case 'unreadable':
      return seen.reason;
  }
}

/** The settings; the first ones if there is no file. @throws ProblemError `settings.unusable` */
export function usableSettings(places: Pick<Places, 'settingsFile'>): Settings {
  const read = readSettings(places);
  if (read.kind === 'unusable') throw new ProblemError(read.problem);
  return read.kind === 'ok' ? read.settings : firstSettings;
}

/** @throws ProblemError `profile.unknown`, `not-configured` */
export function profileNamed({ profiles }: Settings, id: string): Profile {
  const profile = profiles.find((one) => one.id === id);
  if (profile !== undefined) return profile;
  if (profiles.length === 0) throw new ProblemError(problem('admin', 'not-configured'));
  const known = profiles.map((one) => one.id).join(', ');
  throw new ProblemError(problem('usage', 'profile.unknown', { found: showFound(id) ?? '', known }));
}

/** Does a change. @throws ProblemError with the sentences of the settings that refuse it */
export async function orProblem<Result>(
  code: 'profile.unchanged' | 'profile.invalid',
  change: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const issues = error.issues.map(sayIssue).join(' ');
    throw new ProblemError(problem('usage', code, { issues }));
  }
}
