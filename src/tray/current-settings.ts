import { readFileSync } from 'node:fs';
import { settingsIssue, SettingsError } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Settings } from '../config/profile.ts';
import { checkSettings } from '../config/schema.ts';
import { usableSettings, type SettingsRead } from '../config/settings-file.ts';
import { errorCode } from '../outlets/error-code.ts';
import type { Configured } from './registration.ts';

/** What is set by now. With `trouble` the file cannot be used, and `settings` are those of the start. */
export type SettingsNow =
  | { readonly kind: 'usable'; readonly settings: Settings }
  | { readonly kind: 'trouble'; readonly settings: Settings; readonly trouble: SettingsError };

/** What is set by now, and why that is not what the file holds where it is not. The file is left as it is. */
export function settingsNow(
  { settingsFile }: Pick<Places, 'settingsFile'>,
  { source, settings }: Pick<Configured, 'source' | 'settings'>,
): SettingsNow {
  if (source === 'passing') return { kind: 'usable', settings };
  try {
    return { kind: 'usable', settings: usableSettings(lookAtSettings(settingsFile)) ?? settings };
  } catch (error) {
    if (error instanceof SettingsError) return { kind: 'trouble', settings, trouble: error };
    throw error;
  }
}

/** What is set by now; as at the start while the file cannot be used, or where this run keeps nothing. */
export function currentSettings(
  where: Pick<Places, 'settingsFile'>,
  configured: Pick<Configured, 'source' | 'settings'>,
): Settings {
  return settingsNow(where, configured).settings;
}

/** As `readSettings`, for who changes nothing: a file that is no JSON is not set aside. */
function lookAtSettings(file: string): SettingsRead {
  try {
    const checked = checkSettings(JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/u, '')));
    return checked.kind === 'ok' ? { kind: 'ok', settings: checked.value } : checked;
  } catch (error) {
    if (error instanceof SyntaxError)
      return { kind: 'invalid', issues: [settingsIssue('settings.json', undefined, 'settings.rule.json')] };
    const reason = errorCode(error);
    if (reason === '') throw error;
    return reason === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', setAsideAs: undefined, reason };
  }
}
