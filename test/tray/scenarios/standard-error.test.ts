import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeAll, launchTray, runsOn } from '../../house/electron/harness.ts';
import { linesOf } from '../fixtures/world.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'standard-error-'));
  // Something to complain of at the start: no file can be read there.
  mkdirSync(path.join(home, '.config/autostart/tokentray.desktop'), { recursive: true });
});
afterEach(async () => {
  await closeAll();
  rmSync(home, { recursive: true });
});

test(`a tray whose standard error nobody reads any more goes on (on the ${runsOn()})`, async () => {
  const env = { STANDIN_PACKAGED: 'yes', APPIMAGE: undefined, DBUS_SESSION_BUS_ADDRESS: undefined };
  const tray = await launchTray({ home, standardError: 'gone', env });
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Not set up yet');
  expect(await tray.secondInstance()).toMatchObject({ code: 0 });
  await tray.waitForWindow(({ url, visible }) => visible && url === 'app://bundle/settings.html');
  // Electron would show an uncaught exception in a box.
  expect(await tray.dialogs()).toEqual([]);
  expect(await tray.quit()).toMatchObject({ code: 0 });
  // What the log file got went to standard error as well.
  const log = readFileSync(path.join(home, '.local/state/tokentray/logs/tokentray.log'), 'utf8');
  expect(log).toContain('starting at login is not known');
});
