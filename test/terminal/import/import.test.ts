import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Registration } from '../../../src/config/settings/registrations.ts';
import { createClientCertificate } from '../../../src/demo-tenant/server/certificate.ts';
import { profile } from '../../outlets/fixtures/fake-agent.ts';
import type { Ended } from '../fixtures/command.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../fixtures/fake-owner.ts';

const SECRET = 'abc8Q~the-secret-of-the-tests-0123456789';
const KEY_WORDS = 'PRIVATE KEY';

let home: EmptyHome;
let envFile: string;
let owner: FakeOwner | undefined;

beforeEach(() => {
  home = makeEmptyHome();
  envFile = path.join(home.directory, 'old.env');
  const lines = [
    `CLIENT_ID=${profile.clientId}`,
    `CLIENT_SECRET=${SECRET}`,
    'TENANT_ID=22222222-3333-4444-5555-666666666666',
    'REDIRECT_URI=http://localhost:5000/getAToken',
    'SCOPE=User.Read',
    'HOST=0.0.0.0',
  ];
  writeFileSync(envFile, lines.join('\n'));
});

afterEach(async () => {
  await owner?.close();
  owner = undefined;
});

/** Records this text as one that a host wrote to a token file. */
function noteWritten(file: string, text: string): void {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const versions = [{ sha256, expiresOn: Date.now() + 3_600_000 }];
  mkdirSync(home.places.stateDirectory, { recursive: true });
  writeFileSync(
    path.join(home.places.stateDirectory, 'token-files.json'),
    JSON.stringify({ version: 1, files: [{ path: file, versions }] }),
  );
}

const run = (...args: string[]): Promise<Ended> => home.tokentray.run(...args);
const settings = (): Record<string, unknown> =>
  JSON.parse(readFileSync(home.places.settingsFile, 'utf8')) as Record<string, unknown>;
/** The contents of the plain files, the only storage that a test can read. */
const stored = (): string =>
  readdirSync(home.places.vaultDirectory)
    .map((name) => readFileSync(path.join(home.places.vaultDirectory, name), 'utf8'))
    .join('\n');

function certificateFiles(): { certificate: string; key: string; pem: string } {
  const made = createClientCertificate('tokentray test');
  const certificate = path.join(home.directory, 'client.pem');
  const key = path.join(home.directory, 'client.key');
  writeFileSync(certificate, made.certificatePem);
  writeFileSync(key, made.privateKeyPem, { mode: 0o600 });
  return { certificate, key, pem: made.privateKeyPem };
}

test('without storage nothing is imported, and the alternatives are named', async () => {
  const { code, out, err } = await run('import', envFile, '--json');
  expect(code).toBe(14);
  expect(JSON.parse(out)).toMatchObject({ error: { kind: 'storage', code: 'import.no-vault' } });
  expect(err).toContain('--from-env');
  expect(existsSync(home.places.settingsFile)).toBe(false);
});

describe('with storage', () => {
  beforeEach(async () => {
    expect((await run('storage', 'plain-file')).err).toContain('unencrypted');
  });

  test('everything specified is imported, and no secret is shown', async () => {
    const tokenFile = path.join(home.directory, 'token.json');
    const options = ['--profile', 'work', '--name', 'At work', '--every', '6h', '--zone', 'Asia/Seoul'];
    const files = ['--token-file', tokenFile, '--token-file-format', 'json', '--ca-file'];
    const ca = path.join(home.directory, 'ca.pem');
    writeFileSync(ca, createClientCertificate('a proxy').certificatePem);
    const extra = ['--extra-scope', 'https://management.azure.com/user_impersonation'];
    const { code, out, err } = await run('import', envFile, ...options, ...files, ca, ...extra, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      profile: { id: 'work', name: 'At work', schedule: { everyHours: 6, timeZone: 'Asia/Seoul' } },
      credential: { kind: 'secret' },
    });
    expect(err).toContain('0 */6 * * * in Asia/Seoul');
    expect(err).toContain('HOST was not imported');
    expect(out + err).not.toContain(SECRET);
    expect(settings()).toMatchObject({
      profiles: [{ id: 'work', extraScopes: [['https://management.azure.com/user_impersonation']] }],
      tokenFiles: [{ path: tokenFile, profile: 'work', format: 'json' }],
      extraCaFile: ca,
    });
    expect(JSON.stringify(settings())).not.toContain(SECRET);
    expect(stored()).toContain(SECRET);
  });

  test('a certificate replaces the secret', async () => {
    const { certificate, key, pem } = certificateFiles();
    const { code, out, err } = await run('import', envFile, '--certificate', certificate, '--key', key);
    expect(code).toBe(0);
    expect(err).toMatch(/certificate CN=tokentray test is stored .* 2049-12-31.*SHA-256\): [0-9A-F]{64}/u);
    expect(out + err).not.toContain(KEY_WORDS);
    expect(stored()).not.toContain(SECRET);
    const [, lineOfKey = ''] = pem.split('\n');
    expect(stored()).toContain(lineOfKey);
  });

  test('a wrong option is reported by its name, and nothing is stored', async () => {
    const { key } = certificateFiles();
    const wrong = await run('import', envFile, '--certificate', key);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--certificate');
    expect(wrong.err).not.toContain(KEY_WORDS);
    const zone = await run(
      'import',
      envFile,
      '--at',
      '07:00',
      '--zone',
      'Mars/Base',
      '--profile',
      'Not A Slug',
    );
    expect(zone.code).toBe(2);
    expect(zone.err).toContain('--zone');
    expect(zone.err).toContain('--profile');
    const ca = await run('import', envFile, '--ca-file', envFile);
    expect(ca.code).toBe(12);
    expect(ca.err).not.toContain(SECRET);
    expect(settings().profiles).toEqual([]);
  });

  /** The file of the same registration with another secret, or of another client. */
  const envWith = (change: Record<string, string>): string => {
    const file = path.join(home.directory, 'changed.env');
    const lines = readFileSync(envFile, 'utf8').split('\n');
    const changed = lines.map((line) => {
      const [name = ''] = line.split('=');
      return change[name] === undefined ? line : `${name}=${change[name]}`;
    });
    writeFileSync(file, changed.join('\n'));
    return file;
  };

  test('importing the same registration again replaces its secret, and keeps what was not specified', async () => {
    const scope = ['--extra-scope', 'https://management.azure.com/user_impersonation'];
    const named = ['--name', 'At work', '--at', '7:00', '--zone', 'Asia/Seoul', '--sign-in', 'browser'];
    await run('import', envFile, ...named, ...scope);
    const before = settings().profiles;
    const renewed = envWith({ CLIENT_SECRET: 'abc8Q~a-newer-secret-of-the-tests-012345' });
    const { code, err } = await run('import', renewed);
    expect(code).toBe(0);
    expect(err).toContain('0 7 * * * in Asia/Seoul');
    expect(err).toContain('signs in with the system browser');
    expect(settings().profiles).toEqual(before);
    expect(settings().profiles).toMatchObject([{ signIn: 'browser' }]);
    expect(stored()).toContain('a-newer-secret');
    expect(stored()).not.toContain(SECRET);
    const others = ['--name', 'At home', '--every', '6h', '--sign-in', 'window'];
    await run('import', renewed, '--profile', 'default', ...others);
    expect(settings().profiles).toMatchObject([
      { name: 'At home', schedule: { everyHours: 6 }, extraScopes: [[scope[1]]], signIn: 'window' },
    ]);
  });

  test('another registration does not replace an existing one, and both next steps are named', async () => {
    await run('import', envFile, '--at', '7:00', '--zone', 'Asia/Seoul');
    const before = [settings(), stored()];
    const clientId = '99999999-8888-7777-6666-555555555555';
    const other = envWith({ CLIENT_ID: clientId, CLIENT_SECRET: 'abc8Q~a-foreign-secret-of-tests-01234567' });
    const { code, out, err } = await run('import', other);
    expect([code, out]).toEqual([2, '']);
    for (const part of [clientId, profile.clientId, '--profile ID', '--profile default'])
      expect(err).toContain(part);
    expect([settings(), stored()]).toEqual(before);
    expect((await run('import', other, '--profile', 'work')).code).toBe(0);
    expect(settings().profiles).toMatchObject([{ clientId: profile.clientId }, { id: 'work', clientId }]);
    expect((await run('import', other, '--profile', 'default')).code).toBe(0);
    // The new registration has nothing of the old one.
    expect(settings().profiles).toMatchObject([{ id: 'default', clientId }, { id: 'work' }]);
    expect(JSON.stringify(settings().profiles)).not.toContain('Seoul');
  });

  test('profiles are listed, one is the default, and one can be removed with all its data', async () => {
    expect((await run('profiles')).err).toContain('tokentray import FILE');
    await run('import', envFile);
    const tokenFile = path.join(home.directory, 'token');
    writeFileSync(tokenFile, 'a token');
    noteWritten(tokenFile, 'a token');
    await run('import', envFile, '--profile', 'work', '--token-file', tokenFile);
    expect((await run('profiles')).out).toMatch(/^\* default .*\n {2}work .*\n$/u);
    expect((await run('profiles', 'default', 'work')).code).toBe(0);
    const listed = JSON.parse((await run('profiles', '--json')).out) as Record<string, unknown>;
    expect(listed).toMatchObject({ default: 'work', profiles: [{ id: 'default' }, { id: 'work' }] });
    const unknown = await run('profiles', 'remove', 'nobody');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('default, work');
    const removed = await run('profiles', 'remove', 'work');
    expect(removed.code).toBe(0);
    expect(removed.err).toContain(`Deleted its token file: ${tokenFile}`);
    expect(existsSync(tokenFile)).toBe(false);
    expect(readdirSync(home.places.vaultDirectory).join()).not.toContain('work');
    expect(settings()).toMatchObject({ profiles: [{ id: 'default' }], tokenFiles: [] });
    expect((await run('profiles')).out).toMatch(/^\* default/u);
  });

  test.each([
    ['a file that somebody else wrote', (at: string): void => writeFileSync(at, 'a letter')],
    ['a directory', (at: string): void => mkdirSync(at)],
  ])('%s in the place of a token file is left by the removal, which says so', async (_what, make) => {
    const tokenFile = path.join(home.directory, 'token');
    await run('import', envFile, '--profile', 'work', '--token-file', tokenFile);
    make(tokenFile);
    const removed = await run('profiles', 'remove', 'work', '--json');
    expect(removed.code).toBe(0);
    expect(JSON.parse(removed.out)).toMatchObject({
      removed: 'work',
      tokenFiles: [{ path: tokenFile, kind: 'left' }],
    });
    expect(existsSync(tokenFile)).toBe(true);
    expect(settings()).toMatchObject({ profiles: [], tokenFiles: [] });
  });

  test('a missing token file is not reported as deleted', async () => {
    await run('import', envFile, '--profile', 'work', '--token-file', path.join(home.directory, 'token'));
    expect((await run('profiles', 'remove', 'work')).err).not.toContain('token file');
  });
});

describe('a running host is asked to do it', () => {
  const put: Registration[] = [];
  const calls: string[] = [];

  beforeEach(async () => {
    put.length = 0;
    calls.length = 0;
    owner = await ownHome(home.places, {
      registrations: {
        put: (registration) => {
          put.push(registration);
          return Promise.resolve();
        },
        remove: (id) => {
          calls.push(`remove ${id}`);
          return Promise.resolve(undefined);
        },
        setDefault: (id) => {
          calls.push(`default ${id}`);
          return Promise.resolve();
        },
        change: () => Promise.reject(new Error('not asked for')),
        addTokenFile: () => Promise.reject(new Error('not asked for')),
        removeTokenFile: () => Promise.reject(new Error('not asked for')),
        reload: () => Promise.reject(new Error('not asked for')),
      },
    });
  });

  test('import passes the registration to it', async () => {
    const { code, out, err } = await run('import', envFile, '--profile', 'work', '--default');
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(err).toContain('now uses it');
    expect(put).toMatchObject([
      { profile: { id: 'work' }, rank: 'default', credential: { kind: 'secret' }, replaces: 'any' },
    ]);
    const [{ credential }] = put as [Registration];
    expect(credential?.kind === 'secret' && credential.secret.reveal()).toBe(SECRET);
    expect(existsSync(home.places.settingsFile)).toBe(false);
    await run('import', envFile);
    expect(put[1]).toMatchObject({ profile: { id: 'default' }, replaces: 'same' });
  });

  test('what it cannot do is refused', async () => {
    const ca = path.join(home.directory, 'ca.pem');
    writeFileSync(ca, createClientCertificate('a proxy').certificatePem);
    const { code, err } = await run('import', envFile, '--ca-file', ca);
    expect(code).toBe(2);
    expect(err).toContain('while Tokentray is running');
    expect(put).toEqual([]);
    const storage = await run('storage', 'plain-file');
    expect(storage.code).toBe(1);
    expect(storage.err).toContain(`process ${process.pid}`);
  });

  test('it changes the profiles', async () => {
    mkdirSync(home.places.configDirectory, { recursive: true });
    writeFileSync(home.places.settingsFile, JSON.stringify({ schemaVersion: 1, profiles: [profile] }));
    expect((await run('profiles', 'default', 'default')).code).toBe(0);
    expect((await run('profiles', 'remove', 'default')).code).toBe(0);
    expect(calls).toEqual(['default default', 'remove default']);
  });
});
