import { app } from 'electron';
import { say } from '../../words/say.ts';

/** The same as in electron-builder.yml: Windows finds a notification's shortcut by it. */
export const APP_ID = 'io.github.tokentray';

/** Sets the application's name, ID and kind in the system. */
export function setIdentity(platform: NodeJS.Platform): void {
  app.setName(say('app.name'));
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
  // No dock icon. A packaged application also says so in its Info.plist, so that none flickers at startup.
  if (platform === 'darwin') app.setActivationPolicy('accessory');
}
