import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignInAttempt, SignInOutcome } from '../../../src/agent/sign-in/sign-in.ts';
import { BrowserSignIn } from '../../../src/tray/sign-in/browser-sign-in.ts';
import { ada, MINUTE_MS } from '../../agent/fixtures/fake-authority.ts';
import { makeAgent, profile, redirectOf, type Harness } from '../../agent/fixtures/fixture.ts';
import { until } from '../../house/fixtures/until.ts';
import { freePort } from '../../../src/demo-tenant/play/demo-home.ts';

let harness: Harness;
let port: number;
let opened: string[];
let browser: BrowserSignIn;
let openExternal: (url: string) => Promise<void>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 10, 22, 8) });
  port = await freePort();
  harness = makeAgent({ profile: { ...profile, redirectUri: `http://localhost:${port}/getAToken` } });
  harness.authority.onRedeem = () => Promise.resolve(harness.authority.grant(ada));
  opened = [];
  openExternal = (url) => {
    opened.push(url);
    return Promise.resolve();
  };
  browser = new BrowserSignIn({ openExternal: (url) => openExternal(url), log: { warn: () => undefined } });
});
afterEach(async () => {
  await browser.supersede();
  // In any case the port is free.
  for (const host of ['127.0.0.1', '::1']) expect(await isOpen(host)).toBe('closed');
  expect(browser.port).toBeUndefined();
  harness.agent.stop();
  vi.useRealTimers();
});

function isOpen(host: string): Promise<'open' | 'closed'> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve('open')).once('error', () => resolve('closed'));
    socket.once('connect', () => socket.destroy());
  });
}

async function begin(): Promise<{ attempt: SignInAttempt; outcome: Promise<SignInOutcome> }> {
  const started = await harness.agent.beginSignIn('browser');
  if (started.kind === 'failed') throw new Error(started.problem.code);
  const outcome = browser.run(started.attempt);
  return { attempt: started.attempt, outcome };
}

/** Starts the sign-in, and waits until the browser was opened. */
async function beginOpen(): Promise<Awaited<ReturnType<typeof begin>>> {
  const before = opened.length;
  const begun = await begin();
  await until(() => expect(opened.length).toBe(before + 1));
  return begun;
}

interface Visit {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

function visit(
  path: string,
  options: { host?: string; headers?: Record<string, string>; method?: string; body?: string } = {},
): Promise<Visit> {
  const { host = '127.0.0.1', headers = {}, method = 'GET', body } = options;
  return new Promise((resolve, reject) => {
    const asked = request(
      { host, port, path, method, agent: false, headers: { host: `localhost:${port}`, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Path and query of the authority's answer. */
function answerPath(more?: Record<string, string>): string {
  const url = new URL(redirectOf(harness.authority, { code: 'the-code', ...more }));
  return `/getAToken${url.search}`;
}

describe('signing in with the browser', () => {
  test.each(['127.0.0.1', '::1'])('receives the answer on %s, and frees the port', async (host) => {
    const { attempt, outcome } = await beginOpen();
    expect(opened).toEqual([attempt.authorizeUrl]);
    const redirected = await visit(answerPath(), { host });
    // The code is removed from address bar and history.
    expect(redirected).toMatchObject({ status: 303, headers: { location: '/' }, body: '' });
    expect(await outcome).toMatchObject({ kind: 'signed-in', account: ada });
    const page = await visit('/', { host });
    expect(page.body).toContain(`<h1>Signed in as ${ada.username}</h1>`);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    await until(() => expect(browser.port).toBeUndefined());
  });

  test('receives the answer of a form, too', async () => {
    const { outcome } = await beginOpen();
    const [, query = ''] = answerPath().split('?');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://login.example.test',
    };
    expect((await visit('/getAToken', { method: 'POST', headers, body: query })).status).toBe(303);
    expect(await outcome).toMatchObject({ kind: 'signed-in' });
  });

  test('frees the port even if the browser never asks for the last page', async () => {
    const { outcome } = await beginOpen();
    await visit(answerPath());
    await outcome;
    expect(await isOpen('127.0.0.1')).toBe('open');
    // In the meantime the port is known as ours.
    expect(browser.port).toBe(port);
    await vi.advanceTimersByTimeAsync(3_000);
    await until(() => expect(browser.port).toBeUndefined());
    expect(browser.port).toBeUndefined();
  });

  test('ignores a wrong state, a bare visit and a wrong host', async () => {
    const { outcome } = await beginOpen();
    const foreign = await visit(answerPath({ state: 'foreign' }));
    expect(foreign.status).toBe(400);
    expect(foreign.body).toContain('its state differs');
    expect((await visit('/getAToken')).status).toBe(400);
    expect((await visit('/')).status).toBe(404);
    expect((await visit('/other')).status).toBe(404);
    expect((await visit(answerPath(), { headers: { host: `evil.test:${port}` } })).status).toBe(421);
    expect((await visit(answerPath(), { method: 'PUT' })).status).toBe(405);
    expect((await visit(answerPath())).status).toBe(303);
    expect(await outcome).toMatchObject({ kind: 'signed-in' });
  });

  test('shows a refusal in the browser too, with its text escaped', async () => {
    const { outcome } = await beginOpen();
    await visit(answerPath({ code: '', error: 'access_denied', error_description: '<b>' }));
    expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.denied' } });
    const page = await visit('/');
    expect(page.body).toContain('The sign-in was canceled');
    expect(page.body).not.toContain('<b>');
  });
});

describe('ends with a sentence when', () => {
  test('ten minutes have passed', async () => {
    const { outcome } = await beginOpen();
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.timeout' } });
    await until(() => expect(browser.port).toBeUndefined());
  });

  test.each(['127.0.0.1', '::1'])('another program uses the port on %s', async (host) => {
    const other: Server = createServer().listen(port, host);
    await once(other, 'listening');
    const { outcome } = await begin();
    expect(await outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'port-in-use', params: { port } },
    });
    expect(opened).toEqual([]);
    other.close();
    await once(other, 'close');
  });

  test('no browser can be opened', async () => {
    openExternal = () => Promise.reject(new Error('no handler'));
    const { outcome } = await begin();
    expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.no-browser' } });
  });

  test('the desktop never reports whether the browser was opened', async () => {
    openExternal = (url) => {
      opened.push(url);
      return new Promise(() => undefined);
    };
    const { attempt, outcome } = await beginOpen();
    attempt.abandon({ kind: 'interaction', code: 'sign-in.superseded', params: {} });
    expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.superseded' } });
    await until(() => expect(browser.port).toBeUndefined());
  });

  test('it ended before the port was open: no browser is opened', async () => {
    const { attempt, outcome } = await begin();
    attempt.abandon({ kind: 'interaction', code: 'sign-in.superseded', params: {} });
    expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.superseded' } });
    await until(() => expect(browser.port).toBeUndefined());
    expect(opened).toEqual([]);
  });

  test.each(['http://login.example.test/authorize', 'file:///etc/passwd', 'ms-settings:x'])(
    'the address is not https: %s',
    async (address) => {
      harness.authority.onAuthorize = () => Promise.resolve(address);
      const { outcome } = await begin();
      expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.no-browser' } });
      expect(opened).toEqual([]);
    },
  );
});

test('a newer attempt gets the port; the older one is superseded', async () => {
  const first = await beginOpen();
  const late = answerPath();
  const second = await beginOpen();
  expect(await first.outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.superseded' } });
  expect((await visit(late.replace(/state=[^&]*/u, 'state=old'))).status).toBe(400);
  expect((await visit(answerPath())).status).toBe(303);
  expect(await second.outcome).toMatchObject({ kind: 'signed-in' });
});

test('signing out frees the port', async () => {
  const { outcome } = await beginOpen();
  await harness.agent.signOut();
  expect(await outcome).toMatchObject({ kind: 'failed', problem: { code: 'sign-in.superseded' } });
  await until(() => expect(browser.port).toBeUndefined());
});
