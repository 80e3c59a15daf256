import { app } from 'electron';
import { say } from '../../words/say.ts';

/** The same as electron-builder.yml's: by it Windows finds the shortcut that a notification belongs to. */
export const APP_ID = 'io.github.tokentray';

/** What the system knows the application by, and as what kind of application it takes it. */
export function beKnown(platform: NodeJS.Platform): void {
  app.setName(say('app.name'));
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
  // No dock icon; a packaged application says so in its Info.plist too, so that none flickers at the start.
  if (platform === 'darwin') app.setActivationPolicy('accessory');
}
