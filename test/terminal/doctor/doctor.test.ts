import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem, ProblemError, type Problem } from '../../../src/words/problem.ts';
import { checkPort } from '../../../src/terminal/doctor/port-check.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { Tokentray } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';
import { fakeAgent, profile, signedIn } from '../../outlets/fixtures/fake-agent.ts';
import { makeEmptyHome, ownHome } from '../fixtures/fake-owner.ts';

interface Check {
  readonly name: string;
  readonly kind: string;
  readonly detail?: string;
  readonly problem?: { readonly code: string; readonly message: string; readonly next: string };
}

interface Diagnosis {
  readonly code: number | null;
  readonly out: string;
  /** The code of each problem, by the name of the check. */
  readonly troubles: Readonly<Record<string, string>>;
  readonly check: (name: string) => Check | undefined;
}

async function diagnose(tokentray: Tokentray, ...args: string[]): Promise<Diagnosis> {
  const { code, out } = await tokentray.run('doctor', '--json', ...args);
  const { schemaVersion, checks } = JSON.parse(out) as { schemaVersion: number; checks: Check[] };
  expect(schemaVersion).toBe(1);
  const wrong = checks.filter(({ kind }) => kind === 'trouble');
  return {
    code,
    out,
    troubles: Object.fromEntries(wrong.map(({ name, problem }) => [name, problem?.code ?? ''])),
    check: (name) => checks.find((one) => one.name === name),
  };
}

describe('before anything is configured', () => {
  test('it says so, and makes the other checks', async () => {
    const { tokentray } = makeEmptyHome();
    const found = await diagnose(tokentray);
    expect(found.code).toBe(12);
    expect(found.troubles).toMatchObject({ settings: 'not-configured', storage: 'storage.absent' });
    expect(found.check('version')?.detail).toContain(process.versions.node);
    expect(found.check('owner')?.kind).toBe('skipped');
    const { out } = await tokentray.run('doctor');
    expect(out).toMatch(
      /^failed {3}settings: +No app registration is set up yet\.\n {9}Import your \.env file/mu,
    );
  });

  test.each([
    ['not JSON', '{"profiles": [', 'not JSON'],
    ['a broken rule', '{"schemaVersion":1,"profiles":[],"logLevel":"loud"}', 'logLevel'],
  ])('settings that cannot be used are named: %s', async (_name, text, words) => {
    const { tokentray, places } = makeEmptyHome();
    mkdirSync(places.configDirectory, { recursive: true });
    writeFileSync(places.settingsFile, text);
    const found = await diagnose(tokentray);
    expect(found.code).toBe(12);
    expect(found.troubles).toEqual({ settings: 'settings.unusable' });
    expect(found.out).toContain(words);
  });

  test('a proxy is shown without its password', async () => {
    const { env } = makeEmptyHome();
    const proxied = new Tokentray({ ...env, HTTPS_PROXY: 'http://ada:hunter2@proxy.example:3128' });
    const found = await diagnose(proxied);
    expect(found.check('proxy')?.detail).toContain('proxy.example:3128');
    expect(found.out).not.toMatch(/hunter2|ada/u);
  });
});

describe('while a host is running', () => {
  test('a check-up that it refuses is a problem', async () => {
    const { tokentray, places } = makeEmptyHome();
    const starting = new ProblemError(problem('transient', 'starting'));
    const owner = await ownHome(places, { checkUp: () => Promise.reject(starting) });
    const found = await diagnose(tokentray);
    await owner.close();
    expect(found.code).toBe(11);
    expect(found.troubles).toEqual({ 'check-up': 'starting' });
  });

  test.each<[string, Problem, string, string]>([
    [
      'a schedule that never occurs',
      problem('admin', 'schedule.never', { issues: 'schedule.cron: It never occurs.' }),
      'It never occurs.',
      'Correct it',
    ],
    [
      'an expired secret, found at a sign-in',
      problem('admin', 'expired-secret', { detail: 'AADSTS7000222' }),
      'AADSTS7000222',
      'tokentray import FILE',
    ],
  ])('a problem in its configuration is shown: %s', async (_name, reason, sentence, next) => {
    const { tokentray, places } = makeEmptyHome();
    const owner = await ownHome(places);
    owner.agent.status = { ...signedIn, health: { kind: 'configuration', reason } };
    const found = await diagnose(tokentray);
    const { out } = await tokentray.run('doctor');
    owner.agent.status = { ...signedIn, health: { kind: 'ok' } };
    const healthy = await diagnose(tokentray);
    await owner.close();
    expect(found.check('health')?.problem?.code).toBe(reason.code);
    expect(found.check('health')?.problem?.message).toContain(sentence);
    expect(found.check('health')?.problem?.next).toContain(next);
    expect(found.code).toBe(12);
    expect(out).toMatch(/^failed {3}health: .+\n {9}.+/mu);
    expect(healthy.check('health')?.kind).toBe('ok');
  });

  test('a host started with --from-env is checked with its own settings, not the stored ones', async () => {
    const { tokentray, places } = makeEmptyHome();
    mkdirSync(places.configDirectory, { recursive: true });
    const stored = { ...profile, redirectUri: 'https://stored.example.org/back' };
    writeFileSync(places.settingsFile, JSON.stringify({ schemaVersion: 1, profiles: [stored] }));
    const owner = await ownHome(places);
    const redirectUri = 'https://passing.example.org/back';
    owner.profiles.agents.splice(0, 1, fakeAgent({ redirectUri }));
    const found = await diagnose(tokentray);
    await owner.close();
    expect(found.check('settings')).toMatchObject({ kind: 'skipped' });
    expect(found.check('redirect-port')?.detail).toContain('passing.example.org');
  });
});

test('a next step names the profile, unless it is the default one', async () => {
  const { tokentray, places } = makeEmptyHome();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const redirectUri = `http://localhost:${String((server.address() as AddressInfo).port)}/back`;
  mkdirSync(places.configDirectory, { recursive: true });
  const profiles = ['default', 'work'].map((id) => ({ ...profile, id, redirectUri }));
  writeFileSync(places.settingsFile, JSON.stringify({ schemaVersion: 1, profiles }));
  const next = async (...args: string[]): Promise<string | undefined> =>
    (await diagnose(tokentray, ...args)).check('redirect-port')?.problem?.next;
  expect(await next('--profile', 'work')).toContain('tokentray import FILE --profile work');
  expect(await next('--profile', 'default')).toMatch(/tokentray import FILE$/u);
  expect(await next()).toMatch(/tokentray import FILE$/u);
  server.close();
});

test('a redirect URI that only a window can receive has no port to check', async () => {
  expect(await checkPort('https://localhost/back', undefined)).toMatchObject({ kind: 'skipped' });
});

test('storage whose key only the unit has is skipped, and the other checks are made', async () => {
  const { tokentray, places } = makeEmptyHome();
  mkdirSync(places.configDirectory, { recursive: true });
  const storage = { kind: 'encrypted-file', key: { kind: 'systemd-credential', name: 'tokentray' } };
  writeFileSync(places.settingsFile, JSON.stringify({ schemaVersion: 1, profiles: [profile], storage }));
  const found = await diagnose(tokentray);
  for (const name of ['credential', 'credential-age', 'storage'])
    expect(found.check(name)?.kind, name).toBe('skipped');
  expect(found.troubles).toEqual({ network: 'offline' });
});

describe('with a registration', () => {
  let keyring: Keyring;
  let home: DemoHome;
  let tokentray: Tokentray;

  beforeAll(async () => {
    keyring = await startKeyring();
    home = await makeDemoHome(keyring.env);
    tokentray = new Tokentray(home.env);
    expect((await tokentray.run('import', home.envFile)).code).toBe(0);
  });

  afterAll(async () => {
    tokentray.killAll();
    await home.tenant.close();
    await keyring.stop();
  });

  test('without a host, every check passes in this process', async () => {
    const found = await diagnose(tokentray);
    expect(found.troubles).toEqual({});
    expect(found.code).toBe(0);
    const names = [
      'network',
      'discovery',
      'clock',
      'credential',
      'credential-age',
      'storage',
      'redirect-port',
    ];
    for (const name of names) expect(found.check(name)?.kind, name).toBe('ok');
    expect(found.check('owner')?.kind).toBe('skipped');
    expect(found.check('redirect-port')?.detail).toContain('is free');
    expect(found.out).not.toContain(home.tenant.client.clientSecret);
  });

  test('an unknown profile is refused by name', async () => {
    const { code, err } = await tokentray.run('doctor', '--profile', 'nobody');
    expect(code).toBe(2);
    expect(err).toContain('default');
  });

  test('a port that another program holds is reported with that program', async () => {
    const holder = createServer().listen({ host: '127.0.0.1', port: home.port });
    await once(holder, 'listening');
    const found = await diagnose(tokentray);
    holder.close();
    expect(found.code).toBe(12);
    expect(found.troubles).toEqual({ 'redirect-port': 'port-in-use' });
    expect(found.out).toContain(`process ${process.pid}`);
  });

  test('a secret that the authority refuses', async () => {
    const { client } = home.tenant;
    const right = client.clientSecret;
    client.clientSecret = 'another one';
    const found = await diagnose(tokentray);
    client.clientSecret = right;
    expect(found.code).toBe(12);
    expect(found.troubles).toEqual({ credential: 'wrong-secret' });
  });

  test('offline, the checks that need no network are still made', async () => {
    home.tenant.faults.discovery = { kind: 'drop' };
    const found = await diagnose(tokentray);
    home.tenant.faults.discovery = undefined;
    expect(found.code).toBe(11);
    expect(found.troubles).toEqual({ network: 'offline' });
    expect(found.check('storage')?.kind).toBe('ok');
    expect(found.check('credential')?.kind).toBe('skipped');
  });

  test('a locked keyring', async () => {
    await keyring.lock();
    const found = await diagnose(tokentray);
    await keyring.unlock();
    expect(found.code).toBe(14);
    expect(found.troubles).toMatchObject({ storage: 'storage.locked' });
    expect(found.check('network')?.kind).toBe('ok');
  });

  test('a running host is asked: session, refreshes, and its own port', async () => {
    const serving = await tokentray.serve();
    const before = await diagnose(tokentray);
    expect(before.troubles).toEqual({ session: 'signed-out' });
    expect(before.code).toBe(10);
    const [user] = home.tenant.users;
    const { username = '', password = '' } = user ?? {};
    const script = { username, password, ca: home.tenant.certificatePem };
    await signInAsUser(serving.ticketUrl ?? '', script);
    expect((await tokentray.run('refresh')).code).toBe(0);
    const found = await diagnose(tokentray);
    expect(found.troubles).toEqual({});
    expect(found.code).toBe(0);
    expect(found.check('owner')?.detail).toContain(`process ${serving.pid}`);
    expect(found.check('redirect-port')?.detail).toContain('in use by tokentray serve, as expected');
    expect(found.check('session')?.detail).toContain(user?.name);
    expect(found.check('refresh')?.detail).toMatch(/last refresh was at .* next refresh is at/u);
    for (const name of ['network', 'credential', 'storage']) expect(found.check(name)?.kind).toBe('ok');
    await serving.end();
  });

  test('a running host is asked even if the settings file is not JSON', async () => {
    const file = path.join(home.directory, 'home', 'config', 'settings.json');
    const serving = await tokentray.serve('--from-env', home.envFile);
    writeFileSync(file, '{');
    const found = await diagnose(tokentray);
    expect(found.code).toBe(12);
    expect(found.troubles).toMatchObject({ settings: 'settings.unusable', session: 'signed-out' });
    expect(found.check('credential')?.kind).toBe('ok');
    await serving.end();
  });
});
