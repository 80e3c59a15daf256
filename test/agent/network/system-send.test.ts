import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sendProblem } from '../../../src/agent/failures/send-problem.ts';
import { TokenNetwork } from '../../../src/agent/network/network.ts';
import type { Environment } from '../../../src/agent/network/proxy.ts';
import { SendError, type SendLimits } from '../../../src/agent/network/send.ts';
import { systemRoots } from '../../../src/agent/network/system-roots.ts';
import { systemSend } from '../../../src/agent/network/system-send.ts';
import {
  createClientCertificate,
  createRunCertificate,
} from '../../../src/demo-tenant/server/certificate.ts';
import { sayReason } from '../../../src/words/say.ts';
import { memoryLog } from '../fixtures/fixture.ts';
import { startRoughProxy, STEPS, WAYS } from '../fixtures/rough-proxy.ts';
import { startProxy, type ProxyConduct, type TestProxy } from '../fixtures/proxy-server.ts';

const HOST = 'login.example.test';
const certificate = createRunCertificate([HOST, 'localhost', '127.0.0.1']);
const other = createClientCertificate('Another company');
/** Generous: only a hang comes close to it. */
const limits: SendLimits = { connectTimeoutMs: 20_000, totalTimeoutMs: 20_000, maxResponseBytes: 1000 };

let directory: string;
let caFile: string;
let port: number;
let visits: (string | undefined)[];
const closing: (() => void)[] = [];
const server = createServer(
  { key: certificate.privateKeyPem, cert: certificate.certificatePem },
  (request, response) => {
    visits.push(request.headers['proxy-authorization'] ?? 'without');
    response.end('{}');
  },
);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());
beforeEach(async () => {
  visits = [];
  directory = await mkdtemp(path.join(tmpdir(), 'tokentray-send-'));
  caFile = path.join(directory, 'ca.pem');
  await writeFile(caFile, certificate.certificatePem);
});
afterEach(async () => {
  closing.splice(0).forEach((close) => close());
  await rm(directory, { recursive: true });
});

async function proxy(conduct: ProxyConduct = { kind: 'tunnel', port }): Promise<TestProxy> {
  const made = await startProxy(conduct);
  closing.push(() => made.close());
  return made;
}

interface Order {
  readonly url?: string;
  readonly env?: Environment;
  readonly extraCaFile?: string | undefined;
  readonly limits?: Partial<SendLimits>;
}

/** How a request ended: `HTTP 200`, or the error's kind, detail and subject. */
async function ending(
  order: Order,
  send = systemSend({
    env: order.env ?? {},
    extraCaFile: 'extraCaFile' in order ? order.extraCaFile : caFile,
  }),
): Promise<string> {
  const { url = `https://${HOST}/token` } = order;
  try {
    const request = { method: 'GET' as const, url, headers: {}, body: undefined };
    return `HTTP ${(await send(request, { ...limits, ...order.limits })).status}`;
  } catch (error) {
    if (error instanceof SendError) return `${error.message} ${error.subject}`.trim();
    throw error;
  }
}

const direct = (): string => `https://localhost:${port}/token`;

describe('the extra certificates', () => {
  test('make a certificate trusted that is not otherwise', async () => {
    expect(await ending({ url: direct() })).toBe('HTTP 200');
    expect(await ending({ url: direct(), extraCaFile: undefined })).toMatch(
      /^unreachable: [A-Z_]*(?:SIGN|CERT)/u,
    );
    expect(visits).toHaveLength(1);
  });

  test('stand beside the ones of NODE_EXTRA_CA_CERTS', async () => {
    await writeFile(caFile, other.certificatePem);
    const ours = path.join(directory, 'ours.pem');
    await writeFile(ours, certificate.certificatePem);
    expect(await ending({ url: direct(), env: { NODE_EXTRA_CA_CERTS: ours } })).toBe('HTTP 200');
  });

  test('may have other text around them', async () => {
    await writeFile(
      caFile,
      `# our proxy\r\n${other.certificatePem.replaceAll('\n', '\r\n')}\n# again\n${certificate.certificatePem}`,
    );
    expect(await ending({ url: direct() })).toBe('HTTP 200');
  });

  test('are read again when the file has changed, and not otherwise missed', async () => {
    await writeFile(caFile, other.certificatePem);
    const send = systemSend({ extraCaFile: caFile, env: {} });
    expect(await ending({ url: direct() }, send)).toMatch(/^unreachable/u);
    await writeFile(caFile, certificate.certificatePem + '\n');
    expect(await ending({ url: direct() }, send)).toBe('HTTP 200');
    await rm(caFile);
    expect(await ending({ url: direct() }, send)).toBe(`ca-file: ENOENT ${caFile}`);
  });

  test.each([
    ['', 'no certificate in it'],
    ['not a PEM file', 'no certificate in it'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'a certificate in it is damaged'],
  ])('a file with %j is named', async (text, detail) => {
    await writeFile(caFile, text);
    expect(await ending({ url: direct() })).toBe(`ca-file: ${detail} ${caFile}`);
    const sentence = sayReason(sendProblem(new SendError('ca-file', detail, caFile), HOST));
    expect(sentence).toContain(caFile);
  });
});

describe('a file of certificates that never ends or never begins', () => {
  test('a device is refused', async () => {
    expect(await ending({ url: direct(), extraCaFile: '/dev/zero' })).toBe(
      'ca-file: it is no regular file /dev/zero',
    );
  });

  test('a pipe without a writer is refused', async () => {
    const pipe = path.join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await ending({ url: direct(), extraCaFile: pipe })).toBe(`ca-file: it is no regular file ${pipe}`);
  });

  test('one of a size that no list of certificates has is refused', async () => {
    await writeFile(caFile, Buffer.alloc(4 * 1024 * 1024 + 1, 'a'));
    expect(await ending({ url: direct() })).toBe(`ca-file: it holds more than 4194304 bytes ${caFile}`);
  });
});

describe('the operating system’s own certificates', () => {
  const ofSystem = (pem: string): { asked: number; send: ReturnType<typeof systemSend> } => {
    const seen = { asked: 0, send: systemSend({ env: {}, extraCaFile: undefined }) };
    seen.send = systemSend({
      env: {},
      extraCaFile: undefined,
      systemRoots: () => {
        seen.asked += 1;
        return [pem];
      },
    });
    return seen;
  };

  test('are trusted where the built-in ones do not do, and read once', async () => {
    const seen = ofSystem(certificate.certificatePem);
    expect(await ending({ url: direct() }, seen.send)).toBe('HTTP 200');
    expect(await ending({ url: direct() }, seen.send)).toBe('HTTP 200');
    expect(seen.asked).toBe(1);
    expect(visits).toHaveLength(2);
  });

  test('do not help a certificate that none of them has signed', async () => {
    const seen = ofSystem(other.certificatePem);
    expect(await ending({ url: direct() }, seen.send)).toMatch(/^unreachable: [A-Z_]*(?:SIGN|CERT)/u);
    expect(visits).toEqual([]);
  });

  test('are not looked at for anything else than an unknown issuer', async () => {
    const seen = ofSystem(certificate.certificatePem);
    expect(await ending({ url: 'https://127.0.0.1:1/' }, seen.send)).toBe('unreachable: ECONNREFUSED');
    expect(seen.asked).toBe(0);
  });

  test('are empty if Node cannot read them, and a list of PEM if it can', () => {
    for (const pem of systemRoots()) expect(pem).toContain('BEGIN CERTIFICATE');
    expect(systemRoots().length > 0).toBe('getCACertificates' in tls);
  });
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 opens no door', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  try {
    expect(await ending({ url: direct(), extraCaFile: undefined })).toMatch(
      /^unreachable: [A-Z_]*(?:SIGN|CERT)/u,
    );
    const { url } = await proxy();
    expect(await ending({ env: { HTTPS_PROXY: url }, extraCaFile: undefined })).toMatch(
      /^unreachable: [A-Z_]*(?:SIGN|CERT)/u,
    );
    expect(visits).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('a proxy', () => {
  test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'that %s names is used',
    async (variable) => {
      const { url, seen } = await proxy();
      expect(await ending({ env: { [variable]: url } })).toBe('HTTP 200');
      expect(seen).toEqual([`${HOST}:443`]);
      expect(visits).toEqual(['without']);
    },
  );

  test('may be named without http://', async () => {
    const { name, seen } = await proxy();
    expect(await ending({ env: { HTTPS_PROXY: name } })).toBe('HTTP 200');
    expect(seen).toHaveLength(1);
  });

  test('of HTTP_PROXY is for http addresses only', async () => {
    const { url, seen } = await proxy();
    expect(await ending({ url: direct(), env: { HTTP_PROXY: url, http_proxy: url } })).toBe('HTTP 200');
    expect(seen).toEqual([]);
  });

  test('gets user name and password, and the authority does not', async () => {
    const { name, seen } = await proxy();
    expect(await ending({ env: { HTTPS_PROXY: `http://ada:p%40ss%3Aword@${name}` } })).toBe('HTTP 200');
    expect(seen).toEqual([`${HOST}:443 Basic ${Buffer.from('ada:p@ss:word').toString('base64')}`]);
    expect(visits).toEqual(['without']);
  });

  test.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost,127.0.0.1', '127.0.0.1'],
    ['other.example, localhost', 'localhost'],
    ['LOCALHOST', 'localhost'],
    ['*', 'localhost'],
  ])('is passed by where NO_PROXY is %j', async (noProxy, host) => {
    const { url, seen } = await proxy();
    const address = `https://${host}:${port}/token`;
    expect(await ending({ url: address, env: { HTTPS_PROXY: url, NO_PROXY: noProxy } })).toBe('HTTP 200');
    expect(await ending({ url: address, env: { HTTPS_PROXY: url, no_proxy: noProxy } })).toBe('HTTP 200');
    expect(seen).toEqual([]);
  });

  test('NO_PROXY with a port holds for that port, and a domain for its hosts', async () => {
    const { url, seen } = await proxy();
    const local = direct();
    expect(await ending({ url: local, env: { HTTPS_PROXY: url, NO_PROXY: `localhost:${port}` } })).toBe(
      'HTTP 200',
    );
    expect(seen).toEqual([]);
    expect(await ending({ url: local, env: { HTTPS_PROXY: url, NO_PROXY: 'localhost:1' } })).toBe('HTTP 200');
    expect(await ending({ env: { HTTPS_PROXY: url, NO_PROXY: '.example.com' } })).toBe('HTTP 200');
    expect(seen).toHaveLength(2);
    expect(await ending({ env: { HTTPS_PROXY: url, NO_PROXY: '.example.test' } })).toMatch(
      /^unreachable: (?:ENOTFOUND|EAI_AGAIN)/u,
    );
    expect(seen).toHaveLength(2);
  });

  test('the environment of the process is left as it was', async () => {
    const before = process.env;
    const { url } = await proxy();
    await ending({ env: { HTTPS_PROXY: url } });
    expect(process.env).toBe(before);
  });

  test.each([
    [407, undefined, 'proxy-auth', 'HTTP 407', 'admin'],
    [407, 'Proxy-Authenticate: Basic realm="a, NTLM b", charset="UTF-8"', 'proxy-auth', 'Basic', 'admin'],
    [
      407,
      'Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM',
      'proxy-auth',
      'Negotiate, NTLM',
      'admin',
    ],
    [403, undefined, 'proxy-refused', 'HTTP 403', 'transient'],
    [502, undefined, 'proxy-refused', 'HTTP 502', 'transient'],
  ] as const)('that answers %i (%j) is the cause: %s', async (status, header, kind, detail, expected) => {
    const { url, name } = await proxy({ kind: 'answer', status, header });
    expect(await ending({ env: { HTTPS_PROXY: url } })).toBe(`${kind}: ${detail} ${name}`);
    const problem = sendProblem(new SendError(kind, detail, name), HOST);
    expect(problem.kind).toBe(expected);
    expect(sayReason(problem)).toContain(name);
  });

  test('that hangs is given up within the time for connecting', async () => {
    const { url, name } = await proxy({ kind: 'hang' });
    const order = { env: { HTTPS_PROXY: url }, limits: { connectTimeoutMs: 200 } };
    expect(await ending(order)).toBe(`proxy-timeout: no connection ${name}`);
  });

  test('that takes the connection and is silent, as an https proxy, is given up too', async () => {
    const silent = createTcpServer((socket) => {
      closing.push(() => socket.destroy());
      socket.on('error', () => undefined).resume();
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closing.push(() => silent.close());
    const name = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const order = { env: { HTTPS_PROXY: `https://${name}` }, limits: { connectTimeoutMs: 200 } };
    expect(await ending(order)).toBe(`proxy-timeout: no connection ${name}`);
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) => {
        silent.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      });
    await expect.poll(connections).toBe(0);
  });

  test('may be reached over TLS', async () => {
    const { createServer: createTlsServer } = await import('node:tls');
    const plain = await proxy();
    const [host = '', proxyPort = ''] = plain.name.split(':');
    const options = { key: certificate.privateKeyPem, cert: certificate.certificatePem };
    const front = createTlsServer(options, (socket) => {
      const inner = connect(Number(proxyPort), host);
      closing.push(() => inner.destroy());
      inner.on('error', () => socket.destroy());
      socket.on('error', () => inner.destroy());
      socket.pipe(inner).pipe(socket);
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    closing.push(() => front.close());
    const url = `https://ada:pass@localhost:${(front.address() as AddressInfo).port}`;
    expect(await ending({ env: { HTTPS_PROXY: url } })).toBe('HTTP 200');
    expect(plain.seen).toEqual([`${HOST}:443 Basic ${Buffer.from('ada:pass').toString('base64')}`]);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const untrusted = await ending({ env: { HTTPS_PROXY: url }, extraCaFile: undefined }).finally(() =>
      vi.unstubAllEnvs(),
    );
    expect(untrusted).toMatch(/^proxy-unreachable: [A-Z_]*(?:SIGN|CERT)/u);
    expect(plain.seen, 'no password goes to it').toHaveLength(1);
  });

  test('without a listener is reported as the proxy’s problem', async () => {
    const made = await proxy();
    made.close();
    expect(await ending({ env: { HTTPS_PROXY: made.url } })).toBe(
      `proxy-unreachable: ECONNREFUSED ${made.name}`,
    );
  });

  test('leads to a host whose certificate is verified all the same', async () => {
    const { url } = await proxy();
    await writeFile(caFile, other.certificatePem);
    expect(await ending({ env: { HTTPS_PROXY: url } })).toMatch(/^unreachable: [A-Z_]*(?:SIGN|CERT)/u);
    expect(visits).toEqual([]);
  });

  test.each([
    'socks5://127.0.0.1:1080',
    'http://',
    'http://user:%zz@127.0.0.1:1',
    'not an address',
    'http://127.0.0.1:99999',
  ])('cannot be at %j, and the variable is named', async (text) => {
    expect(await ending({ env: { ALL_PROXY: text } })).toBe('proxy-setting: no address of a proxy ALL_PROXY');
    const sentence = sayReason(sendProblem(new SendError('proxy-setting', '', 'ALL_PROXY'), HOST));
    expect(sentence).toContain('ALL_PROXY');
  });

  test('leaves neither password nor address in the log', async () => {
    const lines: unknown[] = [];
    const made = await proxy();
    const { name } = made;
    const env = { HTTPS_PROXY: `http://ada:hunter2@${name}` };
    const send = systemSend({ env, extraCaFile: caFile });
    const network = new TokenNetwork({ send, now: () => Date.now(), log: memoryLog(lines) });
    await expect(network.sendGetRequestAsync(`https://${HOST}/token?code=hunter3`)).rejects.toThrow('OAuth');
    made.close();
    await expect(network.sendGetRequestAsync(`https://${HOST}/token?code=hunter3`)).rejects.toThrow(
      SendError,
    );
    expect(lines).toMatchObject([
      ['debug', 'request', { method: 'GET', host: HOST, status: 200 }],
      ['warn', 'request failed', { method: 'GET', host: HOST, reason: 'not an OAuth answer' }],
      ['warn', 'request failed', { method: 'GET', host: HOST, reason: 'proxy-unreachable: ECONNREFUSED' }],
    ]);
    expect(JSON.stringify([lines, network.takeObservation()])).not.toMatch(/hunter|ada/u);
  });
});

test('a way to the network costs nothing until it is used', () => {
  expect(() => systemSend({ extraCaFile: '/nowhere', env: { HTTPS_PROXY: 'nonsense://' } })).not.toThrow();
});

describe.each([
  ['an http proxy', undefined],
  ['an https proxy', certificate],
] as const)('%s that misbehaves', (_name, own) => {
  const cases = STEPS.flatMap((step) => WAYS.map((way) => ({ step, way })));

  test.each(cases)(
    'at the $step ($way): the request fails in time, and nothing else does',
    async ({ step, way }) => {
      const made = await startRoughProxy(step, way, { port, certificate: own });
      closing.push(() => made.close());
      const order = {
        env: { HTTPS_PROXY: made.url },
        limits: { connectTimeoutMs: 300, totalTimeoutMs: 400 },
      };
      // Twice, and twice at once; vitest reports errors and rejections that nothing handles.
      for (const times of [1, 2]) {
        const ends = await Promise.all(Array.from({ length: times }, () => ending(order)));
        for (const end of ends)
          expect(end).toMatch(
            step === 'connection' || step === 'request'
              ? /^proxy-(?:unreachable|timeout|refused): /u
              : // On a loaded machine the limit may come before the step.
                /^(?:unreachable|no-connection|timeout|proxy-timeout): /u,
          );
      }
      made.close();
      await new Promise((resolve) => setTimeout(resolve, 30));
    },
  );
});
