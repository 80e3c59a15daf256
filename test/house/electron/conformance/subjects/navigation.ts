import { strict as assert } from 'node:assert';
import {
  behaves,
  freshSession,
  html,
  loadAndSettle,
  openWindow,
  serve,
  settle,
  trap,
  until,
} from '../stage.ts';
import { pageThatGoesTo } from '../ways.ts';

behaves(
  'will-redirect can stop a redirect before anything is sent; loadURL then fails with ERR_ABORTED',
  async () => {
    const there = await trap();
    const origin = await serve(pageThatGoesTo(there.url));
    const window = openWindow();
    const failed: number[] = [];
    const urls: string[] = [];
    window.webContents.on('did-fail-load', (_event, code) => failed.push(code));
    window.webContents.on('will-redirect', (event) => {
      urls.push(event.url);
      if (event.url.startsWith(there.url)) event.preventDefault();
    });
    const error = (await loadAndSettle(window, `${origin}/302`)) as { code: string; errno: number };
    assert.deepEqual([error.code, error.errno], ['ERR_ABORTED', -3]);
    assert.deepEqual(urls, [`${there.url}?code=C`]);
    assert.equal(there.requests().length, 0);
    assert.deepEqual(failed, [], 'did-fail-load is not emitted for what was aborted');
  },
);

behaves('will-redirect fires for sub-frames too, and says so', async () => {
  const there = await trap();
  const origin = await serve(pageThatGoesTo(there.url));
  const window = openWindow();
  const seen: boolean[] = [];
  window.webContents.on('will-redirect', (event) => {
    seen.push(event.isMainFrame);
    event.preventDefault();
  });
  await loadAndSettle(window, `${origin}/iframe-302`);
  assert.deepEqual(seen, [false]);
  assert.equal(there.requests().length, 0);
});

behaves('will-redirect comes before onBeforeRequest of the same hop', async () => {
  const there = await trap();
  const origin = await serve(pageThatGoesTo(there.url));
  const ses = freshSession();
  const order: string[] = [];
  ses.webRequest.onBeforeRequest({ urls: ['http://localhost:*/*'] }, (_details, callback) => {
    order.push('onBeforeRequest');
    callback({ cancel: true });
  });
  const window = openWindow(ses);
  window.webContents.on('will-redirect', () => order.push('will-redirect'));
  await loadAndSettle(window, `${origin}/302`);
  assert.deepEqual(order.slice(0, 2), ['will-redirect', 'onBeforeRequest']);
});

behaves('will-navigate is not for loadURL, only for what the page does, and can stop it', async () => {
  const there = await trap();
  const origin = await serve(pageThatGoesTo(there.url));
  for (const way of ['/js', '/meta', '/form']) {
    const window = openWindow();
    const seen: string[] = [];
    window.webContents.on('will-frame-navigate', (event) => seen.push(`frame ${event.url}`));
    window.webContents.on('will-navigate', (event) => {
      seen.push(event.url);
      event.preventDefault();
    });
    await loadAndSettle(window, origin + way);
    await until(() => seen.length > 0, `will-navigate of ${way}`);
    const target = way === '/form' ? there.url : `${there.url}?code=C`;
    assert.deepEqual(seen, [`frame ${target}`, target]);
  }
  assert.equal(there.requests().length, 0);
});

behaves("will-navigate is asked before another program's scheme is called", async () => {
  const origin = await serve((_request, response) =>
    html(response, '<script>location.href = "ms-settings:x"</script>'),
  );
  const window = openWindow();
  const seen: string[] = [];
  window.webContents.on('will-navigate', (event) => {
    seen.push(event.url);
    event.preventDefault();
  });
  await loadAndSettle(window, origin);
  await until(() => seen.length > 0, 'will-navigate');
  assert.deepEqual(seen, ['ms-settings:x']);
});

behaves('loadURL rejects with the code of what went wrong', async () => {
  const there = await trap();
  await there.close();
  const refused = (await loadAndSettle(openWindow(), there.url)) as Error & {
    code: string;
    errno: number;
    url: string;
  };
  assert.deepEqual([refused.code, refused.errno, refused.url], ['ERR_CONNECTION_REFUSED', -102, there.url]);
  assert.equal(refused.message, `ERR_CONNECTION_REFUSED (-102) loading '${there.url}'`);

  const ses = freshSession();
  ses.webRequest.onBeforeRequest((_details, callback) => callback({ cancel: true }));
  const blocked = (await loadAndSettle(openWindow(ses), there.url)) as { code: string; errno: number };
  assert.deepEqual([blocked.code, blocked.errno], ['ERR_BLOCKED_BY_CLIENT', -20]);
});

behaves('a second loadURL overtakes the first, which fails with ERR_ABORTED', async () => {
  const origin = await serve((request, response) => {
    if (request.url !== '/never') html(response, 'second');
  });
  const window = openWindow();
  const first = window.loadURL(`${origin}/never`);
  await settle();
  await window.loadURL(`${origin}/second`);
  await assert.rejects(first, { code: 'ERR_ABORTED', errno: -3 });
  assert.equal(window.webContents.getURL(), `${origin}/second`);
});

behaves(
  'a page load: did-start-navigation, did-navigate with its status, dom-ready, did-finish-load',
  async () => {
    const origin = await serve((_request, response) =>
      html(Object.assign(response, { statusCode: 404 }), 'not here'),
    );
    const window = openWindow();
    const seen: unknown[] = [];
    window.webContents.on('did-start-navigation', (event) => seen.push(['start', event.url]));
    window.webContents.on('did-navigate', (_event, url, status) => seen.push(['navigate', url, status]));
    window.webContents.on('dom-ready', () => seen.push('dom-ready'));
    window.webContents.on('did-finish-load', () => seen.push('finish'));
    await window.loadURL(`${origin}/x`);
    assert.deepEqual(seen, [
      ['start', `${origin}/x`],
      ['navigate', `${origin}/x`, 404],
      'dom-ready',
      'finish',
    ]);
  },
);

behaves('a server that asks for a password is refused unless a login handler answers', async () => {
  const origin = await serve((request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm=r', 'content-type': 'text/html' }).end('no');
    } else html(response, Buffer.from(request.headers.authorization.slice(6), 'base64').toString());
  });
  const refused = openWindow();
  await refused.loadURL(origin);
  assert.equal(await refused.webContents.executeJavaScript('document.body.innerText'), 'no');
  const answered = openWindow();
  answered.webContents.on('login', (event, _details, authInfo, callback) => {
    event.preventDefault();
    assert.equal(authInfo.realm, 'r');
    callback('me', 'secret');
  });
  await answered.loadURL(origin);
  assert.equal(await answered.webContents.executeJavaScript('document.body.innerText'), 'me:secret');
});
