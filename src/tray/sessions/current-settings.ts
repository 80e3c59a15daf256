import type { Settings } from '../../config/profile/profile.ts';
import { settingsIssue, SettingsError } from '../../config/rules/issue.ts';
import { seeSettings, usableSettings, type SettingsRead } from '../../config/settings/settings-file.ts';
import type { Places } from '../../system/places.ts';
import type { Configured } from './registration.ts';

/** The current settings. If the file cannot be used, `trouble` says why and `settings` are the ones read at startup. */
export interface SettingsNow {
  readonly settings: Settings;
  readonly trouble: SettingsError | undefined;
}

/** Reads the current settings; a run that stores nothing keeps those of its start. The file is left as it is. */
export function settingsNow(
  { settingsFile }: Pick<Places, 'settingsFile'>,
  { source, settings }: Pick<Configured, 'source' | 'settings'>,
): SettingsNow {
  if (source === 'passing') return { settings, trouble: undefined };
  try {
    return { settings: usableSettings(readAsIs(settingsFile)) ?? settings, trouble: undefined };
  } catch (error) {
    if (error instanceof SettingsError) return { settings, trouble: error };
    throw error;
  }
}

/** A reader does not set a file aside, so a file that is not JSON counts as one that breaks a rule. */
function readAsIs(file: string): SettingsRead {
  const seen = seeSettings(file);
  if (seen.kind === 'not-json')
    return { kind: 'invalid', issues: [settingsIssue('settings.json', undefined, 'settings.rule.json')] };
  return seen.kind === 'unreadable' ? { ...seen, setAsideAs: undefined } : seen;
}

/**
 * The settings as they are before `ready`, for options that Electron accepts only then; undefined if they cannot be
 * used. Another process may own and change the file now, so the tray reads it again once it is the owner.
 */
export function earlySettings(file: string): Settings | undefined {
  const seen = seeSettings(file);
  return seen.kind === 'ok' ? seen.settings : undefined;
}
