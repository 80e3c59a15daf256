import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeKeyFile } from '../../../src/vault/file-store/file-key.ts';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { KeySource } from '../../../src/vault/store/storage-choice.ts';
import type { Vault } from '../../../src/vault/store/vault.ts';

const run = promisify(execFile);
const NOBODY = 65534;

let home: string;
let path: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'key-'));
  path = join(home, 'key');
});
afterEach(() => rm(home, { recursive: true }));

const open = (key: KeySource, env: NodeJS.ProcessEnv = {}): Promise<Vault> =>
  openVault({ storage: { kind: 'encrypted-file', key }, directory: join(home, 'vault'), env });

const refused = (message: RegExp) => ({
  name: 'VaultError',
  kind: 'refused',
  message: expect.stringMatching(message) as string,
});

test('a new key file contains 32 random bytes and is private', async () => {
  await makeKeyFile(path);
  await makeKeyFile(`${path}2`);
  const text = await readFile(path, 'utf8');
  expect(Buffer.from(text.trimEnd(), 'base64')).toHaveLength(32);
  expect(text).not.toBe(await readFile(`${path}2`, 'utf8'));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('an existing key file is never overwritten', async () => {
  await makeKeyFile(path);
  const before = await readFile(path);
  await expect(makeKeyFile(path)).rejects.toMatchObject(refused(/is there already/u));
  expect(await readFile(path)).toEqual(before);
  await expect(makeKeyFile(join(path, 'key'))).rejects.toMatchObject(refused(/ENOTDIR/u));
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  ['is not there', () => Promise.resolve(), /key is not used: it is not there/u],
  ['is a directory', () => mkdir(path), /no regular file/u],
  ['is a named pipe without a writer', () => run('mkfifo', ['-m', '600', path]), /no regular file/u],
  ['is a device', () => symlink('/dev/zero', path), /no regular file/u],
  ['can be read by a group', () => write(0o640), /others may read it \(mode 640, wanted 600\)/u],
  ['can be read by everybody', () => write(0o604), /others may read it \(mode 604/u],
  ['is another user’s', () => write(0o600).then(() => chown(path, NOBODY, NOBODY)), /user id 65534/u],
  ['is too short', () => writeFile(path, 'x'.repeat(31), { mode: 0o600 }), /31 bytes, wanted 32/u],
  ['is too long', () => writeFile(path, Buffer.alloc(65_537), { mode: 0o600 }), /65537 bytes/u],
])('a key file that %s is refused, and nothing is written', async (_what, make, reason) => {
  await make();
  await expect(open({ kind: 'key-file', path })).rejects.toMatchObject(refused(reason));
  await expect(stat(join(home, 'vault', 'vault-key.json'))).rejects.toMatchObject({ code: 'ENOENT' });
});

async function write(mode: number): Promise<void> {
  await writeFile(path, 'x'.repeat(32));
  await chmod(path, mode);
}

test('a systemd credential is the key, and its bytes in a key file are the same key', async () => {
  const env = { CREDENTIALS_DIRECTORY: home };
  await makeKeyFile(path);
  // The mode that systemd's access lists show.
  await chmod(path, 0o440);
  const vault = await open({ kind: 'systemd-credential', name: 'key' }, env);
  await vault.item('a').save('text');
  await chmod(path, 0o400);
  expect(await (await open({ kind: 'key-file', path })).item('a').load()).toBe('text');
});

test.each([
  [{}, 'key', /CREDENTIALS_DIRECTORY is not set: .*LoadCredential=key:FILE/u],
  [{ CREDENTIALS_DIRECTORY: '/nonexistent' }, 'key', /nonexistent\/key is not used: it is not there/u],
  [{ CREDENTIALS_DIRECTORY: '/nonexistent' }, '../key', /no name of a credential/u],
  [{ CREDENTIALS_DIRECTORY: '/nonexistent' }, '', /no name of a credential/u],
])('a credential that cannot be had is refused by name (%o, “%s”)', async (env, name, reason) => {
  await expect(open({ kind: 'systemd-credential', name }, env)).rejects.toMatchObject(refused(reason));
});

test('if the passphrase cannot be asked for, the error says so', async () => {
  await expect(open({ kind: 'passphrase' })).rejects.toMatchObject(refused(/cannot be asked for/u));
});
