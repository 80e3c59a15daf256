/** The tray application: puts the parts together, in the order in which Electron wants them. */
import { app, powerMonitor } from 'electron';
import path from 'node:path';
import { places, thisMachine } from '../config/places.ts';
import { readSettings } from '../config/settings-file.ts';
import { ownerLog } from '../owner/owner-log.ts';
import { tellStartFailed } from './dialogs.ts';
import { beKnown } from './identity.ts';
import { launchRequest } from './launch-request.ts';
import { lockDown, setMenu, unresolvable } from './lockdown.ts';
import { runApplication } from './run.ts';

lockDown();
const where = places(thisMachine());
app.setPath('userData', path.join(where.stateDirectory, 'electron'));
beKnown(process.platform);

// Before anything is opened: a second launch only wakes the first (its argv goes to `second-instance`).
const isFirst = app.requestSingleInstanceLock();
if (isFirst && launchRequest(process.argv) !== 'quit') {
  const settings = readSettings(where.settingsFile);
  if (settings.kind === 'ok') {
    for (const { redirectUri } of settings.settings.profiles) unresolvable(redirectUri);
  }
  const fileLevel = settings.kind === 'ok' ? settings.settings.logLevel : 'info';
  const logging = ownerLog({ stderr: 'info', file: fileLevel });
  const { log } = logging;
  process.on('unhandledRejection', (error) => log.error('a rejection was not handled', { error }));
  setMenu(process.platform);
  // A tray application has no windows most of the time; without a listener Electron would quit.
  app.on('window-all-closed', () => undefined);
  // Never `await` here: `ready` comes only after this module was evaluated (electron#40719).
  app
    .whenReady()
    .then(() => runApplication({ where, settings, ownerLog: logging, powerMonitor }))
    .catch((error: unknown) => {
      log.error('could not start', { error });
      tellStartFailed(error);
      app.exit(1);
    });
} else {
  app.quit();
}
