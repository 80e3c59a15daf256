import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '../../../../src/words/problem.ts';
import type { SignInAttempt, SignInOutcome } from '../../../../src/agent/sign-in/sign-in.ts';
import { initialStatus } from '../../../../src/agent/status/status.ts';
import { listenOnLoopback, type LoopbackServer } from '../../../../src/outlets/loopback/loopback.ts';
import { statusBody } from '../../../../src/outlets/answer/status-body.ts';
import { answerToken } from '../../../../src/outlets/answer/token-answer.ts';
import type { Agent } from '../../../../src/agent/agent.ts';
import { openWeb, type Web } from '../../../../src/terminal/serve/web/web.ts';
import type { StatusSources } from '../../../../src/terminal/serve/web/status.ts';
import { Secret } from '../../../../src/system/secret.ts';
import {
  ada,
  fakeAgent,
  fakeProfiles,
  NOON,
  signedIn,
  TOKEN,
  token,
  type FakeAgent,
  type FakeProfiles,
} from '../../../outlets/fixtures/fake-agent.ts';

const KEY = 'k'.repeat(43);
const PAGES = fileURLToPath(new URL('../../../../dist/pages', import.meta.url));
const AUTHORIZE = 'https://login.example.org/authorize?request_uri=s';

const sources: StatusSources = {
  status: (of) =>
    statusBody(of, { standing: 'further', surface: 'web', source: 'stored', tokenFileTroubles: [] }),
  token: () => Promise.resolve({ kind: 'opaque', expiresOn: token.expiresOn }),
  history: () => ({ from: NOON - 7, to: NOON, entries: [{ at: NOON, kind: 'signed-out' }], gaps: [] }),
};

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: LoopbackServer;
let web: Web;
let agent: FakeAgent & Pick<Agent, 'beginSignIn'>;
let profiles: FakeProfiles;
let received: string[];
let started: number;
let outcome: SignInOutcome;

/** A signed-out agent; the state of its sign-ins is `state`. */
function signedOutAgent(
  id: string,
  redirectUri: string,
  state: string,
): FakeAgent & Pick<Agent, 'beginSignIn'> {
  const attempt = (): SignInAttempt => ({
    // Without the state, as a pushed request's (RFC 9126 4).
    authorizeUrl: AUTHORIZE.replace('request_uri=s', `request_uri=${state}`),
    redirectUri,
    hasState: (found) => found === state,
    outcome: new Promise(() => undefined),
    receive: (url) => {
      received.push(`${id} ${url}`);
      return Promise.resolve(outcome);
    },
    abandon: () => undefined,
  });
  return Object.assign(fakeAgent({ id, name: `The ${id} one`, redirectUri }), {
    status: initialStatus,
    beginSignIn: () => {
      started += 1;
      return Promise.resolve({ kind: 'started' as const, attempt: attempt() });
    },
  });
}

function open(): Web {
  return openWeb({
    profiles,
    port: server.port,
    accessKey: new Secret(KEY),
    answerToken: (query) => answerToken(profiles, query),
    sources,
    directory: PAGES,
    now: () => NOON,
  });
}

beforeEach(async () => {
  received = [];
  started = 0;
  outcome = { kind: 'signed-in', account: ada, expiresOn: token.expiresOn };
  // The pages need the port, which is known only after listening.
  server = await listenOnLoopback({
    port: 0,
    handler: (incoming, response) => web.handler(incoming, response),
    onError: (error) => {
      throw error;
    },
  });
  agent = signedOutAgent('default', `http://localhost:${server.port}/getAToken`, 's');
  profiles = fakeProfiles(agent);
  web = open();
});
afterEach(() => server.close());

function get(target: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { port } = server;
    const all = { Host: `localhost:${port}`, ...headers };
    const sent = request({ host: '127.0.0.1', port, path: target, method, headers: all }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const ticketPath = (invited: Pick<Agent, 'profile'> = agent): string => {
  const url = new URL(web.invite(invited));
  return url.pathname + url.search;
};

/** Opens a ticket as a user does, and returns the cookie of that browser. */
async function enter(
  invited: Pick<Agent, 'profile'> = agent,
  before: OutgoingHttpHeaders = {},
): Promise<string> {
  const { headers } = await get(ticketPath(invited), before);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('which requests are accepted', () => {
  test.each(['evil.example', 'localhost', 'localhost:1', 'localhost.evil.example:5000'])(
    'a request for the host %s is misdirected (rebinding)',
    async (host) => {
      for (const path of ['/', '/health', '/token', '/login']) {
        expect((await get(path, { Host: host })).status).toBe(421);
      }
    },
  );

  test('every name of this machine is accepted', async () => {
    for (const name of ['localhost', 'LOCALHOST', '127.0.0.1', '[::1]']) {
      expect((await get('/health', { Host: `${name}:${server.port}` })).status).toBe(200);
    }
  });

  test('the Origin of another page is refused for every path; no CORS header is ever sent', async () => {
    const key = { Authorization: `Bearer ${KEY}` };
    for (const origin of ['https://evil.example', 'null', `http://localhost:${server.port + 1}`]) {
      const { status, headers } = await get('/token', { ...key, Origin: origin });
      expect(status).toBe(403);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(agent.requests).toEqual([]);
    expect((await get('/token', { ...key, Origin: `http://localhost:${server.port}` })).status).toBe(200);
  });

  test.each(['OPTIONS', 'POST', 'HEAD', 'PUT', 'DELETE'])('%s is refused', async (method) => {
    const got = await get('/getAToken?code=c&state=s', {}, method);
    expect(got).toMatchObject({ status: 405, headers: { allow: 'GET' } });
    expect(received).toEqual([]);
  });

  test('targets on another host are refused', async () => {
    expect((await get('//evil.example/getAToken?code=c&state=s')).status).toBe(400);
    expect((await get('http://evil.example/getAToken?code=c&state=s')).status).toBe(400);
  });

  test('every answer forbids storing, framing, sniffing and scripts', async () => {
    for (const path of ['/', '/health', '/token', '/login', '/getAToken', '/nowhere', ticketPath()]) {
      const { headers } = await get(path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/u);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

describe('/login', () => {
  test('a ticket starts a sign-in and gives this browser its cookie', async () => {
    const { status, headers } = await get(ticketPath());
    expect(status).toBe(303);
    expect(headers.location).toBe(AUTHORIZE);
    expect(headers['set-cookie']?.[0]).toContain(`tokentray-${server.port}=`);
  });

  test('no ticket, or a used one, starts nothing', async () => {
    const path = ticketPath();
    await get(path);
    for (const again of [path, '/login', '/login?ticket=', '/login?ticket=x']) {
      const { status, headers, body } = await get(again);
      expect(status).toBe(403);
      expect(headers['set-cookie']).toBeUndefined();
      expect(body).toContain('tokentray sign-in');
    }
    expect(started).toBe(1);
  });

  test.each<[string, OutgoingHttpHeaders]>([
    ['a link on another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'document' }],
    ['another server on localhost', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Dest': 'document' }],
    ['an image', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'image' }],
    ['a frame', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'iframe' }],
    ['a fetch', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' }],
    ['a browser’s guess ahead', { 'Sec-Fetch-Site': 'none', 'Sec-Purpose': 'prefetch;prerender' }],
  ])('%s neither uses nor burns a ticket', async (_who, headers) => {
    const path = ticketPath();
    expect((await get(path, headers)).status).toBe(403);
    expect(started).toBe(0);
    const opened = { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate' };
    expect((await get(path, opened)).status).toBe(303);
  });

  test('while the user is signed in, a ticket opens the page without a new sign-in', async () => {
    agent.status = signedIn;
    const { headers } = await get(ticketPath());
    expect(headers.location).toBe('/');
    expect(started).toBe(0);
  });

  test('the page says why a sign-in could not start, with a link to try again', async () => {
    agent.beginSignIn = () =>
      Promise.resolve({
        kind: 'failed',
        problem: problem('transient', 'offline', { host: 'login.example.org', detail: 'ENOTFOUND' }),
      });
    const { headers } = await get(ticketPath());
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const { body } = await get(headers.location ?? '', { Cookie: cookie });
    expect(body).toContain('login.example.org cannot be reached (ENOTFOUND).');
    const retry = /\/login\?ticket=[\w-]+/u.exec(body)?.[0] ?? '';
    expect((await get(retry)).status).toBe(403);
    expect((await get(retry, { Cookie: cookie })).headers.location).toBe('/');
  });
});

describe('the redirect', () => {
  test('goes to the attempt of the browser that started it, and leaves no code in the address bar', async () => {
    const cookie = await enter();
    const { status, headers } = await get('/getAToken?code=c&state=s', {
      Cookie: cookie,
      'Sec-Fetch-Site': 'cross-site',
    });
    expect({ status, location: headers.location }).toEqual({ status: 303, location: '/' });
    expect(received).toEqual([`default http://localhost:${server.port}/getAToken?code=c&state=s`]);
  });

  test('from a browser without the cookie is ignored', async () => {
    await enter();
    const { status, body } = await get('/getAToken?code=c&state=s');
    expect(status).toBe(403);
    expect(body).toContain('was started in another browser');
    expect(received).toEqual([]);
  });

  test('similar paths are not the redirect', async () => {
    const cookie = await enter();
    for (const path of ['/getATokenX', '/getatoken', '/getAToken/', '/x/getAToken', '/%67etAToken']) {
      expect((await get(`${path}?code=c&state=s`, { Cookie: cookie })).status).toBe(404);
    }
    expect(received).toEqual([]);
  });

  test('a failure is shown until the next sign-in starts', async () => {
    outcome = { kind: 'failed', problem: problem('interaction', 'sign-in.denied') };
    const cookie = await enter();
    await get('/getAToken?error=access_denied&state=s', { Cookie: cookie });
    const { body } = await get('/', { Cookie: cookie });
    expect(body).toContain('the permissions were not granted');
    const retry = /\/login\?ticket=[\w-]+/u.exec(body)?.[0] ?? '';
    expect((await get(retry, { Cookie: cookie })).headers.location).toBe(AUTHORIZE);
    expect((await get('/', { Cookie: cookie })).body).not.toContain('not granted');
  });
});

describe('/', () => {
  test('shows name, mail and 50 characters of the token, all escaped', async () => {
    const cookie = await enter();
    agent.status = signedIn;
    const { body } = await get('/', { Cookie: cookie });
    expect(body).toContain('Ada &lt;Lovelace&gt;');
    expect(body).not.toContain('<Lovelace>');
    expect(body).toContain('ada@example.org');
    expect(body).toContain(`${TOKEN.slice(0, 50)}…`);
    expect(body).not.toContain('tail');
    expect(body).toMatch(/<html lang="en">.*<title>Signed in as Ada/su);
  });

  test('never shows all of a short opaque token', async () => {
    const opaque = 'opaque-token-of-forty-three-characters-in-all';
    agent.answer = { kind: 'token', token: { ...token, value: new Secret(opaque) }, warning: undefined };
    const cookie = await enter();
    agent.status = signedIn;
    const { body } = await get('/', { Cookie: cookie });
    expect(body).toContain(`${opaque.slice(0, 11)}…`);
    expect(body).not.toContain(opaque.slice(0, 20));
  });

  test('after a sign-out, the old cookie opens no page and starts no sign-in', async () => {
    const cookie = await enter();
    agent.status = signedIn;
    profiles.announce(agent);
    expect((await get('/', { Cookie: cookie })).status).toBe(200);
    agent.status = initialStatus;
    profiles.announce(agent);
    expect((await get('/', { Cookie: cookie })).status).toBe(401);
  });

  test('is not shown without the cookie, and says how to get it', async () => {
    agent.status = signedIn;
    const { status, body } = await get('/', { Authorization: `Bearer ${KEY}` });
    expect(status).toBe(401);
    expect(body).not.toContain('Ada');
    expect(body).toContain('tokentray sign-in');
  });

  test('says what is wrong even while a token is left', async () => {
    const cookie = await enter();
    agent.status = signedIn;
    agent.answer = {
      kind: 'token',
      token,
      warning: problem('admin', 'expired-secret', { detail: 'AADSTS7000222' }),
    };
    const { body } = await get('/', { Cookie: cookie });
    expect(body).toContain('The client secret has expired (AADSTS7000222).');
  });
});

describe('the status on /', () => {
  const READS = ['/status/profiles', '/status/token?profile=default', '/status/history?profile=default'];
  const FILES = ['/status/status-web.js', '/status/status-web.css'];

  test('is read by the invited browser, and changes and renews nothing', async () => {
    const cookie = await enter();
    agent.status = signedIn;
    const [profilesRead, tokenRead, historyRead] = await Promise.all(
      READS.map(async (path) => {
        const { status, headers, body } = await get(path, { Cookie: cookie });
        expect({ status, type: headers['content-type'] }).toEqual({
          status: 200,
          type: 'application/json; charset=utf-8',
        });
        expect(body).not.toContain(TOKEN.slice(0, 20));
        return (JSON.parse(body) as { readonly answer: unknown }).answer;
      }),
    );
    expect(profilesRead).toMatchObject([{ profile: { id: 'default' }, session: { kind: 'signed-in' } }]);
    expect(tokenRead).toEqual({ kind: 'opaque', expiresOn: token.expiresOn });
    expect(historyRead).toMatchObject({ entries: [{ kind: 'signed-out' }] });
    expect(agent.requests).toEqual([]);
  });

  test('is refused to the access key, to other pages, and after a sign-out', async () => {
    const cookie = await enter();
    agent.status = signedIn;
    profiles.announce(agent);
    for (const path of [...READS, ...FILES]) {
      expect((await get(path)).status, path).toBe(401);
      expect((await get(path, { Authorization: `Bearer ${KEY}` })).status, path).toBe(401);
      for (const headers of [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' },
        { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'iframe' },
      ])
        expect((await get(path, { Cookie: cookie, ...headers })).status, path).toBe(403);
    }
    agent.status = initialStatus;
    profiles.announce(agent);
    for (const path of [...READS, ...FILES])
      expect((await get(path, { Cookie: cookie })).status, path).toBe(401);
  });

  test('contains only the profiles that the browser was invited to', async () => {
    const other = signedOutAgent('other', agent.profile.redirectUri, 't');
    profiles.agents = [agent, other];
    const cookie = await enter();
    for (const id of ['other', 'third', ''])
      expect((await get(`/status/token?profile=${id}`, { Cookie: cookie })).status).toBe(404);
    const invited = await enter(other, { Cookie: cookie });
    expect((await get('/status/token?profile=other', { Cookie: invited })).status).toBe(200);
    expect((await get('/status/token?profile=default', { Cookie: invited })).status).toBe(200);
    // The next sign-in does not show the session to earlier browsers.
    for (const status of [signedIn, initialStatus, signedIn]) {
      agent.status = status;
      profiles.announce(agent);
    }
    expect((await get('/status/token?profile=default', { Cookie: invited })).status).toBe(404);
    expect((await get('/status/profiles', { Cookie: invited })).body).not.toContain('"default"');
  });

  test('is shown under a policy that allows the page’s own files only', async () => {
    const { headers, body } = await get('/', { Cookie: await enter() });
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(body).not.toMatch(/<style|<script>|\sstyle=|\son[a-z]+=|https?:/u);
  });

  test('serves files of its own folder only', async () => {
    const cookie = await enter();
    for (const path of ['/status/preload.cjs', '/status/../package.json', '/status/%2e%2e/x', '/status/'])
      expect((await get(path, { Cookie: cookie })).status).toBe(404);
  });
});

describe('/token', () => {
  test.each<[string, OutgoingHttpHeaders]>([
    ['Authorization', { Authorization: `Bearer ${KEY}` }],
    ['X-Tokentray-Key', { 'X-Tokentray-Key': KEY }],
  ])('answers to the key in %s', async (_name, headers) => {
    agent.status = signedIn;
    const { status, body } = await get('/token?min_lifetime=600', headers);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ accessToken: TOKEN, account: ada });
    expect(agent.requests).toEqual([{ minLifetimeMs: 600_000 }]);
  });

  test('a question mark in a value is part of the value', async () => {
    agent.status = signedIn;
    await get('/token?resource=api://app?v=2&min_lifetime=600', { Authorization: `Bearer ${KEY}` });
    expect(agent.requests).toEqual([{ scopes: ['api://app?v=2/.default'], minLifetimeMs: 600_000 }]);
  });

  test('a cookie, a wrong key or a key in the address is refused', async () => {
    const cookie = await enter();
    for (const [path, headers] of [
      ['/token', { Cookie: cookie }],
      ['/token', { Authorization: `Bearer ${KEY}x` }],
      ['/token', { Authorization: `Basic ${KEY}` }],
      [`/token?key=${KEY}`, {}],
      [`/token?key=${KEY}`, { Authorization: `Bearer ${KEY}` }],
    ] as const) {
      const { status, body, headers: answered } = await get(path, headers);
      expect(status).toBe(401);
      expect(answered['www-authenticate']).toContain('Bearer');
      expect(body).not.toContain(KEY);
    }
    expect(agent.requests).toEqual([]);
  });

  test('a refusal has the table’s status and Retry-After', async () => {
    agent.answer = {
      kind: 'refused',
      problem: problem('transient', 'throttled', {}, { retryAfterMs: 1_500 }),
    };
    const { status, headers } = await get('/token', { 'X-Tokentray-Key': KEY });
    expect({ status, after: headers['retry-after'] }).toEqual({ status: 503, after: '2' });
  });
});

test('/health says the state and nothing else', async () => {
  expect(JSON.parse((await get('/health')).body)).toEqual({ schemaVersion: 1, status: 'signed-out' });
  agent.status = signedIn;
  expect(JSON.parse((await get('/health')).body)).toEqual({ schemaVersion: 1, status: 'ok' });
});

test('a redirect path that is also the path of a page: an answer is received, a visit gets the page', async () => {
  agent = signedOutAgent('default', `http://localhost:${server.port}/`, 's');
  profiles.agents = [agent];
  const cookie = await enter();
  expect((await get('/', { Cookie: cookie })).body).toContain('Signed out');
  expect((await get('/?code=c&state=s', { Cookie: cookie })).status).toBe(303);
  expect(received).toHaveLength(1);
});

describe('several profiles', () => {
  let other: FakeAgent & Pick<Agent, 'beginSignIn'>;
  beforeEach(() => {
    other = signedOutAgent('other', `http://localhost:${server.port}/getAToken`, 't');
    profiles.agents = [agent, other];
  });

  test('a ticket signs in to its own profile, and the page names it', async () => {
    const cookie = await enter(other);
    const { body } = await get('/', { Cookie: cookie });
    expect(body).toContain('The other one');
    expect(body).not.toContain('The default one');
  });

  test('with one profile, the page does not mention profiles', async () => {
    profiles.agents = [agent];
    expect((await get('/', { Cookie: await enter() })).body).not.toContain('The default one');
  });

  test('on a shared redirect URI, each answer goes to its own sign-in, in any order', async () => {
    const first = await enter();
    const cookie = await enter(other, { Cookie: first });
    await get('/getAToken?code=c&state=s', { Cookie: cookie });
    expect((await get('/', { Cookie: cookie })).body).toContain('The default one');
    await get('/getAToken?code=c&state=t', { Cookie: cookie });
    expect((await get('/', { Cookie: cookie })).body).toContain('The other one');
    expect(received.map((text) => text.split(' ')[0])).toEqual(['default', 'other']);
    // The cookie from before the second ticket is no longer valid.
    expect((await get('/getAToken?code=c&state=s', { Cookie: first })).status).toBe(403);
  });

  test('a foreign state is reported to the sign-in that started last', async () => {
    const cookie = await enter(other, { Cookie: await enter() });
    await get('/getAToken?code=c&state=x', { Cookie: cookie });
    expect(received.map((text) => text.split(' ')[0])).toEqual(['other']);
  });

  test('a sign-out of one profile keeps the pages of the other', async () => {
    const mine = await enter();
    const theirs = await enter(other);
    for (const one of [agent, other]) {
      one.status = signedIn;
      profiles.announce(one);
    }
    agent.status = initialStatus;
    profiles.announce(agent);
    expect((await get('/', { Cookie: mine })).status).toBe(401);
    expect((await get('/', { Cookie: theirs })).status).toBe(200);
  });

  test('the access key gives the token of any profile; an unknown profile is named', async () => {
    other.answer = {
      kind: 'token',
      token: { ...token, value: new Secret('of-another') },
      warning: undefined,
    };
    other.status = signedIn;
    const key = { Authorization: `Bearer ${KEY}` };
    expect(JSON.parse((await get('/token?profile=other', key)).body)).toMatchObject({
      accessToken: 'of-another',
    });
    expect((await get('/token?profile=other')).status).toBe(401);
    const { status, body } = await get('/token?profile=third', key);
    expect(status).toBe(400);
    expect(body).toContain('profile.unknown');
  });

  test('no sign-in to a profile whose pages are on another port', async () => {
    const elsewhere = signedOutAgent('else', `http://localhost:${server.port + 1}/elsewhere`, 'u');
    profiles.agents = [agent, elsewhere];
    expect((await get(ticketPath(elsewhere))).status).toBe(403);
    expect((await get('/elsewhere?code=c&state=u', { Cookie: await enter() })).status).toBe(404);
    expect(started).toBe(1);
  });

  test('a ticket to a profile that was removed is refused', async () => {
    const path = ticketPath(other);
    profiles.agents = [agent];
    expect((await get(path)).status).toBe(403);
    expect(started).toBe(0);
  });

  test('/health is that of the default profile, and says if there is none', async () => {
    other.status = signedIn;
    expect(JSON.parse((await get('/health')).body)).toMatchObject({ status: 'signed-out' });
    profiles.defaultId = 'other';
    expect(JSON.parse((await get('/health')).body)).toMatchObject({ status: 'ok' });
    other.status = { ...signedIn, storage: { kind: 'trouble', reason: problem('admin', 'not-configured') } };
    expect(JSON.parse((await get('/health')).body)).toMatchObject({ status: 'storage' });
    profiles.agents = [];
    expect(JSON.parse((await get('/health')).body)).toMatchObject({ status: 'not-configured' });
  });
});

test('closed pages stop watching the profiles', () => {
  expect(profiles.watching).toBe(1);
  web.close();
  expect(profiles.watching).toBe(0);
});
