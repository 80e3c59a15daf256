import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { problem, ProblemError } from '../../../src/words/problem.ts';
import { initialStatus } from '../../../src/agent/status/status.ts';
import { keyCheck } from '../../../src/outlets/http/key-check.ts';
import { answerOf as answerRequest, openLoopbackApi } from '../../../src/outlets/loopback/api.ts';
import { isLoopbackAddress } from '../../../src/outlets/http/request-guard.ts';
import { profilesSource } from '../../../src/outlets/loopback/token-source.ts';
import { Secret } from '../../../src/system/secret.ts';
import { answerOf, decisions, nameOf } from '../../agent/fixtures/decision-table.ts';
import { ada, fakeAgent, fakeProfiles, NOON, profile, TOKEN, token } from '../fixtures/fake-agent.ts';
import { dial, get, KEY, MSI, openLoopback, RESOURCE, WITH_KEY } from '../fixtures/loopback-fixture.ts';
import { closeAll, quiet } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);

describe('the managed-identity protocol', () => {
  test('gives a token for the resource', async () => {
    const { api, agent } = await openLoopback();
    const { status, json, headers } = await get(api, `${MSI}&object_id=1`);
    expect(status).toBe(200);
    expect(json).toStrictEqual({
      access_token: TOKEN,
      expires_on: String(token.expiresOn / 1000),
      resource: RESOURCE,
      token_type: 'Bearer',
      client_id: profile.clientId,
    });
    expect(headers['cache-control']).toBe('no-store');
    expect(agent.requests).toEqual([{ scopes: [`${RESOURCE}/.default`] }]);
  });

  test('client_id chooses the profile', async () => {
    const { api, agent, profiles } = await openLoopback();
    const work = fakeAgent({ id: 'work', clientId: 'bbbb' });
    profiles.agents = [agent, work];
    expect((await get(api, `${MSI}&client_id=bbbb`)).json.client_id).toBe('bbbb');
    expect((await get(api, `${MSI}&client_id=cccc`)).json.client_id).toBe(profile.clientId);
    expect([agent.requests.length, work.requests.length]).toEqual([1, 1]);
  });

  test('every cell of what an asker gets, in its terms', async () => {
    const { api, agent } = await openLoopback();
    for (const row of decisions) {
      agent.answer = answerOf(row, NOON);
      const { status, json, headers } = await get(api, MSI);
      expect(status, nameOf(row)).toBe(row.httpStatus);
      expect(headers['retry-after'], nameOf(row)).toBe(row.retryAfter === 'yes' ? '1' : undefined);
      if (row.gets === 'refusal') expect(json).toMatchObject({ statusCode: status, code: row.problem?.code });
      else expect(json.access_token).toBe(row.gets.replace(' ', '-'));
    }
  });

  test('an error of the agent is an answer with a body, so that no client hangs on a 500', async () => {
    const { api, agent } = await openLoopback();
    agent.getToken = () => Promise.reject(new TypeError('x'));
    expect(await get(api, MSI)).toMatchObject({ status: 400, json: { code: 'unexpected' } });
    expect((await get(api, '/token')).status).toBe(500);
  });
});

describe('the old routes', () => {
  test('/token answers as the socket does, to the key in any of its headers', async () => {
    const { api, agent } = await openLoopback();
    for (const headers of [WITH_KEY, { Authorization: `Bearer ${KEY}` }, { 'X-Tokentray-Key': KEY }]) {
      const { status, json } = await get(api, '/token?scope=User.Read&min_lifetime=600', headers);
      expect(status).toBe(200);
      expect(json).toMatchObject({ schemaVersion: 1, accessToken: TOKEN, account: ada });
    }
    expect(agent.requests[2]).toEqual({ scopes: ['User.Read'], minLifetimeMs: 600_000 });
  });

  test('/token: a question mark in a value is part of it', async () => {
    const { api, agent } = await openLoopback();
    await get(api, '/token?resource=api://app?v=2&min_lifetime=600');
    expect(agent.requests).toEqual([{ scopes: ['api://app?v=2/.default'], minLifetimeMs: 600_000 }]);
  });

  test('/token: every cell of what an asker gets', async () => {
    const { api, agent } = await openLoopback();
    for (const row of decisions) {
      agent.answer = answerOf(row, NOON);
      const { status, json, headers } = await get(api, '/token');
      expect(status, nameOf(row)).toBe(row.httpStatus);
      expect('retry-after' in headers, nameOf(row)).toBe(row.retryAfter === 'yes');
      expect('accessToken' in json, nameOf(row)).toBe(row.gets !== 'refusal');
      expect('warning' in json, nameOf(row)).toBe(row.gets !== 'refusal' && row.problem !== undefined);
    }
  });

  test('/health is one word without a key, and names no user', async () => {
    const { api, agent } = await openLoopback();
    expect((await get(api, '/health', {})).json).toEqual({ schemaVersion: 1, status: 'ok' });
    agent.status = initialStatus;
    expect((await get(api, '/health', {})).json).toEqual({ schemaVersion: 1, status: 'signed-out' });
  });

  test('/ and /login explain how to sign in, with the key and without', async () => {
    const { api } = await openLoopback();
    for (const path of ['/', '/login', '/login?ticket=x']) {
      for (const [headers, status] of [
        [WITH_KEY, 400],
        [{}, 401],
      ] as const) {
        const got = await get(api, path, headers);
        expect(got.status).toBe(status);
        expect(got.json.message).toContain('tokentray sign-in');
      }
    }
  });
});

describe('refused requests', () => {
  const everywhere = [MSI, '/token', '/nowhere', '/msi/token/'];

  test.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['a wrong key', { 'X-IDENTITY-HEADER': `${KEY}x` }],
    ['the beginning of the key', { 'X-IDENTITY-HEADER': KEY.slice(0, 20) }],
    ['the key as a cookie', { Cookie: `key=${KEY}` }],
  ])('%s: 401 in JSON, and the agent is not asked', async (_who, headers) => {
    const { api, agent } = await openLoopback();
    for (const path of everywhere) {
      const got = await get(api, path, headers);
      expect(got.status, path).toBe(401);
      expect(got.text).not.toContain(KEY.slice(0, 20));
      expect(got.text).toContain('missing or wrong');
    }
    expect(agent.requests).toEqual([]);
  });

  test('a key in the address, even beside a right one, and it is not repeated', async () => {
    const { api, agent } = await openLoopback();
    for (const path of [
      `${MSI}&key=${KEY}`,
      `/token?code=${KEY}`,
      `/${KEY}`,
      `/token?%6bey=%6b${KEY.slice(1)}`,
    ]) {
      for (const headers of [WITH_KEY, {}]) {
        const { status, text } = await get(api, path, headers);
        expect(status, path).toBe(401);
        expect(text).toContain('must not be part of an address');
        expect(text).not.toContain(KEY.slice(1));
      }
    }
    expect(agent.requests).toEqual([]);
  });

  test.each([
    'evil.example',
    '127.0.0.1',
    'localhost',
    '127.0.0.1:1',
    '[::1]:PORT',
    'localhost.evil.example:PORT',
    '127.0.0.1.:PORT',
    '127.1:PORT',
  ])('the host “%s” (rebinding): 421', async (name) => {
    const { api, agent } = await openLoopback();
    const headers = { ...WITH_KEY, Host: name.replace('PORT', String(api.port)) };
    for (const path of [...everywhere, '/health']) {
      const { status, text } = await get(api, path, headers);
      expect(status, path).toBe(421);
      expect(text).toContain('accepts only its own address');
    }
    expect(agent.requests).toEqual([]);
  });

  test('both names of this server are right', async () => {
    const { api } = await openLoopback();
    for (const name of ['127.0.0.1', 'localhost', 'LocalHost']) {
      expect((await get(api, MSI, { ...WITH_KEY, Host: `${name}:${api.port}` })).status).toBe(200);
    }
  });

  test('any web page, also one of this very address, and its preflight; no CORS header is ever sent', async () => {
    const { api, agent } = await openLoopback();
    const own = `http://127.0.0.1:${api.port}`;
    for (const [method, origin] of [
      ['GET', 'https://evil.example'],
      ['GET', 'null'],
      ['GET', own],
      ['OPTIONS', 'https://evil.example'],
      ['OPTIONS', own],
    ] as const) {
      const headers = {
        ...WITH_KEY,
        Origin: origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'x-identity-header',
      };
      for (const path of [...everywhere, '/health']) {
        const got = await get(api, path, headers, method);
        expect(got.status).toBe(403);
        expect(Object.keys(got.headers).filter((name) => /^access-control|^vary|^allow/u.test(name))).toEqual(
          [],
        );
      }
    }
    expect(agent.requests).toEqual([]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s: 405', async (method) => {
    const { api, agent } = await openLoopback();
    expect(await get(api, MSI, WITH_KEY, method)).toMatchObject({ status: 405, headers: { allow: 'GET' } });
    expect((await get(api, MSI, WITH_KEY, 'HEAD')).status).toBe(405);
    expect(agent.requests).toEqual([]);
  });

  test.each([
    '//msi/token?resource=x',
    '/./msi/token?resource=x',
    '/msi/../token',
    '/msi/token/?resource=x',
    '/msi//token?resource=x',
    '/msi/%74oken?resource=x',
    '/%2e/token',
    '/MSI/token?resource=x',
    '/token;x',
    '/token%00',
    '/token%3Fscope=x',
    '*',
    'http://127.0.0.1/token',
    'http://evil.example/token',
  ])('the path %s leads nowhere: 400, never 404, with a body', async (path) => {
    const { api, agent } = await openLoopback();
    const { status, json } = await get(api, path);
    expect(status).toBe(400);
    expect(json).toMatchObject({ statusCode: 400, error: 'invalid_request', code: 'request.not-found' });
    expect(agent.requests).toEqual([]);
  });

  test('a client on another machine', async () => {
    const admitted = { port: 1, hosts: ['127.0.0.1:1'], origins: [] };
    const source = profilesSource(fakeProfiles(fakeAgent()));
    const parts = { source, admitted, foundKey: keyCheck(new Secret(KEY)), log: quiet };
    const from = async (remoteAddress: string | undefined): Promise<number> => {
      const headers = { host: '127.0.0.1:1', 'x-identity-header': KEY };
      const rawHeaders = ['Host', '127.0.0.1:1'];
      const request = { method: 'GET', url: '/token', headers, rawHeaders, socket: { remoteAddress } };
      return (await answerRequest(request, parts)).httpStatus;
    };
    expect(await from('127.0.0.1')).toBe(200);
    for (const address of ['192.168.1.7', '10.0.0.1', undefined, '128.0.0.1', '1127.0.0.1']) {
      expect(await from(address)).toBe(403);
      expect(isLoopbackAddress(address)).toBe(false);
    }
    for (const address of ['127.0.0.53', '::1', '::ffff:127.0.0.1'])
      expect(isLoopbackAddress(address)).toBe(true);
  });

  test('other addresses of the machine are not listened on', async () => {
    const { api } = await openLoopback();
    const others = Object.values(networkInterfaces()).flatMap((list = []) =>
      list
        .map(({ address }) => address)
        .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80')),
    );
    for (const address of [...others, '127.0.0.2']) {
      const host = address.includes(':') ? `[${address}]` : address;
      await expect(fetch(`http://${host}:${api.port}/health`), address).rejects.toThrow();
    }
  });
});

test('a port in use is reported with its holder', async () => {
  const { api, profiles } = await openLoopback();
  const source = profilesSource(profiles);
  const again = openLoopbackApi({ source, key: new Secret(KEY), port: api.port, log: quiet });
  const error: unknown = await again.catch((thrown: unknown) => thrown);
  if (!(error instanceof ProblemError)) throw error;
  expect(error.problem).toMatchObject({
    kind: 'admin',
    code: 'loopback.port-taken',
    params: { port: api.port },
  });
});

describe('a malformed request', () => {
  const line = `GET ${MSI} HTTP/1.1\r\n`;
  const key = `X-IDENTITY-HEADER: ${KEY}\r\n`;

  test.each<[string, (host: string) => string, RegExp | 'ends']>([
    ['HTTP/1.0 without Host', () => `GET ${MSI} HTTP/1.0\r\n${key}\r\n`, /^HTTP\/1\.1 421 .*\{/su],
    ['HTTP/1.1 without Host', () => `${line}${key}Connection: close\r\n\r\n`, /^HTTP\/1\.1 421 .*\{/su],
    [
      'Host twice',
      (host) => `${line}Host: ${host}\r\nHost: evil.example\r\n${key}Connection: close\r\n\r\n`,
      /^HTTP\/1\.1 421 .*\{/su,
    ],
    [
      'the same Host twice',
      (host) => `${line}Host: ${host}\r\nHost: ${host}\r\n${key}Connection: close\r\n\r\n`,
      /^HTTP\/1\.1 421 .*\{/su,
    ],
    [
      'no HTTP at all',
      () => '\x16\x03\x01\x02\x00\x01\r\n\r\n',
      /^HTTP\/1\.1 400 .*\{.*request\.malformed/su,
    ],
    [
      'an unknown method',
      (host) => `BREW /token HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      /^HTTP\/1\.1 400 .*\{/su,
    ],
    [
      'CONNECT',
      (host) => `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n${key}\r\n`,
      /^HTTP\/1\.1 405 .*\{.*request\.method/su,
    ],
    [
      'an absolute address, as for a proxy',
      (host) => `GET http://${host}/token HTTP/1.1\r\nHost: ${host}\r\n${key}Connection: close\r\n\r\n`,
      /^HTTP\/1\.1 400 .*\{.*request\.not-found/su,
    ],
    [
      'two lengths (request smuggling)',
      (host) =>
        `${line}Host: ${host}\r\n${key}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /token HTTP/1.1\r\n\r\n`,
      /^HTTP\/1\.1 400 .*\{/su,
    ],
  ])('%s is refused in JSON, and the agent is not asked', async (_what, text, wanted) => {
    const { api, agent } = await openLoopback();
    const answered = await dial(api, text(`127.0.0.1:${api.port}`)).ended;
    if (wanted !== 'ends') expect(answered).toMatch(wanted);
    expect(answered.match(/HTTP\/1\.1 /gu)).toHaveLength(1);
    expect(agent.requests).toEqual([]);
    expect((await get(api, MSI)).status).toBe(200);
  });

  test.each<[string, string]>([
    ['Upgrade', 'Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n'],
    ['Expect: 100-continue', 'Expect: 100-continue\r\nConnection: close\r\n\r\n'],
    ['an unknown Expect', 'Expect: tea\r\nConnection: close\r\n\r\n'],
    ['a chunked body', 'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
  ])('%s changes nothing', async (_what, headers) => {
    const { api } = await openLoopback();
    const text = `${line}Host: 127.0.0.1:${api.port}\r\n${key}${headers}`;
    expect(await dial(api, text).ended).toMatch(/HTTP\/1\.1 200 OK\r\n.*"access_token"/su);
  });

  test('a megabyte of headers: 431, and nothing of it is kept', async () => {
    const { api } = await openLoopback();
    const before = process.memoryUsage().arrayBuffers;
    const text = `${line}Host: 127.0.0.1:${api.port}\r\nX-Big: ${'a'.repeat(1_000_000)}\r\n\r\n`;
    const answers = await Promise.all(Array.from({ length: 50 }, () => dial(api, text).ended));
    // If the reset arrives before the answer there is none; in most cases there is.
    expect(answers.filter((answer) => /^HTTP\/1\.1 431 .*\{/su.test(answer)).length).toBeGreaterThan(0);
    expect(answers.filter((answer) => answer !== '' && !answer.startsWith('HTTP/1.1 431'))).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    expect((await get(api, MSI)).status).toBe(200);
  });

  test('a body without end is cut off', async () => {
    const { api } = await openLoopback();
    const head = `POST /token HTTP/1.1\r\nHost: 127.0.0.1:${api.port}\r\nContent-Length: 900000000\r\n\r\n`;
    const flood = dial(api, head);
    const feeding = setInterval(() => flood.socket.write('a'.repeat(8_000)), 1);
    await flood.ended;
    clearInterval(feeding);
    expect((await get(api, MSI)).status).toBe(200);
  });

  test('pipelined requests are answered in turn, a thousand at once are not', async () => {
    const { api, agent } = await openLoopback();
    const one = `${line}Host: 127.0.0.1:${api.port}\r\n${key}\r\n`;
    const last = one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    expect((await dial(api, one.repeat(4) + last).ended).match(/HTTP\/1\.1 200/gu)).toHaveLength(5);
    agent.requests.length = 0;
    agent.answer = new Promise(() => undefined);
    await dial(api, one.repeat(1_000)).ended;
    expect(agent.requests.length).toBeLessThanOrEqual(16);
    agent.answer = { kind: 'token', token, warning: problem('transient', 'throttled') };
    expect((await get(api, MSI)).status).toBe(200);
  });
});
