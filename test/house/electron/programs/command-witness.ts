/**
 * A main-process program: the packaged application's entry, and a witness that prints, when it quits, what Electron
 * was asked to do.
 */
import { app, BrowserWindow } from 'electron';

app.on('quit', () => {
  const [ready, lock] = [app.isReady(), app.hasSingleInstanceLock()];
  const windows = BrowserWindow.getAllWindows().length;
  process.stdout.write(`witness quit ready=${String(ready)} lock=${String(lock)} windows=${windows}\n`);
});
await import(new URL('../../tray/entry.js', import.meta.url).href);
