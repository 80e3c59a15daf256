import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { EventEmitter } from 'node:events';
import type { Session } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRunCertificate } from '../../../src/demo-tenant/server/certificate.ts';
import { SendError, type HttpResponse, type SendLimits } from '../../../src/agent/network/send.ts';
import { firstProxy, sendErrorOf } from '../../../src/tray/network/net-error.ts';

const electron = vi.hoisted(() => ({
  asked: [] as Electron.ClientRequestConstructorOptions[],
  partitions: [] as unknown[],
  /** Replaces the stand-in's request in tests with a proxy. */
  scripted: undefined as EventEmitter | undefined,
}));
vi.mock('electron', async () => {
  const { net } = await import('../../house/electron/stand-in/session/net.ts');
  return {
    net: {
      request: (options: Electron.ClientRequestConstructorOptions) => {
        electron.asked.push(options);
        return electron.scripted ?? net.request(options);
      },
    },
    session: {
      fromPartition: (...args: unknown[]) => {
        electron.partitions.push(args);
        return {};
      },
    },
  };
});
const { electronSend, networkSession } = await import('../../../src/tray/network/electron-send.ts');

const certificate = createRunCertificate(['localhost', '127.0.0.1']);
const foreign = createRunCertificate(['localhost', '127.0.0.1']);
/** Only reached by a hang. */
const limits: SendLimits = { connectTimeoutMs: 20_000, totalTimeoutMs: 20_000, maxResponseBytes: 1000 };
const closing: (() => void)[] = [];

beforeEach(() => {
  const trusting = `--ignore-certificate-errors-spki-list=${certificate.spkiSha256}`;
  vi.stubEnv('STANDIN_CHROMIUM_ARGS', JSON.stringify([trusting]));
});
afterEach(() => {
  vi.unstubAllEnvs();
  closing.splice(0).forEach((close) => close());
  electron.asked.length = 0;
  electron.scripted = undefined;
});

async function serve(answer: RequestListener, from = certificate): Promise<string> {
  const server = createServer({ key: from.privateKeyPem, cert: from.certificatePem }, answer);
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
}

function through(pac = 'DIRECT'): Session {
  return { resolveProxy: () => Promise.resolve(pac) } as Partial<Session> as Session;
}

function post(
  url: string,
  { pac = 'DIRECT', ...changed }: Partial<SendLimits> & { pac?: string } = {},
): Promise<HttpResponse> {
  const headers = { 'x-test': 'yes', Host: 'elsewhere', Connection: 'keep-alive', 'Content-Length': '1' };
  const request = { method: 'POST' as const, url, headers, body: 'grant=ä' };
  return electronSend(through(pac))(request, { ...limits, ...changed });
}

/** How a call ended: `kind: detail` and the proxy, if any. */
async function ending(call: Promise<HttpResponse>): Promise<string> {
  try {
    return `HTTP ${(await call).status}`;
  } catch (error) {
    if (!(error instanceof SendError)) return `another error: ${String(error)}`;
    return error.subject === '' ? error.message : `${error.message} (${error.subject})`;
  }
}

describe('a token request through Electron', () => {
  test('sends method, headers and body, and returns the answer', async () => {
    const url = await serve((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const { method, headers } = request;
        const seen = [method, headers['x-test'], headers['content-length'], headers.host?.split(':')[0]];
        response.writeHead(400, { 'x-seen': seen.join(' ') });
        response.end(Buffer.concat(chunks));
      })();
    });
    const answer = await post(url);
    expect(answer).toMatchObject({ status: 400, headers: { 'x-seen': 'POST yes 8 127.0.0.1' } });
    expect(answer.body).toBe('grant=ä');
    expect(answer.via).toBeUndefined();
  });

  test('uses no cookies, cache or redirects, in a partition separate from the sign-in window’s', async () => {
    await post(await serve((_request, response) => response.end('{}')));
    expect(electron.asked[0]).toMatchObject({
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
    networkSession();
    expect(electron.partitions).toEqual([['tokentray-network', { cache: false }]]);
  });

  test('returns a redirect without following it', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url);
      response.writeHead(302, { location: '/elsewhere', 'x-list': ['a', 'b'] }).end();
    });
    expect(await post(url)).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere', 'x-list': 'a, b' },
      body: '',
    });
    expect(seen).toEqual(['/token']);
  });

  test('refuses plain http', async () => {
    expect(await ending(post('http://127.0.0.1:9/token'))).toBe('unreachable: not https');
    expect(electron.asked).toEqual([]);
  });

  test('reports an untrusted certificate with Chromium’s code', async () => {
    const url = await serve((_request, response) => response.end('{}'), foreign);
    expect(await ending(post(url))).toBe('unreachable: CERT_AUTHORITY_INVALID');
  });

  test('reports that no server is listening', async () => {
    const url = await serve(() => undefined);
    closing.splice(0).forEach((close) => close());
    expect(await ending(post(url))).toBe('unreachable: CONNECTION_REFUSED');
  });

  test('gives up on a server that never answers when the total time is up', async () => {
    const url = await serve(() => undefined);
    expect(await ending(post(url, { totalTimeoutMs: 300 }))).toBe('timeout: no answer');
  });

  test('gives up on a server that never speaks TLS', async () => {
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    closing.push(() => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    });
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await ending(post(url, { totalTimeoutMs: 300 }))).toBe('timeout: no answer');
  });

  test('aborts an answer that is too long', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(1001)));
    expect(await ending(post(url))).toBe('oversize: over 1000 bytes');
    const exact = await serve((_request, response) => response.end('x'.repeat(1000)));
    expect(await ending(post(exact))).toBe('HTTP 200');
  });

  test('rejects an incomplete answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setTimeout(() => response.socket?.destroy(), 20);
    });
    expect(await ending(post(url))).toMatch(/^unreachable: connection lost$/u);
  });
});

describe('a proxy', () => {
  const pac = 'PROXY proxy.example:8080; DIRECT';
  /** A request whose events the test emits, because the stand-in has no proxy. */
  function scripted(play: (request: EventEmitter) => void): void {
    const request = Object.assign(new EventEmitter(), {
      abort: () => undefined,
      end: () => setTimeout(() => play(request), 5),
    });
    electron.scripted = request;
  }

  test('is named with the answer', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    expect((await post(url, { pac })).via).toBe('proxy.example:8080');
  });

  test('that requires a password gets none, and is named', async () => {
    const answers: unknown[][] = [];
    scripted((request) => {
      const giveUp = (...given: unknown[]): number => answers.push(given);
      request.emit('login', { isProxy: true, host: 'proxy.example', port: 8080 }, giveUp);
      request.emit('error', new Error('net::ERR_TUNNEL_CONNECTION_FAILED'));
    });
    expect(await ending(post('https://authority.example/', { pac }))).toBe(
      'proxy-auth: HTTP 407 (proxy.example:8080)',
    );
    expect(answers).toEqual([[]]);
  });

  test('that answers itself is not mistaken for the authority', async () => {
    const url = await serve((_request, response) => response.writeHead(407).end('who are you?'));
    expect(await ending(post(url, { pac }))).toBe('proxy-auth: HTTP 407 (proxy.example:8080)');
  });

  test.each([
    ['net::ERR_PROXY_CONNECTION_FAILED', 'proxy-unreachable: PROXY_CONNECTION_FAILED (proxy.example:8080)'],
    ['net::ERR_TUNNEL_CONNECTION_FAILED', 'proxy-refused: TUNNEL_CONNECTION_FAILED (proxy.example:8080)'],
    ['net::ERR_NAME_NOT_RESOLVED', 'unreachable: NAME_NOT_RESOLVED'],
  ])('%s is attributed to proxy or server', async (message, wanted) => {
    scripted((request) => request.emit('error', new Error(message)));
    expect(await ending(post('https://authority.example/', { pac }))).toBe(wanted);
  });
});

test.each([
  ['net::ERR_CONNECTION_TIMED_OUT', 'unreachable: CONNECTION_TIMED_OUT', ''],
  ['net::ERR_TIMED_OUT', 'unreachable: TIMED_OUT', ''],
  ['net::ERR_INTERNET_DISCONNECTED', 'unreachable: INTERNET_DISCONNECTED', ''],
  ['net::ERR_CERT_DATE_INVALID', 'unreachable: CERT_DATE_INVALID', ''],
  // Must not match what the agent treats as the server's own certificate.
  ['net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED', 'unreachable: it wants a client certificate', ''],
  ['net::ERR_PROXY_AUTH_UNSUPPORTED', 'proxy-auth: PROXY_AUTH_UNSUPPORTED', 'p:1'],
  ['net::ERR_PROXY_CERTIFICATE_INVALID', 'proxy-unreachable: PROXY_CERTIFICATE_INVALID', 'p:1'],
  [
    'net::ERR_MANDATORY_PROXY_CONFIGURATION_FAILED',
    'proxy-unreachable: MANDATORY_PROXY_CONFIGURATION_FAILED',
    'p:1',
  ],
  ['net::ERR_PAC_SCRIPT_FAILED', 'proxy-unreachable: PAC_SCRIPT_FAILED', 'p:1'],
  ['https://authority.example/?secret=1', 'unreachable: unknown', ''],
  ['net::ERR_FAILED https://authority.example/', 'unreachable: unknown', ''],
])('%s becomes %s', (message, wanted, subject) => {
  const error = sendErrorOf(message, 'p:1');
  expect([error.message, error.subject]).toEqual([wanted, subject]);
});

test.each([
  ['DIRECT', undefined],
  ['DIRECT; PROXY a:1', undefined],
  ['PROXY a:1; DIRECT', 'a:1'],
  ['HTTPS [::1]:3128', '[::1]:3128'],
  ['SOCKS5 s:1080;PROXY a:1', 's:1080'],
  ['', undefined],
])('the first proxy of "%s" is %s', (list, wanted) => {
  expect(firstProxy(list)).toBe(wanted);
});
