// Every behaviour of Electron that Tokentray relies on, each as a small main-process program. Bundled and
// started as an Electron app by conformance.test.ts, on the stand-in or on a real Electron. Results are
// lines on stdout: `CONFORMANCE {"name":…,"error":…}`.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  Menu,
  nativeImage,
  net,
  Notification,
  powerMonitor,
  protocol,
  session,
  Tray,
  type Session,
} from 'electron';
import { createRunCertificate, type RunCertificate } from '../../../../src/demo-tenant/server/certificate.ts';
import { openTrap } from '../trap-server.ts';

type Behaviour = () => Promise<void>;
type Details = Electron.OnBeforeRequestListenerDetails;

const behaviours = new Map<string, Behaviour>();
const closers: (() => unknown)[] = [];
let partitions = 0;

/** Long enough for Chromium to have sent what it is going to send. */
const SETTLE_MS = 120;
const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

function behaves(name: string, program: Behaviour): void {
  behaviours.set(name, program);
}

/** What a system does otherwise is not asked of it, and the output says so. */
function behavesOn(platforms: readonly NodeJS.Platform[], name: string, program: Behaviour): void {
  if (platforms.includes(process.platform)) behaves(name, program);
  else process.stdout.write(`not asked on ${process.platform}: ${name}\n`);
}

function freshSession(): Session {
  return session.fromPartition(`conformance-${++partitions}`, { cache: false });
}

function openWindow(ses = freshSession(), webPreferences: Electron.WebPreferences = {}): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: ses, sandbox: true, ...webPreferences },
  });
  closers.push(() => window.destroy());
  return window;
}

/** A server of the far side: an identity provider, for instance. */
async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/favicon.ico') response.writeHead(404).end();
    else handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Chromium is told of it before `ready`, as it is of the demo tenant's. */
const NAMED = createRunCertificate(['127.0.0.1']);
app.commandLine.appendSwitch('ignore-certificate-errors-spki-list', NAMED.spkiSha256);

async function serveTls(
  { privateKeyPem: key, certificatePem: cert }: RunCertificate,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createTlsServer({ key, cert }, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function trap() {
  const server = await openTrap();
  closers.push(() => server.close());
  return {
    url: `http://localhost:${server.port}/getAToken`,
    /** Without what Chromium fetches by itself once a page of the trap is open. */
    requests: () => server.requests().filter(({ url }) => url !== '/favicon.ico'),
    port: server.port,
    close: () => server.close(),
  };
}

function html(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'text/html').end(`<!doctype html><title>page</title>${body}`);
}

function redirect(response: ServerResponse, location: string, status = 302): void {
  response.writeHead(status, { location }).end();
}

/** Loads whatever the outcome, and gives Chromium the time to do its worst. */
async function loadAndSettle(window: BrowserWindow, url: string): Promise<unknown> {
  const outcome = await window.loadURL(url).catch((error: unknown) => error);
  await settle();
  return outcome;
}

/** Ways by which a page sends a browser somewhere: the path decides. */
function pageThatGoesTo(target: string) {
  const form = (method: string, more = '') =>
    `<form id=f method=${method} action="${target}" ${more}><input name=code value=C><input name=state value=S></form>`;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const pages: Record<string, string> = {
      '/js': `<script>location.href = "${target}?code=C"</script>`,
      '/meta': `<meta http-equiv=refresh content="0;url=${target}?code=C">`,
      '/form': `${form('post')}<script>f.submit()</script>`,
      '/iframe': `<iframe src="${target}?code=C"></iframe>`,
      '/iframe-302': '<iframe src="/302"></iframe>',
      '/iframe-form': `<iframe name=inner></iframe>${form('post', 'target=inner')}<script>f.submit()</script>`,
      '/form-307': `<form id=f method=post action="/307"><input name=code value=C></form><script>f.submit()</script>`,
      '/fetch': `<script>fetch("${target}?code=C", { mode: "no-cors" }).catch(() => 0)</script>`,
      '/image': `<img src="${target}?code=C">`,
      '/service-worker': `<script>navigator.serviceWorker.register('/sw.js')</script>`,
      '/worker': `<script>new Worker(URL.createObjectURL(new Blob(['fetch("${target}?code=C", { mode: "no-cors" })'])))</script>`,
    };
    const page = pages[request.url ?? ''];
    if (request.url === '/sw.js') {
      response
        .setHeader('content-type', 'text/javascript')
        .end(`fetch("${target}?code=C", { mode: "no-cors" })`);
      return;
    }
    if (request.url === '/302') redirect(response, `${target}?code=C`);
    else if (request.url === '/307') redirect(response, target, 307);
    else if (request.url === '/302-302') redirect(response, '/302');
    else if (page === undefined) html(response, 'nothing');
    else html(response, page);
  };
}
const WAYS = [
  '/302',
  '/302-302',
  '/js',
  '/meta',
  '/form',
  '/form-307',
  '/iframe',
  '/iframe-302',
  '/iframe-form',
  '/fetch',
  '/image',
  '/worker',
  '/service-worker',
];

// --- Start ---------------------------------------------------------------------------------------------

const earlyError = attempt(() => session.fromPartition('too-early'));
const resolverTrap = await openTrap();
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

// --- webRequest ----------------------------------------------------------------------------------------

for (const way of WAYS) {
  behaves(
    `without a listener ${way} reaches its target, with a cancelling one not a request arrives`,
    async () => {
      const [open, shut] = [await trap(), await trap()];
      const unguarded = async (): Promise<void> => {
        await loadAndSettle(openWindow(), (await serve(pageThatGoesTo(open.url))) + way);
        await until(() => open.requests().length === 1, 'the unguarded request to arrive');
      };
      const guarded = async (): Promise<void> => {
        const ses = freshSession();
        const seen: Details[] = [];
        ses.webRequest.onBeforeRequest({ urls: ['http://localhost:*/*'] }, (details, callback) => {
          seen.push(details);
          callback({ cancel: true });
        });
        await loadAndSettle(openWindow(ses), (await serve(pageThatGoesTo(shut.url))) + way);
        await until(() => seen.length > 0, 'the listener to be asked');
        await settle();
        assert.equal(seen[0]!.url.startsWith(shut.url), true);
      };
      await Promise.all([unguarded(), guarded()]);
      await settle();
      assert.deepEqual([open.requests().length, shut.requests().length], [1, 0]);
    },
  );
}

behaves('onBeforeRequest sees every hop of a redirect, with one id', async () => {
  const there = await trap();
  const origin = await serve(pageThatGoesTo(there.url));
  const ses = freshSession();
  const seen: Details[] = [];
  ses.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, (details, callback) => {
    if (!details.url.endsWith('favicon.ico')) seen.push(details);
    callback({});
  });
  await openWindow(ses).loadURL(`${origin}/302-302`);
  assert.deepEqual(
    seen.map(({ url }) => url),
    [`${origin}/302-302`, `${origin}/302`, `${there.url}?code=C`],
  );
  assert.equal(new Set(seen.map(({ id }) => id)).size, 1);
  assert.deepEqual([...new Set(seen.map(({ resourceType }) => resourceType))], ['mainFrame']);
});

for (const way of ['/form', '/form-307', '/iframe-form']) {
  behaves(`onBeforeRequest sees the body of a POST: ${way}`, async () => {
    const there = await trap();
    const origin = await serve(pageThatGoesTo(there.url));
    const ses = freshSession();
    const seen: Details[] = [];
    ses.webRequest.onBeforeRequest({ urls: ['http://localhost:*/*'] }, (details, callback) => {
      seen.push(details);
      callback({ cancel: true });
    });
    await loadAndSettle(openWindow(ses), origin + way);
    await until(() => seen.length > 0, 'the listener to be asked');
    const details = seen[0]!;
    const body = Buffer.concat(details.uploadData.map(({ bytes }) => bytes)).toString();
    assert.match(body, /^code=C/);
    assert.equal(details.method, 'POST');
    assert.equal(details.resourceType, way === '/iframe-form' ? 'subFrame' : 'mainFrame');
  });
}

behaves('details name the kind of request and the page it comes from', async () => {
  const there = await trap();
  const origin = await serve(pageThatGoesTo(there.url));
  for (const [way, type] of [
    ['/iframe', 'subFrame'],
    ['/fetch', 'xhr'],
    ['/image', 'image'],
  ] as const) {
    const ses = freshSession();
    const seen: Details[] = [];
    ses.webRequest.onBeforeRequest({ urls: ['http://localhost:*/*'] }, (details, callback) => {
      seen.push(details);
      callback({});
    });
    const window = openWindow(ses);
    await loadAndSettle(window, origin + way);
    await until(() => seen.length > 0, `the request of ${way}`);
    const { resourceType, webContentsId, method } = seen[0]!;
    assert.deepEqual([resourceType, webContentsId, method], [type, window.webContents.id, 'GET']);
  }
});

behaves('a listener attached after the request began misses all its redirects', async () => {
  const there = await trap();
  const ses = freshSession();
  let asked = 0;
  const origin = await serve((_request, response) => {
    ses.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, (details, callback) => {
      if (details.url.startsWith(there.url)) asked++;
      callback({ cancel: true });
    });
    redirect(response, there.url);
  });
  await loadAndSettle(openWindow(ses), origin);
  assert.equal(asked, 0);
  assert.equal(there.requests().filter(({ url }) => url === '/getAToken').length, 1);
});

if (!('electron' in process.versions)) {
  behaves(
    '(stand-in only: the worst end of a race) a listener attached just after loadURL is late',
    async () => {
      const there = await trap();
      const origin = await serve(pageThatGoesTo(there.url));
      const ses = freshSession();
      const load = openWindow(ses).loadURL(`${origin}/302`);
      ses.webRequest.onBeforeRequest((details, callback) => {
        callback({ cancel: details.url.startsWith(there.url) });
      });
      await load;
      assert.equal(there.requests().length, 1);
    },
  );
}

behaves('a listener taken away guards nothing any more', async () => {
  const there = await trap();
  const origin = await serve(pageThatGoesTo(there.url));
  const ses = freshSession();
  ses.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, (_details, callback) =>
    callback({ cancel: true }),
  );
  ses.webRequest.onBeforeRequest(null);
  await loadAndSettle(openWindow(ses), `${origin}/302`);
  assert.equal(there.requests().length >= 1, true);
});

behaves('only the last listener of a session is used', async () => {
  const origin = await serve((_request, response) => html(response, 'page'));
  const ses = freshSession();
  let first = 0;
  let second = 0;
  ses.webRequest.onBeforeRequest((_details, callback) => {
    first++;
    callback({ cancel: true });
  });
  ses.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, (_details, callback) => {
    second++;
    callback({});
  });
  await openWindow(ses).loadURL(origin);
  assert.equal(first, 0);
  assert.equal(second > 0, true);
});

behaves('a listener that never calls back keeps the request from being sent', async () => {
  const there = await trap();
  const ses = freshSession();
  let asked = 0;
  ses.webRequest.onBeforeRequest({ urls: ['http://localhost:*/*'] }, () => {
    asked++;
  });
  const window = openWindow(ses);
  void window.loadURL(there.url);
  await until(() => asked === 1, 'the listener to be asked');
  await settle();
  assert.equal(there.requests().length, 0);
});

behaves(
  'a filter with port and path wildcards matches queries; one without a path wildcard does not',
  async () => {
    const there = await trap();
    const seen: string[] = [];
    const ses = freshSession();
    ses.webRequest.onBeforeRequest({ urls: [there.url] }, (details, callback) => {
      seen.push(details.url);
      callback({ cancel: true });
    });
    await loadAndSettle(openWindow(ses), `${there.url}?code=C`);
    assert.deepEqual(seen, []);
    assert.throws(() =>
      ses.webRequest.onBeforeRequest({ urls: [`http://localhost:${there.port}`] }, () => undefined),
    );
  },
);

// --- Navigation ----------------------------------------------------------------------------------------

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

// --- Windows -------------------------------------------------------------------------------------------

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

behaves('a window with another partition shares no cookies, and clearData leaves none', async () => {
  const origin = await serve((_request, response) => {
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
  await one.clearData();
  assert.deepEqual(await one.cookies.get({}), []);
  assert.equal(await window.webContents.executeJavaScript('localStorage.getItem("kept")'), null);
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

behaves('a custom scheme is nothing on a session that it was not registered on', async () => {
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

behaves("what a page of one's own begins is stopped by will-frame-navigate, its loadURL is not", async () => {
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

behaves("a renderer that crashes is told of by 'render-process-gone'", async () => {
  const origin = await serve((_request, response) => html(response, ''));
  const window = openWindow();
  await window.loadURL(origin);
  const reasons: string[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => reasons.push(reason));
  void window.webContents.loadURL('chrome://crash').catch(() => undefined);
  await until(() => reasons.length === 1, "'render-process-gone'");
  assert.deepEqual(reasons, ['crashed']);
});

behaves("app tells of every session and page: 'session-created', 'web-contents-created'", async () => {
  const sessions: Session[] = [];
  const pages: number[] = [];
  app.on('session-created', (ses) => sessions.push(ses));
  app.on('web-contents-created', (_event, contents) => pages.push(contents.id));
  const ses = freshSession();
  const window = openWindow(ses);
  assert.deepEqual([sessions.includes(ses), pages.includes(window.webContents.id)], [true, true]);
  await Promise.resolve();
});

// --- Tray, menu, clipboard, notifications ----------------------------------------------------------------

behaves('the clipboard is asynchronous', async () => {
  const written: unknown = clipboard.writeText('conformance');
  assert.equal(written instanceof Promise, true);
  await written;
  assert.equal(await clipboard.readText(), 'conformance');
  clipboard.clear();
  assert.equal(await clipboard.readText(), '');
});

behaves(
  'a menu item calls its click with itself, a checkbox is toggled first, ids are found in submenus',
  async () => {
    const seen: unknown[] = [];
    const click = (item: Electron.MenuItem): void => void seen.push([item.label, item.checked]);
    const menu = Menu.buildFromTemplate([
      { label: 'Plain', click },
      { type: 'separator' },
      { label: 'More', submenu: [{ id: 'box', label: 'Box', type: 'checkbox', checked: false, click }] },
    ]);
    menu.items[0]?.click();
    menu.getMenuItemById('box')?.click();
    assert.deepEqual(seen, [
      ['Plain', false],
      ['Box', true],
    ]);
    assert.deepEqual(
      menu.items.map(({ type }) => type),
      ['normal', 'separator', 'submenu'],
    );
    await Promise.resolve();
  },
);

behaves(
  'the tray takes a new menu, picture and tooltip, refuses a missing file, and is gone once destroyed',
  async () => {
    const picture = nativeImage.createFromBuffer(Buffer.from(ONE_PIXEL_PNG, 'base64'));
    assert.deepEqual(picture.getSize(), { width: 1, height: 1 });
    assert.equal(nativeImage.createFromPath('/nowhere/at-all.png').isEmpty(), true);
    const tray = new Tray(picture);
    tray.setContextMenu(Menu.buildFromTemplate([{ label: 'one' }]));
    tray.setContextMenu(Menu.buildFromTemplate([{ label: 'two' }]));
    tray.setToolTip('words');
    tray.setImage(picture);
    assert.throws(() => tray.setImage('/nowhere/at-all.png'), /Failed to load image from path/);
    tray.destroy();
    assert.equal(tray.isDestroyed(), true);
    assert.throws(() => tray.setToolTip('more'));
    await Promise.resolve();
  },
);

// macOS follows the mouse in a menu that is popped up, and does nothing else until somebody closes it.
behavesOn(
  ['linux', 'win32'],
  'an icon without a menu of its own tells of a right click, and pops up the menu it is handed then',
  async () => {
    const tray = new Tray(nativeImage.createFromBuffer(Buffer.from(ONE_PIXEL_PNG, 'base64')));
    const menu = Menu.buildFromTemplate([{ label: 'one' }]);
    let shown = 0;
    menu.on('menu-will-show', () => (shown += 1));
    tray.on('right-click', () => tray.popUpContextMenu(menu));
    tray.emit('right-click');
    // On Linux, where the icon is given its menu instead, nothing pops up.
    if (process.platform === 'win32') await until(() => shown === 1, "'menu-will-show'");
    else await settle();
    tray.closeContextMenu();
    assert.equal(shown, process.platform === 'win32' ? 1 : 0);
    tray.destroy();
  },
);

behaves('a notification keeps what it was given and can be shown and closed', async () => {
  assert.equal(typeof Notification.isSupported(), 'boolean');
  const notification = new Notification({ title: 'T', body: 'B', silent: true });
  assert.deepEqual([notification.title, notification.body, notification.silent], ['T', 'B', true]);
  notification.show();
  notification.close();
  await Promise.resolve();
});

behaves('a notification takes listeners for the click and for its failure', async () => {
  const notification = new Notification({ title: 'T', body: 'B' });
  notification.once('click', () => undefined);
  notification.once('failed', () => undefined);
  assert.equal(notification.listenerCount('click'), 1);
  assert.equal(notification.listenerCount('failed'), 1);
  // Closing what was never shown is nothing.
  notification.close();
  await Promise.resolve();
});

behaves('a program that is no package says so', async () => {
  assert.equal(app.isPackaged, false);
  await Promise.resolve();
});

behavesOn(['linux'], 'Linux keeps no login item', async () => {
  app.setLoginItemSettings({ openAtLogin: true, args: ['--at-login'] });
  assert.equal(app.getLoginItemSettings({ args: ['--at-login'] }).openAtLogin, false);
  await Promise.resolve();
});

behaves('powerMonitor is there after ready and takes listeners', async () => {
  powerMonitor.on('resume', () => undefined);
  assert.equal(powerMonitor.listenerCount('resume'), 1);
  await Promise.resolve();
});

// --- The life of the process -----------------------------------------------------------------------------

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

behaves('app.exit and process.exit give their code and ask nobody', async () => {
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

/** What the child processes of the behaviours above do. */
const roles: Record<string, () => void> = {
  'close-last-window': () => {
    tellOfQuit();
    new BrowserWindow({ show: false }).close();
  },
  'quit-order': () => {
    let refusals = ['before-quit', 'close'];
    const refuse = (name: string, event: Electron.Event): void => {
      const refused = refusals.includes(name);
      say(refused ? `${name} prevented` : name);
      if (!refused) return;
      refusals = refusals.filter((one) => one !== name);
      event.preventDefault();
      setTimeout(() => app.quit(), 50);
    };
    const window = new BrowserWindow({ show: false });
    window.on('close', (event) => refuse('close', event));
    window.on('closed', () => say('closed'));
    app.on('before-quit', (event) => refuse('before-quit', event));
    app.on('will-quit', () => say('will-quit'));
    app.on('quit', (_event, code) => say(`quit ${code}`));
    app.quit();
  },
  exit: () => {
    tellOfQuit();
    app.exit(7);
  },
  'process-exit': () => {
    tellOfQuit();
    process.exit(8);
  },
  sigterm: () => {
    tellOfQuit();
    process.kill(process.pid, 'SIGTERM');
  },
  rejection: () => {
    app.on('quit', (_event, code) => say(`quit ${code}`));
    void Promise.reject(new Error('nobody cares'));
    setTimeout(() => {
      say('alive');
      app.exit(0);
    }, 100);
  },
  second: () => {
    app.setPath('userData', process.env.CONFORMANCE_USER_DATA ?? '');
    say(`lock ${String(app.requestSingleInstanceLock({ hello: 'first' }))}`);
    app.on('quit', (_event, code) => say(`quit ${code}`));
    app.quit();
  },
};

function tellOfQuit(): void {
  app.on('before-quit', () => say('before-quit'));
  app.on('will-quit', () => say('will-quit'));
  app.on('quit', (_event, code) => say(`quit ${code}`));
}

/** Starts this program again in another part. */
async function runRole(role: string, env: Record<string, string> = {}, args: string[] = []) {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
    env: { ...process.env, ...env, CONFORMANCE_ROLE: role },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('ROLE '))
    .map((line) => line.slice(5));
  return { lines, code };
}

// --- net.request -----------------------------------------------------------------------------------------

/** What a request of the main process comes to: its events in order, and the body. */
function ask(url: string, more: Electron.ClientRequestConstructorOptions = {}, body?: string) {
  const request = net.request({
    url,
    session: freshSession(),
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    ...more,
  });
  const events: string[] = [];
  const ended = new Promise<{ events: string[]; body: string; headers: object }>((resolve) => {
    let text = '';
    let headers: object = {};
    request.on('redirect', (status, _method, to, responseHeaders) => {
      events.push(`redirect ${status} ${to}`);
      headers = responseHeaders;
    });
    request.on('response', (response) => {
      events.push(`response ${response.statusCode}`);
      headers = response.headers;
      response.on('data', (chunk) => (text += chunk.toString()));
      response.on('end', () => resolve({ events, body: text, headers }));
    });
    request.on('error', ({ message }) => {
      events.push(message);
      setImmediate(() => resolve({ events, body: text, headers }));
    });
    request.on('abort', () => {
      events.push('abort');
      setTimeout(() => resolve({ events, body: text, headers }), SETTLE_MS);
    });
  });
  request.end(body);
  return { request, ended };
}

behaves(
  'net.request sends method, headers and body with their length, and no cookie or referrer',
  async () => {
    const seen: IncomingMessage['headers'][] = [];
    const url = await serve((request, response) => {
      seen.push({ ...request.headers, method: request.method });
      response.writeHead(400, { 'x-answer': 'yes', 'set-cookie': 'a=b' }).end('ä');
    });
    const ses = freshSession();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (let round = 0; round < 2; round += 1) {
      const {
        events,
        body,
        headers: back,
      } = await ask(url, { session: ses, method: 'POST', headers }, 'a=ä').ended;
      assert.deepEqual([events, body], [['response 400'], 'ä']);
      assert.equal((back as Record<string, unknown>)['x-answer'], 'yes');
    }
    for (const one of seen) {
      assert.equal(one['content-length'], '4');
      assert.equal(one['content-type'], headers['content-type']);
      assert.deepEqual([one.method, one.cookie, one.referer], ['POST', undefined, undefined]);
    }
    assert.equal(seen.length, 2);
  },
);

behaves('net.request with redirect manual tells of a redirect, and does not go there', async () => {
  let followed = 0;
  const url = await serve((request, response) => {
    if (request.url === '/there') followed += 1;
    redirect(response, '/there', 307);
  });
  const { events, headers } = await ask(url).ended;
  await settle();
  assert.deepEqual(events, [`redirect 307 ${url}/there`, 'Redirect was cancelled']);
  assert.deepEqual((headers as Record<string, unknown>).location, ['/there']);
  assert.equal(followed, 0);
});

behaves('net.request names a failure as net::ERR_…', async () => {
  const closed = await trap();
  await closed.close();
  const refused = await ask(`http://127.0.0.1:${closed.port}/`).ended;
  assert.deepEqual(refused.events, ['net::ERR_CONNECTION_REFUSED']);
  const url = await serve((_request, response) => response.end());
  const invalid = await ask(url, { headers: { host: 'other.example' } }).ended;
  assert.deepEqual(invalid.events, ['net::ERR_INVALID_ARGUMENT']);
});

behaves('net.request that is aborted ends without an error', async () => {
  let arrived = 0;
  const url = await serve(() => (arrived += 1));
  const { request, ended } = ask(url);
  await until(() => arrived === 1, 'the request to arrive');
  request.abort();
  assert.deepEqual((await ended).events, ['abort']);
});

behaves('net.request by https trusts whom the switch names, and no file of Node’s', async () => {
  const answer = (_request: IncomingMessage, response: ServerResponse): unknown => response.end('{}');
  const trusted = await ask(await serveTls(NAMED, answer)).ended;
  assert.deepEqual(trusted.events, ['response 200']);
  const foreign = await ask(await serveTls(createRunCertificate(['127.0.0.1']), answer)).ended;
  assert.deepEqual(foreign.events, ['net::ERR_CERT_AUTHORITY_INVALID']);
});

behaves('after closeAllConnections a request goes over a new connection', async () => {
  const ports: (number | undefined)[] = [];
  const url = await serve((request, response) => {
    ports.push(request.socket.remotePort);
    response.end('{}');
  });
  const ses = freshSession();
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual((await ask(url, { session: ses }).ended).events, ['response 200']);
    await ses.closeAllConnections();
  }
  assert.equal(new Set(ports).size, 2);
});

behaves('resolveProxy answers with a list as of a PAC file', async () => {
  assert.equal(await freshSession().resolveProxy('https://127.0.0.1/'), 'DIRECT');
});

// --- Running ---------------------------------------------------------------------------------------------

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited 15 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function say(line: string): void {
  // Synchronous, as the process may end right after.
  process.stdout.write(`ROLE ${line}\n`);
}

const ONE_PIXEL_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function runAll(): Promise<void> {
  const on = 'electron' in process.versions ? 'electron' : 'stand-in';
  process.stdout.write(`conformance on: ${on}\n`);
  // Behaviours close all their windows; only the last section asks what that means.
  const stay = (): void => undefined;
  app.on('window-all-closed', stay);
  const only = new RegExp(process.env.CONFORMANCE_ONLY ?? '');
  for (const [name, program] of behaviours) {
    if (!only.test(name)) continue;
    const started = performance.now();
    const error = await program().then(
      () => null,
      (reason: unknown) => (reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)),
    );
    for (const close of closers.splice(0).reverse()) await close();
    const ms = Math.round(performance.now() - started);
    process.stdout.write(`CONFORMANCE ${JSON.stringify({ name, error, ms })}\n`);
  }
  await resolverTrap.close();
  app.exit(0);
}

const role = process.env.CONFORMANCE_ROLE;
void app.whenReady().then(() => (role === undefined ? runAll() : roles[role]?.()));
