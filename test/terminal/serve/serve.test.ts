import { existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CookieJar } from '../../../src/demo-tenant/play/cookie-jar.ts';
import { signInAsUser, type UserOutcome, type UserScript } from '../../../src/demo-tenant/play/user.ts';
import { findLeaks, processTexts } from '../../house/fixtures/leaks.ts';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { Tokentray, type Serving } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';

let keyring: Keyring;
let home: DemoHome;
let tokentray: Tokentray;
let serving: Serving | undefined;

beforeAll(async () => {
  keyring = await startKeyring();
  home = await makeDemoHome(keyring.env);
  tokentray = new Tokentray(home.env);
});

afterAll(async () => {
  tokentray.killAll();
  await home.tenant.close();
  await keyring.stop();
});

function page(outcome: UserOutcome): { status: number; url: string; body: string } {
  if (outcome.kind !== 'page') throw new Error(`stopped at ${outcome.url}`);
  return outcome;
}

/** Completes the sign-in pages as the tenant's first user, with the cookies of the jar. */
async function visit(
  url: string,
  cookies: CookieJar,
  more: Partial<UserScript> = {},
): Promise<ReturnType<typeof page>> {
  const [user] = home.tenant.users;
  const { username = '', password = '' } = user ?? {};
  const script = { username, password, ca: home.tenant.certificatePem, cookies, ...more };
  return page(await signInAsUser(url, script));
}

const at = (address: string): string => `http://localhost:${home.port}${address}`;

/** The link on one of our pages. */
function retryUrl(body: string): string {
  const found = /\/login\?ticket=[\w-]+/u.exec(body)?.[0];
  if (found === undefined) throw new Error(`no link on the page: ${body}`);
  return at(found);
}

async function invited(): Promise<string> {
  const { code, out } = await tokentray.run('sign-in');
  expect(code).toBe(0);
  return out.trim();
}

async function serve(...args: string[]): Promise<Serving> {
  serving = await tokentray.serve(...args);
  return serving;
}

describe('the life of a session on a server', () => {
  test('without settings, serve says how to create them', async () => {
    const { code, err } = await tokentray.run('serve');
    expect(code).toBe(12);
    expect(err).toContain('tokentray import FILE');
  });

  test('the old .env is imported: settings to the file, the secret to the keyring only', async () => {
    const { code, out, err } = await tokentray.run(
      'import',
      home.envFile,
      '--at',
      '07:00',
      '--zone',
      'Asia/Seoul',
    );
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('0 7 * * * in Asia/Seoul');
    expect(err).toContain('HOST was not imported');
    const { clientSecret } = home.tenant.client;
    expect(err).not.toContain(clientSecret);
    const file = path.join(home.directory, 'home', 'config', 'settings.json');
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(clientSecret);
    expect((await keyring.secretValues(home.vaultService)).join()).toContain(clientSecret);
  });

  test('commands say that Tokentray is not running', async () => {
    const { code, out, err } = await tokentray.run('token');
    expect({ code, out }).toEqual({ code: 13, out: '' });
    expect(err).toContain('tokentray serve');
  });

  test('serve prints an address with a ticket while the user is signed out', async () => {
    const { ticketUrl, said } = await serve();
    expect(ticketUrl).toMatch(new RegExp(`^http://localhost:${home.port}/login\\?ticket=[\\w-]{43}$`, 'u'));
    expect(said()).not.toContain(home.tenant.client.clientSecret);
    expect(await tokentray.run('token')).toMatchObject({ code: 10, out: '' });
    expect(await tokentray.run('status')).toMatchObject({ code: 10, out: 'Signed out\n' });
  });

  test('a second host is refused, and the first one is named', async () => {
    const { code, err } = await tokentray.run('serve');
    expect(code).toBe(1);
    expect(err).toContain(`tokentray serve (process ${serving?.pid ?? 0})`);
  });

  test('the ticket leads to the sign-in, and / then shows name, mail and the head of the token', async () => {
    const [user] = home.tenant.users;
    const browser = new CookieJar();
    const { url, body, status } = await visit(serving?.ticketUrl ?? '', browser);
    expect({ url, status }).toEqual({ url: at('/'), status: 200 });
    const { out: token } = await tokentray.run('token');
    expect(body).toContain(user?.name);
    expect(body).toContain(user?.username);
    expect(body).toContain(`${token.slice(0, 50)}…`);
    expect(body).not.toContain(token.slice(0, 60));
    // The ticket is used up: another browser cannot use it.
    expect((await visit(serving?.ticketUrl ?? '', new CookieJar())).status).toBe(403);
    expect((await visit(at('/'), new CookieJar())).status).toBe(401);
  });

  test('token, status and refresh from a terminal', async () => {
    const { code, out } = await tokentray.run('token');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(2);
    expect((await home.tenant.verifyAccessToken(out.trim())).name).toBe(home.tenant.users[0]?.name);
    const header = await tokentray.run('token', '--header');
    expect(header.out).toBe(`Authorization: Bearer ${out}`);
    const json = JSON.parse((await tokentray.run('token', '--json')).out) as Record<string, unknown>;
    expect(json).toMatchObject({ schemaVersion: 1, accessToken: out.trim(), tokenType: 'Bearer' });
    expect(await tokentray.run('status')).toMatchObject({ code: 0 });
    expect((await tokentray.run('status', '--json')).out).not.toContain(out.trim());
    expect(await tokentray.run('refresh')).toMatchObject({ code: 0, out: '' });
    expect((await tokentray.run('token')).out).not.toBe(out);
    const tooLong = await tokentray.run('token', '--min-lifetime', '100h');
    expect(tooLong).toMatchObject({ code: 2, out: '' });
    expect(tooLong.err).toContain('at most');
  });

  test('/token requires the access key', async () => {
    const key = readFileSync(path.join(home.directory, 'home', 'run', 'access-key'), 'utf8');
    const refused = await fetch(at('/token'));
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: 'request.access-key' } });
    const inUrl = await fetch(at(`/token?key=${key}`));
    expect(await inUrl.json()).toMatchObject({ error: { code: 'request.key-in-url' } });
    const answered = await fetch(at('/token'), { headers: { Authorization: `Bearer ${key}` } });
    const { accessToken } = (await answered.json()) as { accessToken: string };
    expect(answered.status).toBe(200);
    expect(await home.tenant.verifyAccessToken(accessToken)).toBeDefined();
    expect(await (await fetch(at('/health'))).json()).toEqual({ schemaVersion: 1, status: 'ok' });
  });

  test('after a restart the stored token is served, even if the authority cannot be reached', async () => {
    const { out } = await tokentray.run('token');
    const before = home.tenant.requests.length;
    expect(await serving?.end()).toMatchObject({ code: 0 });
    expect(existsSync(path.join(home.directory, 'home', 'run', 'agent.sock'))).toBe(false);
    const { said, ticketUrl } = await serve();
    expect(said()).toContain(`Signed in as ${home.tenant.users[0]?.name ?? '?'}`);
    expect(ticketUrl).toBeUndefined();
    expect((await tokentray.run('token')).out).toBe(out);
    expect(home.tenant.requests.length).toBe(before);
  });

  test('after SIGKILL, the next start succeeds at once', async () => {
    await serving?.end('SIGKILL');
    await serve();
    expect((await tokentray.run('token')).code).toBe(0);
  });

  test('sign-out empties the vault, and the next sign-in asks for the account', async () => {
    expect((await tokentray.run('sign-out')).code).toBe(0);
    expect((await tokentray.run('token')).code).toBe(10);
    expect((await keyring.items(home.vaultService)).map(({ account }) => account)).toEqual([
      'default/credential',
    ]);
    const stopped = await signInAsUser(await invited(), {
      username: '',
      password: '',
      ca: home.tenant.certificatePem,
      stopAt: (url) => url.startsWith(home.tenant.origin),
    });
    expect(new URL(stopped.url).searchParams.get('prompt')).toBe('select_account');
  });
});

describe('a failed sign-in is explained, and the next one works', () => {
  let browser: CookieJar;
  afterEach(async () => {
    const { faults } = home.tenant;
    faults.tamperState = undefined;
    faults.token = undefined;
    faults.discovery = undefined;
    await tokentray.run('sign-out');
  });

  async function failsThenWorks(
    expected: { words: string; via?: Partial<UserScript> },
    repair: () => void,
  ): Promise<void> {
    browser = new CookieJar();
    const { url, body } = await visit(await invited(), browser, expected.via);
    expect(body).toContain(expected.words);
    // Neither code nor state stays in the address bar.
    expect(url).toBe(at('/'));
    expect((await tokentray.run('token')).code).not.toBe(0);
    repair();
    const after = await visit(retryUrl(body), browser);
    expect(after.body).toContain(`Signed in as ${home.tenant.users[0]?.name ?? '?'}`);
    expect((await tokentray.run('token')).code).toBe(0);
  }

  test('tampered state', async () => {
    home.tenant.faults.tamperState = 'x';
    await failsThenWorks({ words: 'was not for this sign-in' }, () => {
      home.tenant.faults.tamperState = undefined;
    });
  });

  test('denied consent', async () => {
    home.tenant.faults.authorizeError = { error: 'access_denied', code: 65004, times: 1 };
    await failsThenWorks({ words: 'the permissions were not granted' }, () => undefined);
  });

  test('cancelled at the sign-in page', async () => {
    home.tenant.revoke();
    await failsThenWorks({ words: 'The sign-in was canceled', via: { login: 'cancel' } }, () => undefined);
  });

  test('wrong secret', async () => {
    const { client } = home.tenant;
    const right = client.clientSecret;
    client.clientSecret = 'another one';
    await failsThenWorks({ words: 'does not accept the client secret' }, () => {
      client.clientSecret = right;
    });
  });

  test('authority down at the token endpoint', async () => {
    home.tenant.faults.token = { kind: 'http', status: 503 };
    await failsThenWorks({ words: 'reported an internal error (HTTP 503)' }, () => {
      home.tenant.faults.token = undefined;
    });
  });

  test('authority down before the sign-in page', async () => {
    home.tenant.faults.discovery = { kind: 'drop' };
    await failsThenWorks({ words: 'cannot be reached' }, () => {
      home.tenant.faults.discovery = undefined;
    });
  });

  test('a second browser without the ticket cannot plant an account', async () => {
    const [, robin] = home.tenant.users;
    const mine = new CookieJar();
    const theirs = new CookieJar();
    // The attacker signs in as Robin with the user's authorization request, and passes on only the answer.
    const [user] = home.tenant.users;
    const stopAt = (url: string): boolean => url.startsWith(at('/getAToken'));
    const script = {
      username: robin?.username ?? '',
      password: robin?.password ?? '',
      ca: home.tenant.certificatePem,
    };
    const begun = await signInAsUser(await invited(), {
      ...script,
      cookies: mine,
      stopAt: (url) => url.startsWith(home.tenant.origin),
    });
    const answer = await signInAsUser(begun.url, { ...script, cookies: theirs, stopAt });
    expect(answer.kind).toBe('stopped');
    const planted = await visit(answer.url, theirs);
    expect(planted.status).toBe(403);
    expect(planted.body).toContain('The sign-in was started in another browser');
    expect((await tokentray.run('token')).code).toBe(10);
    // A foreign answer in the right browser does not end the attempt either.
    const foreign = await visit(at('/getAToken?code=x&state=y'), mine);
    expect(foreign.body).toContain('was not for this sign-in');
    const after = await visit(begun.url, mine, { username: user?.username ?? '' });
    expect(after.body).toContain(`Signed in as ${user?.name ?? '?'}`);
  });
});

test('with --from-env, everything stays in memory', async () => {
  await serving?.end();
  const items = await keyring.items(home.vaultService);
  const { ticketUrl } = await serve('--from-env', home.envFile);
  const { body } = await visit(ticketUrl ?? '', new CookieJar());
  expect(body).toContain('Signed in as');
  expect((await tokentray.run('token')).code).toBe(0);
  expect(await keyring.items(home.vaultService)).toEqual(items);
  expect(await serving?.end('SIGINT')).toMatchObject({ code: 0 });
});

test('a .env cannot set Node options: only the import reads the file', async () => {
  const file = path.join(home.directory, 'hostile.env');
  writeFileSync(file, `NODE_OPTIONS=--require=/nonexistent.cjs\n${readFileSync(home.envFile, 'utf8')}`);
  const { ticketUrl } = await serve('--from-env', file);
  expect(ticketUrl).toContain('/login?ticket=');
  expect(await serving?.end()).toMatchObject({ code: 0 });
  rmSync(file);
});

test('a port in use is reported with its holder, and nothing is left behind', async () => {
  const blocker = await tokentray.serve('--from-env', home.envFile);
  const other = new Tokentray({
    ...home.env,
    TOKENTRAY_HOME: path.join(home.directory, 'other'),
  });
  const { code, err } = await other.run('serve', '--from-env', home.envFile);
  expect(code).toBe(12);
  expect(err).toContain(`Port ${home.port} of the redirect URI is in use by`);
  expect(err).toContain(`(process ${blocker.pid})`);
  await blocker.end();
});

test('secrets are only in the vault, in the file of the access key and in the imported file', async () => {
  await serve('--from-env', home.envFile, '--verbose');
  await visit(serving?.ticketUrl ?? '', new CookieJar());
  expect((await tokentray.run('refresh')).code).toBe(0);
  const planted = path.join(home.directory, 'planted.log');
  writeFileSync(planted, 'a line with planted-marker-0123456789 in it');
  const found = findLeaks({
    directories: [home.directory],
    texts: { said: serving?.said() ?? '', ...processTexts(serving?.pid ?? 0) },
    secrets: {
      'client secret': [home.tenant.client.clientSecret],
      'token, code or cookie': home.tenant.issuedSecrets(),
      marker: ['planted-marker-0123456789'],
    },
  });
  expect(found).toEqual([
    { where: home.envFile, what: 'client secret' },
    { where: planted, what: 'marker' },
  ]);
  expect(serving?.said()).toContain('request');
  await serving?.end();
});
