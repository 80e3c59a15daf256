import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { places, thisMachine, type Places } from '../../../src/system/places.ts';
import type { Settings } from '../../../src/config/profile/profile.ts';
import { registrationBody } from '../../../src/outlets/socket/registration-body.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { askOwner } from '../../../src/outlets/socket/client.ts';
import { Secret } from '../../../src/system/secret.ts';
import { findLeaks } from '../../house/fixtures/leaks.ts';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { Tokentray, type Serving } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';
import { environmentWithoutKeyring } from '../fixtures/stored-home.ts';

let home: DemoHome;
let here: Places;
let tokentray: Tokentray;

async function open(base: NodeJS.ProcessEnv): Promise<void> {
  home = await makeDemoHome(base);
  here = places({ ...thisMachine(), env: home.env });
  tokentray = new Tokentray(home.env);
}

beforeEach(async () => {
  await open(environmentWithoutKeyring());
});

afterEach(async () => {
  tokentray.killAll();
  await home.tenant.close();
});

/** Writes settings by hand, with the demo tenant's profile. */
function configure(more: Partial<Settings> & { readonly redirectUri?: string } = {}): void {
  const { redirectUri = `http://localhost:${home.port}/getAToken`, ...settings } = more;
  const profile = {
    id: 'work',
    name: 'Work',
    protocol: 'entra',
    authority: home.tenant.authority,
    clientId: home.tenant.client.clientId,
    redirectUri,
    scopes: ['User.Read'],
  };
  mkdirSync(here.configDirectory, { recursive: true });
  const all = { schemaVersion: 1, profiles: [profile], storage: 'plain-file', ...settings };
  writeFileSync(here.settingsFile, JSON.stringify(all));
}

/** Gives a running host the secret of its profile, as an import would, and signs in. */
async function signIn(serving: Serving): Promise<void> {
  const { profiles } = JSON.parse(readFileSync(here.settingsFile, 'utf8')) as Settings;
  const [profile] = profiles;
  if (profile === undefined) throw new Error('no profile');
  const secret = new Secret(home.tenant.client.clientSecret);
  const json = registrationBody({
    profile: { ...profile, extraScopes: [] },
    credential: { kind: 'secret', secret },
    rank: 'further',
    tokenFiles: undefined,
  });
  const { status, body } = await askOwner(here, 'PUT', `/v1/profiles/${profile.id}`, { json });
  expect({ status, body }).toMatchObject({ status: 200 });
  await visit(serving.ticketUrl ?? '');
}

async function visit(url: string): Promise<void> {
  const { username = '', password = '' } = home.tenant.users[0] ?? {};
  const end = await signInAsUser(url, { username, password, ca: home.tenant.certificatePem });
  if (end.kind !== 'page') throw new Error(`stopped at ${end.url}`);
  expect(end.body).toContain('Signed in as');
}

/** Whether a process has a handler for the signal (Linux). */
function catches(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return ((BigInt(`0x${mask ?? '0'}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

describe('quitting', () => {
  /** A host with a refresh that never finishes. */
  async function hanging(): Promise<Serving> {
    configure();
    const serving = await tokentray.serve();
    await signIn(serving);
    const { tenant } = home;
    tenant.faults.token = { kind: 'hang', grantType: 'refresh_token' };
    const before = tenant.requests.length;
    void askOwner(here, 'POST', '/v1/refresh').catch(() => undefined);
    while (tenant.requests.length === before) await sleep(10);
    return serving;
  }

  test('leaves no socket while it waits for a request that hangs, and is immediate at a second signal', async () => {
    const serving = await hanging();
    const first = serving.end('SIGTERM');
    await expect.poll(() => catches(serving.pid, constants.signals.SIGINT)).toBe(false);
    await expect.poll(() => serving.said()).toContain('press Ctrl+C again');
    expect(existsSync(here.socketPath)).toBe(false);
    await serving.end('SIGINT');
    // Killed by the signal: it did not exit on its own.
    expect((await first).code).toBeNull();
    // Nothing was lost: the next start serves the same session.
    expect((await tokentray.serve()).said()).toContain('Signed in as');
  });

  test('waits for a refresh that is almost done, so that its refresh token is not lost', async () => {
    configure();
    const serving = await tokentray.serve();
    await signIn(serving);
    const { tenant } = home;
    tenant.faults.refuseUsedRefreshTokens = true;
    tenant.faults.token = { kind: 'slow', ms: 400, grantType: 'refresh_token', times: 1 };
    const before = tenant.requests.length;
    void askOwner(here, 'POST', '/v1/refresh').catch(() => undefined);
    while (tenant.requests.length === before) await sleep(10);
    expect((await serving.end()).code).toBe(0);
    await tokentray.serve();
    expect((await askOwner(here, 'POST', '/v1/refresh')).status).toBe(200);
  });
});

test('a closed standard error does not end the session', async () => {
  configure();
  const serving = await tokentray.serve('--verbose');
  await signIn(serving);
  serving.stopListening();
  for (let turn = 0; turn < 3; turn += 1) {
    expect((await askOwner(here, 'POST', '/v1/refresh')).status).toBe(200);
  }
  expect((await serving.end()).code).toBe(0);
});

test('a run with --from-env leaves the token files of the stored settings alone', async () => {
  const file = path.join(home.directory, 'token');
  configure({ tokenFiles: [{ path: file, profile: 'work', scopes: undefined, format: 'bare' }] });
  const first = await tokentray.serve();
  await signIn(first);
  await expect.poll(() => existsSync(file)).toBe(true);
  await first.end();
  const token = readFileSync(file, 'utf8');
  await (await tokentray.serve('--from-env', home.envFile)).end();
  expect(readFileSync(file, 'utf8')).toBe(token);
  expect((await tokentray.serve()).said()).toContain('Signed in as');
  expect(readFileSync(file, 'utf8')).toBe(token);
});

describe('the log', () => {
  test('is private to the user from its first line on, and holds no secret', async () => {
    configure({ logLevel: 'debug' });
    const serving = await tokentray.serve();
    await signIn(serving);
    home.tenant.faults.token = { kind: 'http', status: 503 };
    expect((await askOwner(here, 'POST', '/v1/refresh')).status).toBe(503);
    await serving.end();
    const file = path.join(here.logDirectory, 'tokentray.log');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('signed in');
    expect(text).toContain('refresh failed');
    // Standard error is for people: warnings only.
    expect(serving.said()).toContain('refresh failed');
    expect(serving.said()).not.toContain(' info ');
    const secrets = {
      'client secret': [home.tenant.client.clientSecret],
      'token, code or cookie': home.tenant.issuedSecrets(),
    };
    expect(findLeaks({ directories: [here.logDirectory], texts: { said: serving.said() }, secrets })).toEqual(
      [],
    );
  });

  test('says no more than the settings ask for', async () => {
    configure({ logLevel: 'warn' });
    const serving = await tokentray.serve();
    await signIn(serving);
    await serving.end();
    expect(readFileSync(path.join(here.logDirectory, 'tokentray.log'), 'utf8')).not.toContain('signed in');
  });
});

describe('starting', () => {
  test('is refused if the default profile’s redirect URI is not on this machine', async () => {
    configure({ redirectUri: 'https://app.example.org/back' });
    const { code, err } = await tokentray.run('serve');
    expect(code).toBe(12);
    expect(err).toContain('found https://app.example.org/back');
  });

  test('works with an invalid policy, and says what is wrong with it', async () => {
    configure();
    mkdirSync(path.dirname(here.policyFile), { recursive: true });
    writeFileSync(here.policyFile, JSON.stringify({ schemaVersion: 1, spreadMinutes: 'many' }));
    const serving = await tokentray.serve();
    expect(serving.said()).toContain(`The policy in ${here.policyFile} is invalid and is ignored`);
    expect(serving.said()).toContain('spreadMinutes');
    await serving.end();
    expect(readFileSync(path.join(here.logDirectory, 'tokentray.log'), 'utf8')).toContain('policy left out');
  });

  test('exits with the storage’s code and a reason if the key of an encrypted file is missing', async () => {
    const key = path.join(home.directory, 'nobody-has.key');
    configure({ storage: { kind: 'encrypted-file', key: { kind: 'key-file', path: key } } });
    const { code, err } = await tokentray.run('serve');
    expect(code).toBe(14);
    expect(err).toContain(key);
    expect(existsSync(here.socketPath)).toBe(false);
  });

  test('takes a passphrase from the environment; without it and without a terminal it is refused', async () => {
    configure({ storage: { kind: 'encrypted-file', key: { kind: 'passphrase' } } });
    const { code, err } = await tokentray.run('serve');
    expect(code).toBe(14);
    expect(err).toContain('TOKENTRAY_PASSPHRASE');
    const given = new Tokentray({ ...home.env, TOKENTRAY_PASSPHRASE: 'correct horse battery staple' });
    const serving = await given.serve();
    await signIn(serving);
    await serving.end();
    const again = await given.serve();
    expect(again.said()).toContain('Signed in as');
    await again.end();
    const wrong = new Tokentray({ ...home.env, TOKENTRAY_PASSPHRASE: 'another one' });
    expect((await wrong.run('serve')).code).toBe(14);
  });
});

describe('the keyring', () => {
  let keyring: Keyring;
  beforeEach(async () => {
    await home.tenant.close();
    keyring = await startKeyring();
    await open(keyring.env);
  });
  afterEach(() => keyring.stop());

  test('silent at the start: the terminal shows what it waits for, and Ctrl-C still quits', async () => {
    configure({ storage: 'auto' });
    keyring.freeze();
    const keys = [{ after: 'Waiting for the storage', type: '\u0003' }];
    // SIGKILL: libuv would wait 50 s for the call that hangs.
    expect(await tokentray.runOnTerminal(['serve'], keys)).toMatchObject({ code: 128 + 9 });
  });

  test('locked at the start: it is named with the fix, and its session is served once it is unlocked', async () => {
    configure({ storage: 'auto' });
    const first = await tokentray.serve();
    await signIn(first);
    const { body } = await askOwner(here, 'GET', '/v1/token');
    await first.end();
    await keyring.lock();
    const serving = await tokentray.serve();
    expect(serving.said()).toContain('keyring is locked');
    expect(serving.said()).toContain('Unlock it');
    expect((await askOwner(here, 'GET', '/v1/token')).status).toBe(400);
    await keyring.unlock();
    // The agent checks every half minute.
    await expect.poll(() => serving.said(), { timeout: 90_000 }).toContain('The storage is available again');
    // The session is read just after that message.
    await expect
      .poll(async () => (await askOwner(here, 'GET', '/v1/token')).body)
      .toMatchObject({ accessToken: body['accessToken'] });
  });
});
