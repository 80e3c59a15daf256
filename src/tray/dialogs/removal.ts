import type { Settings } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import { confirm } from './dialogs.ts';

/** Asks whether to remove a profile, and says what is deleted with it. An unknown profile is not asked about. */
export async function confirmRemoval(
  id: string,
  { profiles, tokenFiles }: Pick<Settings, 'profiles' | 'tokenFiles'>,
): Promise<'yes' | 'no'> {
  const profile = profiles.find((one) => one.id === id);
  // The removal itself reports that there is no such profile.
  if (profile === undefined) return 'yes';
  const files = tokenFiles.filter((file) => file.profile === id).map(({ path }) => path);
  return confirm({
    message: say('settings-tray.remove.question', { name: profile.name }),
    details: [
      say('settings-tray.remove.detail'),
      ...(files.length > 0 ? [say('settings-tray.remove.files', { files: files.join('\n') })] : []),
      say('settings-tray.remove.stays'),
    ],
    yes: say('settings-tray.remove.yes'),
  });
}
