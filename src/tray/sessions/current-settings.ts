import { settingsIssue, SettingsError } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import type { Settings } from '../../config/profile/profile.ts';
import { seeSettings, usableSettings, type SettingsRead } from '../../config/settings/settings-file.ts';
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
    return { kind: 'usable', settings: usableSettings(lookAt(settingsFile)) ?? settings };
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

/** Nothing is set aside by who only looks, so a file that is no JSON is one that breaks a rule. */
function lookAt(file: string): SettingsRead {
  const seen = seeSettings(file);
  switch (seen.kind) {
    case 'not-json':
      return { kind: 'invalid', issues: [settingsIssue('settings.json', undefined, 'settings.rule.json')] };
    case 'unreadable':
      return { ...seen, setAsideAs: undefined };
    case 'ok':
    case 'absent':
    case 'invalid':
      return seen;
  }
}
