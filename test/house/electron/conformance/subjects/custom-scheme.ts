import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { behaves, closers, freshSession, loadAndSettle, openWindow, until } from '../stage.ts';

behaves(
  'a custom scheme is answered by the session it was registered on, and its page talks over IPC',
  async () => {
    const { ipcMain } = await import('electron');
    const directory = mkdtempSync(path.join(tmpdir(), 'conformance-'));
    closers.push(() => rmSync(directory, { recursive: true }));
    const preload = path.join(directory, 'preload.cjs');
    writeFileSync(
      preload,
      `const { contextBridge, ipcRenderer } = require('electron');
     contextBridge.exposeInMainWorld('bridge', { ask: (n) => ipcRenderer.invoke('ask', n) });`,
    );
    const ses = freshSession();
    ses.protocol.handle('app', () => {
      const headers = {
        'content-type': 'text/html',
        'content-security-policy': "default-src 'none'; script-src 'self'",
      };
      return new Response('<!doctype html><title>own page</title>', { headers });
    });
    const frames: (string | undefined)[] = [];
    ipcMain.handle('ask', (event, n: number) => {
      frames.push(event.senderFrame?.url, event.senderFrame?.origin);
      if (n < 0) throw new Error('no');
      return n + 1;
    });
    closers.push(() => ipcMain.removeHandler('ask'));
    const window = openWindow(ses, { preload });
    await window.loadURL('app://bundle/status.html');
    assert.equal(window.webContents.getURL(), 'app://bundle/status.html');
    assert.equal(await window.webContents.executeJavaScript('bridge.ask(1)'), 2);
    assert.deepEqual(frames, ['app://bundle/status.html', 'app://bundle']);
    assert.match(
      String(await window.webContents.executeJavaScript('bridge.ask(-1).catch(String)')),
      /Error invoking remote method 'ask': Error: no/,
    );
  },
);

behaves('a custom scheme is unknown to a session that it was not registered on', async () => {
  const [own, other] = [freshSession(), freshSession()];
  const asked: string[] = [];
  own.protocol.handle('app', ({ url }) => {
    asked.push(url);
    return new Response('<!doctype html><p>own page', { headers: { 'content-type': 'text/html' } });
  });
  assert.deepEqual(
    [own.protocol.isProtocolHandled('app'), other.protocol.isProtocolHandled('app')],
    [true, false],
  );
  const window = openWindow(other);
  await loadAndSettle(window, 'app://bundle/page.html');
  const text: unknown = await window.webContents.executeJavaScript('document.body?.innerText ?? ""');
  assert.doesNotMatch(String(text), /own page/);
  assert.deepEqual(asked, []);
});

behaves(
  "a custom scheme's handler is given method and address, and the headers of its answer hold for the page",
  async () => {
    const ses = freshSession();
    const asked: string[] = [];
    const headers = { 'content-security-policy': "default-src 'none'; style-src 'self'" };
    ses.protocol.handle('app', ({ method, url }) => {
      asked.push(`${method} ${url}`);
      if (url.endsWith('.css'))
        return new Response('p { color: rgb(1, 2, 3) }', {
          headers: { ...headers, 'content-type': 'text/css' },
        });
      if (!url.endsWith('.html')) return new Response(null, { status: 404, headers });
      const body =
        '<!doctype html><link rel=stylesheet href=/page.css><p id=p>page<script>ran = true</script>';
      return new Response(body, { headers: { ...headers, 'content-type': 'text/html' } });
    });
    const window = openWindow(ses);
    await window.loadURL('app://bundle/inner/%2e%2e/../page.html');
    // Chromium has resolved the dots before anybody is asked.
    assert.deepEqual(asked.slice(0, 2), ['GET app://bundle/page.html', 'GET app://bundle/page.css']);
    const seen: unknown = await window.webContents.executeJavaScript(
      '[getComputedStyle(p).color, typeof ran]',
    );
    assert.deepEqual(seen, ['rgb(1, 2, 3)', 'undefined']);
  },
);

behaves('will-frame-navigate stops what a page of the app begins, but not its loadURL', async () => {
  const ses = freshSession();
  ses.protocol.handle('app', () => new Response('<p>page', { headers: { 'content-type': 'text/html' } }));
  const window = openWindow(ses);
  const refused: string[] = [];
  window.webContents.on('will-frame-navigate', (event) => {
    refused.push(event.url);
    event.preventDefault();
  });
  await window.loadURL('app://bundle/page.html');
  for (const url of ['app://bundle/other.html', 'http://127.0.0.1:9/'])
    await window.webContents.executeJavaScript(`void (location.href = '${url}')`);
  await until(() => refused.length === 2, 'both refusals');
  assert.deepEqual(refused, ['app://bundle/other.html', 'http://127.0.0.1:9/']);
  assert.equal(window.webContents.getURL(), 'app://bundle/page.html');
});
