import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { app, BrowserWindow, dialog, type Session } from 'electron';
import { behaves, closers, freshSession, html, openWindow, serve, settle, until } from '../stage.ts';

behaves(
  "a window is 'closed' after close(), unless 'close' is prevented; then every call on it throws",
  async () => {
    const window = openWindow();
    let refuse = true;
    let closed = 0;
    window.on('close', (event) => {
      if (refuse) event.preventDefault();
    });
    window.on('closed', () => closed++);
    window.close();
    await settle();
    assert.equal(closed, 0);
    refuse = false;
    window.close();
    await until(() => closed === 1, "'closed'");
    assert.equal(window.isDestroyed(), true);
    assert.throws(() => window.show(), /destroyed/);
  },
);

behaves('destroy() closes without asking, and ends a load under way', async () => {
  const origin = await serve(() => undefined);
  const window = openWindow();
  let asked = 0;
  let closed = 0;
  window.on('close', () => asked++);
  window.on('closed', () => closed++);
  const load = window.loadURL(origin);
  await settle();
  window.destroy();
  await assert.rejects(load);
  await until(() => closed === 1, "'closed'");
  assert.equal(asked, 0);
});

behaves("the page's title becomes the window's unless 'page-title-updated' is prevented", async () => {
  const origin = await serve((_request, response) => html(response, '<title>evil</title>'));
  const follows = openWindow();
  await follows.loadURL(origin);
  await until(() => follows.getTitle() === 'page', 'the title');
  const keeps = openWindow();
  keeps.setTitle('ours');
  let updates = 0;
  keeps.on('page-title-updated', (event) => {
    updates++;
    event.preventDefault();
  });
  await keeps.loadURL(origin);
  await until(() => updates > 0, 'page-title-updated');
  assert.equal(keeps.getTitle(), 'ours');
});

behaves('a page whose renderer crashed can be loaded again, under the same listener', async () => {
  const origin = await serve((_request, response) => html(response, 'page'));
  const ses = freshSession();
  const seen: string[] = [];
  ses.webRequest.onBeforeRequest((details, callback) => {
    seen.push(details.url);
    callback({ cancel: details.url.endsWith('/blocked') });
  });
  const window = openWindow(ses);
  await window.loadURL(`${origin}/one`);
  const gone = once(window.webContents, 'render-process-gone');
  window.webContents.forcefullyCrashRenderer();
  await gone;
  await window.loadURL(`${origin}/two`);
  assert.ok(seen.includes(`${origin}/two`));
  await assert.rejects(window.loadURL(`${origin}/blocked`));
});

// Over a window only: without one it is synchronous on macOS, and stays (electron.d.ts; src/tray/dialogs/message-box.ts).
behaves('a message box goes away with its signal, as if it were cancelled', async () => {
  const window = new BrowserWindow({ show: true });
  closers.push(() => window.destroy());
  const over = new AbortController();
  const box = {
    message: 'conformance',
    buttons: ['One', 'Two', 'Three'],
    cancelId: 2,
    signal: over.signal,
  };
  const asked = dialog.showMessageBox(window, box);
  await settle();
  over.abort();
  assert.equal((await asked).response, 2);
  assert.equal((await dialog.showMessageBox(window, box)).response, 2);
});

behaves('a page’s beforeunload keeps its window open, unless will-prevent-unload is prevented', async () => {
  const url = await serve((_request, response) => html(response, '<p>stay'));
  const window = openWindow();
  let asked = 0;
  let closed = 0;
  window.on('closed', () => (closed += 1));
  const holdOn = (event: Electron.Event): void => {
    asked += 1;
    if (asked === 2) event.preventDefault();
  };
  window.webContents.on('will-prevent-unload', holdOn);
  await window.loadURL(url);
  // Only where somebody has touched the page: the second argument.
  await window.webContents.executeJavaScript(
    "addEventListener('beforeunload', (event) => event.preventDefault()); 0",
    true,
  );
  window.close();
  await until(() => asked === 1, "'will-prevent-unload'");
  await settle();
  assert.equal(closed, 0);
  window.close();
  await until(() => closed === 1, 'the window to close');
  assert.equal(asked, 2);
});

behaves('a zoom level is kept until it is set again', () => {
  const { webContents } = openWindow();
  webContents.setZoomLevel(2);
  assert.equal(webContents.getZoomLevel(), 2);
  webContents.setZoomLevel(0);
  assert.equal(webContents.getZoomLevel(), 0);
  return Promise.resolve();
});

behaves("a renderer's crash is reported by 'render-process-gone'", async () => {
  const origin = await serve((_request, response) => html(response, ''));
  const window = openWindow();
  await window.loadURL(origin);
  const reasons: string[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => reasons.push(reason));
  void window.webContents.loadURL('chrome://crash').catch(() => undefined);
  await until(() => reasons.length === 1, "'render-process-gone'");
  assert.deepEqual(reasons, ['crashed']);
});

behaves("app reports every session and page: 'session-created', 'web-contents-created'", async () => {
  const sessions: Session[] = [];
  const pages: number[] = [];
  app.on('session-created', (ses) => sessions.push(ses));
  app.on('web-contents-created', (_event, contents) => pages.push(contents.id));
  const ses = freshSession();
  const window = openWindow(ses);
  assert.deepEqual([sessions.includes(ses), pages.includes(window.webContents.id)], [true, true]);
  await Promise.resolve();
});
