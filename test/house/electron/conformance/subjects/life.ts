import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { app, BrowserWindow } from 'electron';
import { runRole } from '../roles.ts';
import { behaves, behavesOn, closers, openWindow, until } from '../stage.ts';

behaves(
  "closing the last window does not quit while 'window-all-closed' has a handler; it does without",
  async () => {
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    let told = 0;
    app.on('window-all-closed', () => told++);
    openWindow().destroy();
    await until(() => told === 1, "'window-all-closed'");
    const alone = await runRole('close-last-window');
    assert.deepEqual(alone.lines, ['before-quit', 'will-quit', 'quit 0']);
    assert.equal(alone.code, 0);
  },
);

behaves('quit: before-quit, each close, will-quit, quit; before-quit and close can call it off', async () => {
  const { lines, code } = await runRole('quit-order');
  assert.deepEqual(lines, [
    'before-quit prevented',
    'before-quit',
    'close prevented',
    'before-quit',
    'close',
    'closed',
    'will-quit',
    'quit 0',
  ]);
  assert.equal(code, 0);
});

behaves('app.exit and process.exit set the exit code without asking', async () => {
  assert.deepEqual(await runRole('exit'), { lines: ['quit 7'], code: 7 });
  assert.deepEqual(await runRole('process-exit'), { lines: ['quit 8'], code: 8 });
});

// Windows has no signals: Node ends the process there.
behavesOn(['linux', 'darwin'], 'SIGTERM quits in order', async () => {
  assert.deepEqual(await runRole('sigterm'), { lines: ['before-quit', 'will-quit', 'quit 0'], code: 0 });
});

behaves('an unhandled rejection is reported and survived', async () => {
  assert.deepEqual(await runRole('rejection'), { lines: ['alive', 'quit 0'], code: 0 });
});

behaves('a second process gets no lock, and the first its arguments and data', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'conformance-lock-'));
  closers.push(() => rmSync(userData, { recursive: true, force: true }));
  app.setPath('userData', userData);
  assert.equal(app.requestSingleInstanceLock(), true);
  const told: unknown[] = [];
  app.on('second-instance', (_event, argv, workingDirectory, data) =>
    told.push([argv.at(-1), workingDirectory, data]),
  );
  const second = await runRole('second', { CONFORMANCE_USER_DATA: userData }, ['--open=status']);
  assert.deepEqual(second.lines, ['lock false', 'quit 0']);
  await until(() => told.length === 1, "'second-instance'");
  assert.deepEqual(told, [['--open=status', process.cwd(), { hello: 'first' }]]);
  app.releaseSingleInstanceLock();
  const later = await runRole('second', { CONFORMANCE_USER_DATA: userData });
  assert.deepEqual(later.lines, ['lock true', 'quit 0']);
});
