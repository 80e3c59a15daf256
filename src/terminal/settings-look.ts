import { readFileSync } from 'node:fs';
import { problem, ProblemError, type Problem } from '../agent/problem.ts';
import { sayIssue } from '../config/issue.ts';
import type { Settings } from '../config/profile.ts';
import { checkSettings } from '../config/schema.ts';
import { errorCode } from '../outlets/error-code.ts';
import { say } from '../words/say.ts';

/** What the settings file holds, seen without touching it. */
export type SettingsLook =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly problem: Problem };

/**
 * Looks at the settings file as somebody who does not own it: unlike `readSettings`, which sets a file aside
 * that is not JSON, this leaves a file in place that a person may be editing at this moment.
 */
export function lookAtSettings(file: string): SettingsLook {
  const unusable = (detail: string): SettingsLook => ({
    kind: 'unusable',
    problem: problem('admin', 'settings.unusable', { file, detail }),
  });
  try {
    const checked = checkSettings(JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/u, '')));
    if (checked.kind === 'ok') return { kind: 'ok', settings: checked.value };
    return unusable(checked.issues.map(sayIssue).join(' '));
  } catch (error) {
    // JSON's own message quotes the file.
    if (error instanceof SyntaxError) return unusable(say('cli.settings.not-json'));
    if (errorCode(error) === 'ENOENT') return { kind: 'absent' };
    if (errorCode(error) === '') throw error;
    return unusable(errorCode(error));
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
