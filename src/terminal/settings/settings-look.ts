import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { sayIssue } from '../../config/rules/issue.ts';
import type { Settings } from '../../config/profile/profile.ts';
import { seeSettings } from '../../config/settings/settings-file.ts';
import { say } from '../../words/say.ts';

/** What the settings file holds, seen without touching it. */
export type SettingsLook =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly problem: Problem };

/** Looks at the settings file as somebody who does not own it, with what is wrong as a problem of this command. */
export function lookAtSettings(file: string): SettingsLook {
  const unusable = (detail: string): SettingsLook => ({
    kind: 'unusable',
    problem: problem('admin', 'settings.unusable', { file, detail }),
  });
  const seen = seeSettings(file);
  switch (seen.kind) {
    case 'ok':
    case 'absent':
      return seen;
    case 'invalid':
      return unusable(seen.issues.map(sayIssue).join(' '));
    case 'not-json':
      return unusable(say('cli.settings.not-json'));
    case 'unreadable':
      return unusable(seen.reason);
  }
}

/** The settings, or undefined where there are none. @throws ProblemError `settings.unusable` */
export function usableSettings(file: string): Settings | undefined {
  const look = lookAtSettings(file);
  switch (look.kind) {
    case 'ok':
      return look.settings;
    case 'absent':
      return undefined;
    case 'unusable':
      throw new ProblemError(look.problem);
  }
}
