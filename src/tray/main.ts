/** The tray application: connects its parts in the order that Electron requires. */
import { app, powerMonitor } from 'electron';
import path from 'node:path';
import { surviveErrors } from '../host/uncaught.ts';
import { ownerLog } from '../system/log/owner-log.ts';
import { places, thisMachine } from '../system/places.ts';
import { tellStartFailed, tellStopped } from './dialogs/dialogs.ts';
import { setIdentity } from './lifecycle/identity.ts';
import { launchRequest } from './lifecycle/launch-request.ts';
import { runApplication } from './run.ts';
import { earlySettings } from './sessions/current-settings.ts';
import { registerAppScheme } from './windows/app-scheme.ts';
import { lockDown, makeUnresolvable, setMenu } from './windows/lockdown.ts';

lockDown();
registerAppScheme();
const where = places(thisMachine());
app.setPath('userData', path.join(where.stateDirectory, 'electron'));
setIdentity(process.platform);

// Before anything is opened: a second launch only notifies the first process (its argv goes to `second-instance`).
const isFirst = app.requestSingleInstanceLock();
if (isFirst && launchRequest(process.argv) !== 'quit') {
  const early = earlySettings(where.settingsFile);
  makeUnresolvable((early?.profiles ?? []).map(({ redirectUri }) => redirectUri));
  const logging = ownerLog({ stderr: 'info', file: early?.logLevel ?? 'info' });
  const { log } = logging;
  surviveErrors(log, (error) => {
    tellStopped(error);
    app.exit(1);
  });
  process.on('unhandledRejection', (error) => log.error('a rejection was not handled', { error }));
  setMenu(process.platform);
  // Most of the time the application has no window; without a listener Electron would quit.
  app.on('window-all-closed', () => undefined);
  // No `await` here: `ready` comes only after this module was evaluated
  // (https://github.com/electron/electron/issues/40719).
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
