import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createRunCertificate } from '../../../src/demo-tenant/server/certificate.ts';
import { httpsSend } from '../../../src/agent/network/https-send.ts';
import { SendError, type HttpResponse, type SendLimits } from '../../../src/agent/network/send.ts';

const certificate = createRunCertificate(['localhost', '127.0.0.1']);
const other = createRunCertificate(['localhost', '127.0.0.1']);
/** Generous: only a hang comes close to it. */
const limits: SendLimits = { connectTimeoutMs: 20_000, totalTimeoutMs: 20_000, maxResponseBytes: 1000 };
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer({ key: certificate.privateKeyPem, cert: certificate.certificatePem }, answer);
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `https://127.0.0.1:${await listening(server)}/token`;
}

function post(
  url: string,
  changed: Partial<SendLimits> = {},
  ca = certificate.certificatePem,
): Promise<HttpResponse> {
  const request = { method: 'POST' as const, url, headers: { 'x-test': 'yes' }, body: 'grant=ä' };
  return httpsSend(ca)(request, { ...limits, ...changed });
}

/** How a call ended, `kind: detail`. */
async function ending(call: Promise<HttpResponse>): Promise<string> {
  try {
    return `HTTP ${(await call).status}`;
  } catch (error) {
    return error instanceof SendError ? error.message : `another error: ${String(error)}`;
  }
}

test('method, headers and body arrive, and the answer comes back', async () => {
  const url = await serve((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const seen = [request.method, request.headers['x-test'], request.headers['content-length']];
      response.writeHead(400, { 'x-seen': seen.join(' ') });
      response.end(Buffer.concat(chunks));
    })();
  });
  const answer = await post(url);
  expect(answer).toMatchObject({ status: 400, headers: { 'x-seen': 'POST yes 8' }, body: 'grant=ä' });
});

test('a character split between two packets comes back whole', async () => {
  const bytes = Buffer.from('ä€');
  const url = await serve((_request, response) => {
    response.write(bytes.subarray(0, 1));
    setTimeout(() => response.end(bytes.subarray(1)), 20);
  });
  expect((await post(url)).body).toBe('ä€');
});

test('a redirect is an answer and is not followed', async () => {
  let visits = 0;
  const url = await serve((_request, response) => {
    visits += 1;
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect(await ending(post(url))).toBe('HTTP 307');
  expect(visits).toBe(1);
});

test.each<[string, RequestListener]>([
  ['never answers', () => undefined],
  ['sends headers and then nothing', (_request, response) => void response.writeHead(200).write('{')],
  ['drips for ever', (_request, response) => drip(response)],
])('a server that %s times out', async (_name, answer) => {
  expect(await ending(post(await serve(answer), { totalTimeoutMs: 200 }))).toBe('timeout: no answer');
});

function drip(response: Parameters<RequestListener>[1]): void {
  const timer = setInterval(() => response.write(' '), 20);
  closing.push(() => clearInterval(timer));
}

test('a port that takes the connection and never speaks TLS times out', async () => {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  closing.push(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  const url = `https://127.0.0.1:${await listening(server)}/`;
  expect(await ending(post(url, { connectTimeoutMs: 200 }))).toBe('no-connection: no connection');
});

test('an answer over the limit is given up before its end', async () => {
  const url = await serve((_request, response) => void response.writeHead(200).write('x'.repeat(1001)));
  expect(await ending(post(url))).toBe('oversize: over 1000 bytes');
});

test('an answer of exactly the limit is taken', async () => {
  const url = await serve((_request, response) => void response.end('x'.repeat(1000)));
  expect(await ending(post(url))).toBe('HTTP 200');
});

test.each<[string, RequestListener, RegExp]>([
  ['before it answers', (request) => request.socket.destroy(), /^unreachable: ECONNRESET$/u],
  [
    'in the middle of its answer',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{');
      setTimeout(() => response.destroy(), 20);
    },
    /^unreachable: (?:connection lost|ECONNRESET)$/u,
  ],
])('a server that resets %s is unreachable', async (_name, answer, expected) => {
  expect(await ending(post(await serve(answer)))).toMatch(expected);
});

test('a port without a listener is unreachable', async () => {
  const server = createTcpServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  expect(await ending(post(`https://127.0.0.1:${port}/`))).toBe('unreachable: ECONNREFUSED');
});

test('a certificate of an unknown issuer is refused, and nothing is sent', async () => {
  let visits = 0;
  const url = await serve(() => (visits += 1));
  expect(await ending(post(url, {}, other.certificatePem))).toMatch(
    /^unreachable: [A-Z_]*(?:SIGN|CERT)[A-Z_]*$/u,
  );
  expect(visits).toBe(0);
});

test('a certificate for another host is refused', async () => {
  const url = (await serve(() => undefined)).replace('127.0.0.1', '127.0.0.2');
  expect(await ending(post(url))).toMatch(/^unreachable: (?:ERR_TLS_CERT_ALTNAME_INVALID|ECONNREFUSED)$/u);
});

test('plain http is refused', async () => {
  expect(await ending(post('http://127.0.0.1:9/'))).toBe('unreachable: ERR_INVALID_PROTOCOL');
});
