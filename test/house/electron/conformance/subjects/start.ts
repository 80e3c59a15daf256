import { strict as assert } from 'node:assert';
import { app, protocol, session } from 'electron';
import { openTrap } from '../../trap-server.ts';
import { attempt, behaves, loadAndSettle, openWindow } from '../stage.ts';

const earlyError = attempt(() => session.fromPartition('too-early'));
export const resolverTrap = await openTrap();
app.commandLine.appendSwitch('host-resolver-rules', `MAP localhost:${resolverTrap.port} ~NOTFOUND`);
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
await new Promise((resolve) => setTimeout(resolve, 30));
const readyDuringLoad = app.isReady();

behaves("'ready' comes only after the program's top-level awaits", async () => {
  await app.whenReady();
  assert.equal(readyDuringLoad, false);
  assert.equal(app.isReady(), true);
});

behaves('a session cannot be had before ready', async () => {
  assert.match(String(earlyError), /only be received when app is ready/);
  await Promise.resolve();
});

behaves('a switch appended before ready reaches Chromium: host-resolver-rules closes a port', async () => {
  const window = openWindow();
  const error = await loadAndSettle(window, `http://localhost:${resolverTrap.port}/`);
  assert.equal((error as { code?: string }).code, 'ERR_NAME_NOT_RESOLVED');
  assert.equal(resolverTrap.connections(), 0);
});
