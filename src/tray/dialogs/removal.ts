import type { Settings } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import { confirm } from './dialogs.ts';

/** Asks whether a profile shall go, and says what goes with it. Nothing is asked of one that is not there. */
export async function confirmRemoval(
  id: string,
  { profiles, tokenFiles }: Pick<Settings, 'profiles' | 'tokenFiles'>,
): Promise<'yes' | 'no'> {
  const profile = profiles.find((one) => one.id === id);
  // Whoever changes the settings says best that there is no such profile.
  if (profile === undefined) return 'yes';
  const files = tokenFiles.filter((file) => file.profile === id).map(({ path }) => path);
  const details = [say('settings-tray.remove.detail')];
  if (files.length > 0) details.push(say('settings-tray.remove.files', { files: files.join('\n') }));
  details.push(say('settings-tray.remove.stays'));
  return confirm({
    message: say('settings-tray.remove.question', { name: profile.name }),
    detail: details.join('\n\n'),
    yes: say('settings-tray.remove.yes'),
    no: say('import.cancel'),
  });
}
