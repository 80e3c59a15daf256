import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { places, thisMachine, type Places } from '../../../src/system/places.ts';
import type { Profile, TokenFile } from '../../../src/config/profile/profile.ts';
import { registrationBody } from '../../../src/outlets/socket/registration-body.ts';
import { freePort } from '../../../src/demo-tenant/play/demo-home.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { askOwner, type SocketAnswer } from '../../../src/outlets/socket/client.ts';
import { Secret } from '../../../src/system/secret.ts';
import { Tokentray, type Serving } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';
import { environmentWithoutKeyring } from '../fixtures/stored-home.ts';

// One running `tokentray serve` with two profiles, from their registration to the end of one of them; each
// test goes on where the one before it stopped. Secrets are in plain files: no keyring is needed.

let home: DemoHome;
let here: Places;
let tokentray: Tokentray;
let serving: Serving;
let work: Profile;
let lab: Profile;

beforeAll(async () => {
  home = await makeDemoHome(environmentWithoutKeyring());
  here = places({ ...thisMachine(), env: home.env });
  tokentray = new Tokentray(home.env);
  work = {
    id: 'work',
    name: 'Work',
    protocol: 'entra',
    authority: home.tenant.authority,
    clientId: home.tenant.client.clientId,
    redirectUri: `http://localhost:${home.port}/getAToken`,
    scopes: ['User.Read'],
    extraScopes: [],
    schedule: undefined,
    continuousAccess: true,
    signIn: 'window',
  };
  const labPort = await freePort();
  lab = { ...work, id: 'lab', name: 'Lab', redirectUri: `http://localhost:${labPort}/back` };
  home.tenant.client.redirectUris.push(lab.redirectUri);
  mkdirSync(here.configDirectory, { recursive: true });
  writeFileSync(
    here.settingsFile,
    JSON.stringify({ schemaVersion: 1, profiles: [work], storage: 'plain-file' }),
  );
  serving = await tokentray.serve();
});

afterAll(async () => {
  tokentray.killAll();
  await home.tenant.close();
});

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, json?: unknown): Promise<SocketAnswer> =>
  askOwner(here, method, url, { json });

function put(
  profile: Profile,
  more: { secret?: string; rank?: 'default' | 'further'; tokenFiles?: TokenFile[] } = {},
): Promise<SocketAnswer> {
  const { secret, rank = 'further', tokenFiles } = more;
  const credential =
    secret === undefined ? undefined : { kind: 'secret' as const, secret: new Secret(secret) };
  return ask(
    'PUT',
    `/v1/profiles/${profile.id}`,
    registrationBody({ profile, credential, rank, tokenFiles }),
  );
}

async function tokenOf(id: string): Promise<string> {
  const { status, body } = await ask('GET', `/v1/token?profile=${id}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return String(body['accessToken']);
}

async function signIn(id: string, user: number): Promise<string> {
  const { body } = await ask('POST', `/v1/sign-in?profile=${id}`);
  const { username = '', password = '' } = home.tenant.users[user] ?? {};
  const script = { username, password, ca: home.tenant.certificatePem };
  const end = await signInAsUser(String(body['url']), script);
  if (end.kind !== 'page') throw new Error(`stopped at ${end.url}`);
  expect(end.status).toBe(200);
  return end.body;
}

const codeOf = ({ body }: SocketAnswer): unknown => (body['error'] as { code?: unknown } | undefined)?.code;

async function isOpen(redirectUri: string): Promise<boolean> {
  return fetch(new URL('/health', redirectUri)).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('a profile that is registered while it runs opens its own port', async () => {
  const { clientSecret } = home.tenant.client;
  expect(await put(work, { secret: clientSecret })).toMatchObject({ status: 200 });
  expect(await isOpen(lab.redirectUri)).toBe(false);
  expect(await put(lab, { secret: clientSecret })).toMatchObject({ status: 200 });
  expect(await isOpen(lab.redirectUri)).toBe(true);
  expect(await isOpen(work.redirectUri)).toBe(true);
});

test('both sign in, each as somebody else, and the pages say which is which', async () => {
  const [first, second] = home.tenant.users;
  expect(await signIn('work', 0)).toMatch(/Work.*Signed in as/su);
  expect(await signIn('lab', 1)).toMatch(/Lab.*Signed in as/su);
  const names = [];
  for (const id of ['work', 'lab']) {
    names.push((await home.tenant.verifyAccessToken(await tokenOf(id))).name);
  }
  expect(names).toEqual([first?.name, second?.name]);
  // The access key opens every profile's token, at every port.
  const key = readFileSync(here.accessKeyFile, 'utf8');
  const headers = { Authorization: `Bearer ${key}` };
  const answered = await fetch(new URL('/token?profile=lab', work.redirectUri), { headers });
  expect(((await answered.json()) as { accessToken: string }).accessToken).toBe(await tokenOf('lab'));
});

test('a refresh of one does not touch the other', async () => {
  const [before, other] = [await tokenOf('lab'), await tokenOf('work')];
  expect((await ask('POST', '/v1/refresh?profile=lab')).status).toBe(200);
  expect(await tokenOf('lab')).not.toBe(before);
  expect(await tokenOf('work')).toBe(other);
});

test('a restart restores both without asking the authority', async () => {
  const tokens = [await tokenOf('work'), await tokenOf('lab')];
  const requests = home.tenant.requests.length;
  await serving.end();
  serving = await tokentray.serve();
  expect(serving.said()).toContain('Work: Signed in as');
  expect(serving.said()).toContain('Lab: Signed in as');
  expect([await tokenOf('work'), await tokenOf('lab')]).toEqual(tokens);
  expect(home.tenant.requests.length).toBe(requests);
});

test('a profile changed during its refresh goes on with the refresh token that this brought', async () => {
  const { faults, requests } = home.tenant;
  faults.refuseUsedRefreshTokens = true;
  faults.token = { kind: 'slow', ms: 1_000, grantType: 'refresh_token', times: 1 };
  const other = await tokenOf('work');
  const asked = requests.length;
  const refreshing = ask('POST', '/v1/refresh?profile=lab');
  while (requests.length === asked) await sleep(10);
  lab = { ...lab, name: 'Laboratory', schedule: { at: '07:00', timeZone: 'Asia/Seoul' } };
  expect((await put(lab)).status).toBe(200);
  await refreshing;
  const { body } = await ask('GET', '/v1/status?profile=lab');
  expect(body).toMatchObject({ profile: { id: 'lab' }, session: { kind: 'signed-in' } });
  expect((await ask('POST', '/v1/refresh?profile=lab')).status).toBe(200);
  expect(await tokenOf('work')).toBe(other);
  faults.refuseUsedRefreshTokens = false;
});

test('a new secret for the same registration is used at once', async () => {
  const { client } = home.tenant;
  client.clientSecret = 'renewed-in-the-portal-0123456789';
  const refused = await ask('POST', '/v1/refresh?profile=work');
  expect({ status: refused.status, code: codeOf(refused) }).toEqual({ status: 400, code: 'wrong-secret' });
  expect((await put(work, { secret: client.clientSecret })).status).toBe(200);
  expect((await ask('POST', '/v1/refresh?profile=work')).status).toBe(200);
  // Also where the one before had worked until then.
  client.clientSecret = 'renewed-once-more-0123456789';
  for (const [id, profile] of Object.entries({ work, lab })) {
    expect((await put(profile, { secret: client.clientSecret })).status).toBe(200);
    expect((await ask('POST', `/v1/refresh?profile=${id}`)).status).toBe(200);
  }
});

test('a change to a port that somebody has is refused in words, and everything stays as it was', async () => {
  const blocker = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(blocker, 'listening');
  const { port } = blocker.address() as { port: number };
  const before = readFileSync(here.settingsFile, 'utf8');
  const refused = await put({ ...lab, redirectUri: `http://localhost:${port}/back` });
  expect({ status: refused.status, code: codeOf(refused) }).toEqual({ status: 400, code: 'port-in-use' });
  expect(JSON.stringify(refused.body)).toContain(`process ${process.pid}`);
  expect(readFileSync(here.settingsFile, 'utf8')).toBe(before);
  expect(await isOpen(lab.redirectUri)).toBe(true);
  await tokenOf('lab');
  blocker.close();
});

test('a change that the settings refuse leaves the port that was opened for it closed again', async () => {
  const redirectUri = `http://localhost:${await freePort()}/back`;
  const never = { cron: '0 0 30 2 *', timeZone: 'UTC' };
  expect((await put({ ...lab, redirectUri, schedule: never })).status).toBe(400);
  expect([await isOpen(redirectUri), await isOpen(lab.redirectUri)]).toEqual([false, true]);
});

test('a profile that moves to another port takes its pages along', async () => {
  const left = lab.redirectUri;
  lab = { ...lab, redirectUri: `http://localhost:${await freePort()}/back` };
  home.tenant.client.redirectUris.push(lab.redirectUri);
  expect((await put(lab)).status).toBe(200);
  expect([await isOpen(left), await isOpen(lab.redirectUri)]).toEqual([false, true]);
  await tokenOf('lab');
});

test('a default that nobody could sign in to here is refused; another profile may be so', async () => {
  const far: Profile = { ...work, id: 'far', name: 'Far', redirectUri: 'https://app.example.org/back' };
  expect(codeOf(await put(far, { rank: 'default', secret: 'some-secret-of-it' }))).toBe(
    'redirect-not-loopback',
  );
  expect((await put(far, { secret: 'some-secret-of-it' })).status).toBe(200);
  expect(codeOf(await ask('POST', '/v1/default?profile=far'))).toBe('redirect-not-loopback');
  expect(codeOf(await ask('POST', '/v1/sign-in?profile=far'))).toBe('redirect-not-loopback');
  await serving.end();
  serving = await tokentray.serve();
  expect(serving.said()).toContain('Far: This profile is available to programs only');
  expect((await ask('DELETE', '/v1/profiles/far')).status).toBe(200);
});

test('the default can be changed, and /health follows', async () => {
  expect((await ask('POST', '/v1/default?profile=lab')).status).toBe(200);
  expect((await ask('GET', '/v1/status')).body).toMatchObject({ profile: { id: 'lab' } });
  await ask('POST', '/v1/sign-out?profile=lab');
  expect(await (await fetch(new URL('/health', work.redirectUri))).json()).toMatchObject({
    status: 'signed-out',
  });
});

test('a sign-out of one leaves the other', async () => {
  expect((await ask('GET', '/v1/token?profile=lab')).status).toBe(400);
  await tokenOf('work');
});

test('a token file of a profile follows its registration', async () => {
  const file = path.join(home.directory, 'work.token');
  const entry: TokenFile = { path: file, profile: 'work', scopes: undefined, format: 'bare' };
  expect((await put(work, { tokenFiles: [entry] })).status).toBe(200);
  const kept = await tokenOf('work');
  await expect.poll(() => readFileSync(file, 'utf8').trim()).toBe(kept);
  expect((await put(work, { tokenFiles: [] })).status).toBe(200);
  await expect.poll(() => readdirSync(home.directory)).not.toContain('work.token');
});

test('a profile that is removed leaves nothing behind: no session, no secret, no port', async () => {
  await signIn('lab', 1);
  expect((await ask('DELETE', '/v1/profiles/lab')).status).toBe(200);
  expect(codeOf(await ask('GET', '/v1/token?profile=lab'))).toBe('profile.unknown');
  expect(await isOpen(lab.redirectUri)).toBe(false);
  const left = readdirSync(here.vaultDirectory, { recursive: true }).map(String);
  expect(left.filter((name) => name.includes('lab'))).toEqual([]);
  expect((await ask('GET', '/v1/status')).body).toMatchObject({ profile: { id: 'work' } });
  await tokenOf('work');
  await serving.end();
  serving = await tokentray.serve();
  expect(serving.said()).not.toContain('Lab');
  await tokenOf('work');
});

test('a registration is refused with every rule it breaks, and changes nothing', async () => {
  const before = readFileSync(here.settingsFile, 'utf8');
  const refused = await put({ ...work, authority: 'http://login.example.org/tenant', scopes: [] });
  expect({ status: refused.status, code: codeOf(refused) }).toEqual({ status: 400, code: 'profile.invalid' });
  expect(readFileSync(here.settingsFile, 'utf8')).toBe(before);
  await tokenOf('work');
});
