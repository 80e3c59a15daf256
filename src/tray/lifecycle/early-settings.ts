import type { Settings } from '../../config/profile/profile.ts';
import { seeSettings } from '../../config/settings/settings-file.ts';

/**
 * The settings as they look before `ready`, for what Electron takes only then; undefined where they cannot be used.
 * Another process may own and change the file at this moment: it is read again by whoever owns it.
 */
export function earlySettings(file: string): Settings | undefined {
  const seen = seeSettings(file);
  return seen.kind === 'ok' ? seen.settings : undefined;
}
