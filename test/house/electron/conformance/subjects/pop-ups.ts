import { strict as assert } from 'node:assert';
import { BrowserWindow } from 'electron';
import {
  behaves,
  closers,
  freshSession,
  html,
  loadAndSettle,
  openWindow,
  serve,
  settle,
  trap,
  until,
} from '../stage.ts';

behaves('setWindowOpenHandler: deny opens nothing and sends nothing, however the page tries', async () => {
  const there = await trap();
  const target = `${there.url}?code=C`;
  const ways = {
    open: `<script>open("${target}")</script>`,
    'open without an opener': `<script>open("${target}", "_blank", "noopener")</script>`,
    'a link': `<a id=a href="${target}" target=_blank rel=noopener>x</a><script>a.click()</script>`,
    'a form': `<form id=f method=post target=_blank action="${target}"></form><script>f.submit()</script>`,
  };
  for (const [way, page] of Object.entries(ways)) {
    const origin = await serve((_request, response) => html(response, page));
    const denied: string[] = [];
    const window = openWindow();
    window.webContents.setWindowOpenHandler(({ url }) => {
      denied.push(url);
      return { action: 'deny' };
    });
    const before = BrowserWindow.getAllWindows().length;
    await loadAndSettle(window, origin);
    await until(() => denied.length > 0, `the handler, for ${way}`);
    await settle();
    assert.deepEqual(denied, [target]);
    assert.equal(BrowserWindow.getAllWindows().length, before);
  }
  assert.equal(there.requests().length, 0);
});

behaves('setWindowOpenHandler: allow opens in the same session, under the same listener', async () => {
  const there = await trap();
  const origin = await serve((_request, response) =>
    html(response, `<script>open("${there.url}?code=C")</script>`),
  );
  const ses = freshSession();
  let caught = 0;
  ses.webRequest.onBeforeRequest({ urls: ['http://localhost:*/*'] }, (_details, callback) => {
    caught++;
    callback({ cancel: true });
  });
  const opener = openWindow(ses);
  opener.webContents.setWindowOpenHandler(() => ({
    action: 'allow',
    overrideBrowserWindowOptions: { show: false },
  }));
  opener.webContents.on('did-create-window', (child) => closers.push(() => child.destroy()));
  await loadAndSettle(opener, origin);
  await until(() => caught === 1, "the popup's request");
  await settle();
  assert.equal(there.requests().length, 0);
});

behaves('a page that an opener allows has the window options that its handler gives', async () => {
  const origin = await serve((request, response) =>
    html(response, request.url === '/' ? '<script>open("/child")</script>' : 'child'),
  );
  const opener = openWindow();
  opener.webContents.setWindowOpenHandler(({ url }) => ({
    action: new URL(url).pathname === '/child' ? 'allow' : 'deny',
    overrideBrowserWindowOptions: { show: false, title: 'given', webPreferences: { sandbox: true } },
  }));
  const children: BrowserWindow[] = [];
  opener.webContents.on('did-create-window', (child: BrowserWindow) => {
    closers.push(() => child.destroy());
    children.push(child);
  });
  await loadAndSettle(opener, origin);
  await until(() => children.length === 1, "the opener's child");
  const [child] = children;
  assert.ok(child);
  assert.equal(child.webContents.session, opener.webContents.session);
  await until(() => child.webContents.getURL() === `${origin}/child`, "the child's page");
});
