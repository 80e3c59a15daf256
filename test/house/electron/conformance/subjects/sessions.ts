import { strict as assert } from 'node:assert';
import { behaves, freshSession, html, openWindow, serve, until } from '../stage.ts';

behaves('a window with another partition shares no cookies, and clearData leaves none', async () => {
  const origin = await serve((request, response) => {
    if (request.url === '/empty') {
      html(response, '');
      return;
    }
    response.setHeader('set-cookie', 'sso=1; Path=/');
    html(response, '<script>localStorage.setItem("kept", "1")</script>');
  });
  const [one, other] = [freshSession(), freshSession()];
  assert.equal(one.isPersistent(), false);
  const window = openWindow(one);
  await window.loadURL(origin);
  assert.deepEqual(
    (await one.cookies.get({})).map(({ name }) => name),
    ['sso'],
  );
  assert.deepEqual(await other.cookies.get({}), []);
  const reader = openWindow(one);
  await reader.loadURL(`${origin}/empty`);
  const kept = (): Promise<unknown> => reader.webContents.executeJavaScript('localStorage.getItem("kept")');
  // Chromium writes it to its storage after the page has gone on.
  await until(async () => (await kept()) === '1', 'local storage to be written');
  await one.clearData();
  assert.deepEqual(await one.cookies.get({}), []);
  // An open page reads its own copy until Chromium has told it.
  await until(async () => (await kept()) === null, 'local storage to be empty');
  window.destroy();
  assert.equal(await kept(), null);
});

behaves('permission handlers that say no are obeyed', async () => {
  const origin = (await serve((_request, response) => html(response, ''))).replace('127.0.0.1', 'localhost');
  const ses = freshSession();
  ses.setPermissionRequestHandler((_webContents, _permission, callback) => callback(false));
  ses.setPermissionCheckHandler(() => false);
  const window = openWindow(ses);
  await window.loadURL(origin);
  const asked = `new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('granted'), (e) => done(e.code)))`;
  assert.equal(await window.webContents.executeJavaScript(asked), 1);
  assert.equal(
    await window.webContents.executeJavaScript('Notification.requestPermission()', true),
    'denied',
  );
});

behaves("'will-download' can be prevented, and names the file", async () => {
  const origin = await serve((request, response) => {
    if (request.url === '/') html(response, '<a id=a href="/file.bin" download>x</a>');
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('bytes');
  });
  const ses = freshSession();
  const names: string[] = [];
  ses.on('will-download', (event, item) => {
    names.push(item.getFilename());
    event.preventDefault();
  });
  const window = openWindow(ses);
  await window.loadURL(origin);
  await window.webContents.executeJavaScript('a.click()', true);
  await until(() => names.length > 0, "'will-download'");
  assert.deepEqual(names, ['file.bin']);
});
