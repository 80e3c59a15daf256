import { strict as assert } from 'node:assert';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { net } from 'electron';
import { createRunCertificate } from '../../../../../src/demo-tenant/server/certificate.ts';
import {
  behaves,
  freshSession,
  NAMED,
  redirect,
  serve,
  serveTls,
  settle,
  SETTLE_MS,
  trap,
  until,
} from '../stage.ts';

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

behaves('net.request with redirect manual reports a redirect, and does not follow it', async () => {
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

behaves(
  'net.request over https trusts the certificate that the switch names, and not the file that Node is given',
  async () => {
    const answer = (_request: IncomingMessage, response: ServerResponse): unknown => response.end('{}');
    const trusted = await ask(await serveTls(NAMED, answer)).ended;
    assert.deepEqual(trusted.events, ['response 200']);
    const foreign = await ask(await serveTls(createRunCertificate(['127.0.0.1']), answer)).ended;
    assert.deepEqual(foreign.events, ['net::ERR_CERT_AUTHORITY_INVALID']);
  },
);

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
