import { strict as assert } from 'node:assert';
import {
  behaves,
  freshSession,
  html,
  loadAndSettle,
  openWindow,
  redirect,
  serve,
  settle,
  trap,
  until,
  type Details,
} from '../stage.ts';
import { pageThatGoesTo, WAYS } from '../ways.ts';

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

behaves('a removed listener no longer stops anything', async () => {
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
