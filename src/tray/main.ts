/** The tray application: puts the parts together, in the order in which Electron wants them. */
import { app, powerMonitor } from 'electron';
import path from 'node:path';
import { places, thisMachine } from '../system/places.ts';
import { ownerLog } from '../system/log/owner-log.ts';
import { registerAppScheme } from './windows/app-scheme.ts';
import { tellStartFailed } from './dialogs/dialogs.ts';
import { earlySettings } from './lifecycle/early-settings.ts';
import { beKnown } from './lifecycle/identity.ts';
import { launchRequest } from './lifecycle/launch-request.ts';
import { lockDown, makeUnresolvable, setMenu } from './windows/lockdown.ts';
import { runApplication } from './run.ts';

lockDown();
registerAppScheme();
const where = places(thisMachine());
app.setPath('userData', path.join(where.stateDirectory, 'electron'));
beKnown(process.platform);

// Before anything is opened: a second launch only wakes the first (its argv goes to `second-instance`).
const isFirst = app.requestSingleInstanceLock();
if (isFirst && launchRequest(process.argv) !== 'quit') {
  const early = earlySettings(where.settingsFile);
  makeUnresolvable((early?.profiles ?? []).map(({ redirectUri }) => redirectUri));
  const logging = ownerLog({ stderr: 'info', file: early?.logLevel ?? 'info' });
  const { log } = logging;
  process.on('unhandledRejection', (error) => log.error('a rejection was not handled', { error }));
  setMenu(process.platform);
  // A tray application has no windows most of the time; without a listener Electron would quit.
  app.on('window-all-closed', () => undefined);
  // Never `await` here: `ready` comes only after this module was evaluated (electron#40719).
  app
    .whenReady()
    .then(() => runApplication({ where, ownerLog: logging, powerMonitor }))
    .catch((error: unknown) => {
      log.error('could not start', { error });
      tellStartFailed(error);
      app.exit(1);
    });
} else {
  app.quit();
}
