import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLeaks } from '../../house/fixtures/leaks.ts';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { Tokentray, type Ended } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';

// The tests build on each other: from the keyring to files and back.
let keyring: Keyring;
let home: DemoHome;
let tokentray: Tokentray;
let keyFile: string;
let vaultDirectory: string;

beforeAll(async () => {
  keyring = await startKeyring();
  home = await makeDemoHome(keyring.env);
  tokentray = new Tokentray(home.env);
  keyFile = path.join(home.directory, 'keys', 'tokentray.key');
  vaultDirectory = path.join(home.directory, 'home', 'state', 'vault');
});

afterAll(async () => {
  tokentray.killAll();
  await home.tenant.close();
  await keyring.stop();
});

const run = (...args: string[]): Promise<Ended> => tokentray.run(...args);

/** Whether the stored secret can be read and the authority accepts it. */
async function credential(): Promise<string> {
  const { out } = await run('doctor', '--json');
  const { checks } = JSON.parse(out) as { checks: { name: string; kind: string }[] };
  return checks.find(({ name }) => name === 'credential')?.kind ?? 'none';
}

const secretsOnDisk = (): object[] =>
  findLeaks({
    directories: [path.join(home.directory, 'home')],
    texts: {},
    secrets: { 'client secret': [home.tenant.client.clientSecret] },
  });

test('the keyring is used if there is one', async () => {
  expect((await run('import', home.envFile)).code).toBe(0);
  const { code, out } = await run('storage');
  expect(code).toBe(0);
  expect(out).toContain('the Secret Service');
  expect(JSON.parse((await run('storage', '--json')).out)).toEqual({
    schemaVersion: 1,
    storage: 'auto',
    backend: 'secret-service',
  });
});

test('everything moves to encrypted files, and their key is created', async () => {
  const { code, err } = await run('storage', 'encrypted-file', '--key-file', keyFile);
  expect(code).toBe(0);
  expect(err).toContain(keyFile);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(await keyring.items(home.vaultService)).toEqual([]);
  expect(secretsOnDisk()).toEqual([]);
  expect(await credential()).toBe('ok');
});

test('a wrong key is refused by name, and nothing is lost', async () => {
  const right = `${keyFile}.right`;
  renameSync(keyFile, right);
  writeFileSync(keyFile, Buffer.alloc(40, 7).toString('base64'), { mode: 0o600 });
  const { code, out, err } = await run('storage', '--json');
  expect(code).toBe(14);
  expect(JSON.parse(out)).toMatchObject({ error: { kind: 'storage', code: 'storage.unusable' } });
  expect(err).toContain(`${keyFile} is not the key`);
  const doctor = await run('doctor');
  expect(doctor.code).toBe(14);
  expect(doctor.out).toContain(`${keyFile} is not the key`);
  expect((await run('storage', 'auto')).code).toBe(14);
  renameSync(right, keyFile);
  expect(await credential()).toBe('ok');
});

test('nothing moves to a locked keyring, and everything stays where it is', async () => {
  await keyring.lock();
  const { code, err } = await run('storage', 'auto');
  expect(code).toBe(14);
  expect(err).toContain('keyring is locked');
  expect(await credential()).toBe('ok');
  await keyring.unlock();
});

test('a new passphrase is asked for twice, later once, and never shown', async () => {
  // From the keyring, because all files of a directory share one key.
  expect((await run('storage', 'auto')).code).toBe(0);
  expect((await keyring.items(home.vaultService)).length).toBe(1);
  const typed = 'correct horse';
  const asked = await tokentray.runOnTerminal(
    ['storage', 'encrypted-file', '--passphrase'],
    [
      { after: 'New passphrase', type: `${typed}\r` },
      { after: 'Repeat the passphrase', type: 'battery staple\r' },
      { after: 'New passphrase', type: `${typed}!\u007f\r` },
      { after: 'Repeat the passphrase', type: `${typed}\r` },
    ],
  );
  expect(asked.code).toBe(0);
  expect(asked.out).toContain('do not match');
  expect(asked.out).not.toContain('horse');
  expect(await keyring.items(home.vaultService)).toEqual([]);
  const given = new Tokentray({ ...home.env, TOKENTRAY_PASSPHRASE: typed });
  const back = await given.run('storage', 'plain-file');
  expect(back.code).toBe(0);
  expect(back.err).toContain('unencrypted');
  expect(secretsOnDisk()).toHaveLength(1);
});

test('Ctrl-C at the question ends the command and changes nothing', async () => {
  const asked = await tokentray.runOnTerminal(
    ['storage', 'encrypted-file', '--passphrase'],
    [{ after: 'New passphrase', type: 'half\u0003' }],
  );
  expect(asked.code).toBe(130);
  expect(await credential()).toBe('ok');
});

test('nothing is moved while a host is running', async () => {
  const serving = await tokentray.serve();
  const { code, err } = await run('storage', 'auto');
  expect(code).toBe(1);
  expect(err).toContain(`process ${serving.pid}`);
  await serving.end();
});

test('memory keeps nothing', async () => {
  const { code, err } = await run('storage', 'memory');
  expect(code).toBe(0);
  expect(err).toContain('deleted');
  // The list of names in the keyring is not secret, and stays.
  expect(readdirSync(vaultDirectory).filter((name) => !name.endsWith('.marker'))).toEqual([]);
  expect(readFileSync(path.join(home.directory, 'home', 'config', 'settings.json'), 'utf8')).toContain(
    '"memory"',
  );
});
