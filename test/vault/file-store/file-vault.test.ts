import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeKeyFile } from '../../../src/vault/file-store/file-key.ts';
import { openVault } from '../../../src/vault/open-vault.ts';
import { Secret } from '../../../src/system/secret.ts';
import type { StorageChoice } from '../../../src/vault/store/storage-choice.ts';
import { fileNameOf } from '../../../src/vault/store/store.ts';
import type { Vault } from '../../../src/vault/store/vault.ts';

const run = promisify(execFile);
const NAME = 'default/msal-cache';
const NOW = Date.parse('2026-11-22T08:00:00Z');

let home: string;
let directory: string;
let keyFile: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vault-'));
  directory = join(home, 'vault');
  keyFile = join(home, 'key');
  await makeKeyFile(keyFile);
});
afterEach(() => rm(home, { recursive: true }));

const withKey = (path = keyFile): StorageChoice => ({
  kind: 'encrypted-file',
  key: { kind: 'key-file', path },
});

const kinds = ['encrypted', 'plain'] as const;
type Kind = (typeof kinds)[number];

function open(kind: Kind, where = directory): Promise<Vault> {
  return openVault({ storage: kind === 'plain' ? 'plain-file' : withKey(), directory: where });
}

const fileOf = (kind: Kind, name = NAME): string =>
  join(directory, `${fileNameOf(name)}.${kind === 'plain' ? 'plain' : 'sealed'}`);

const refused = (message: RegExp) => ({
  name: 'VaultError',
  kind: 'refused',
  message: expect.stringMatching(message) as string,
});

test.each(kinds)('what is saved to %s files is available after the next start', async (kind) => {
  const backend = kind === 'plain' ? 'plain-file' : 'encrypted-file';
  for (const text of ['', '{}', 'a\0b', '"', '\ud800', 'żółć 🔑\n'.repeat(5000)]) {
    const vault = await open(kind);
    expect(vault.backend).toBe(backend);
    expect(vault.unavailable).toBeUndefined();
    await vault.item(NAME).save(text);
    expect(await (await open(kind)).item(NAME).load()).toBe(text);
  }
});

test.each(kinds)(
  '%s files are the user’s alone, replaced whole, and removed without a trace',
  async (kind) => {
    const vault = await open(kind);
    const before = await readdir(directory);
    await vault.item(NAME).save('one');
    const first = await stat(fileOf(kind));
    await vault.item(NAME).save('two');
    const second = await stat(fileOf(kind));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(second.mode & 0o777).toBe(0o600);
    expect(second.ino, 'renamed over, not written in place').not.toBe(first.ino);
    await vault.item(NAME).remove();
    await vault.item(NAME).remove();
    await vault.selfTest();
    expect(await readdir(directory)).toEqual(before);
  },
);

test('encrypted files show nothing of the content, and never the same bytes twice', async () => {
  const item = (await open('encrypted')).item(NAME);
  await item.save('very-secret-content');
  const first = await readFile(fileOf('encrypted'), 'utf8');
  await item.save('very-secret-content');
  const second = await readFile(fileOf('encrypted'), 'utf8');
  const parts = (text: string) => JSON.parse(text) as { nonce: string; data: string };
  expect(parts(second).nonce).not.toBe(parts(first).nonce);
  expect(parts(second).data).not.toBe(parts(first).data);
  for (const file of await readdir(directory)) {
    const bytes = await readFile(join(directory, file), 'utf8');
    expect(bytes).not.toContain('very-secret');
    expect(bytes).not.toContain(Buffer.from('very-secret').toString('base64').slice(0, 12));
  }
});

const damages: readonly (readonly [string, (file: string) => Promise<void>])[] = [
  ['empty', (file) => writeFile(file, '')],
  ['filled with NUL', async (file) => writeFile(file, Buffer.alloc((await stat(file)).size))],
  ['cut off in the middle', async (file) => truncate(file, (await stat(file)).size >> 1)],
  ['without its last two bytes', async (file) => truncate(file, (await stat(file)).size - 2)],
  ['garbage', (file) => writeFile(file, 'eyJ.not.ours')],
  ['another program’s JSON', (file) => writeFile(file, '{"AccessToken":{}}')],
];

test.each(kinds.flatMap((kind) => damages.map(([what, damage]) => ({ kind, what, damage }))))(
  'a $kind file that is $what is corrupt, is set aside, and the next sign-in is kept',
  async ({ kind, damage }) => {
    const item = (await open(kind)).item(NAME);
    await item.save('very-secret-content'.repeat(20));
    await damage(fileOf(kind));
    const error: unknown = await item.load().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'VaultError', kind: 'corrupt' });
    expect(String(error)).not.toContain('eyJ');
    const bytes = await readFile(fileOf(kind));
    const aside = await item.quarantine(NOW);
    expect(await readFile(fileOf(kind, aside))).toEqual(bytes);
    expect(await item.load()).toBeUndefined();
    await item.save('new');
    expect(await (await open(kind)).item(NAME).load()).toBe('new');
  },
);

test.each(['nonce', 'tag', 'data'])('an encrypted file whose %s was changed is corrupt', async (part) => {
  const item = (await open('encrypted')).item(NAME);
  await item.save('text');
  const sealed = JSON.parse(await readFile(fileOf('encrypted'), 'utf8')) as Record<string, string>;
  const bytes = Buffer.from(sealed[part] ?? '', 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(fileOf('encrypted'), JSON.stringify({ ...sealed, [part]: bytes.toString('base64') }));
  await expect(item.load()).rejects.toMatchObject({ kind: 'corrupt' });
});

test('a shortened tag is not accepted: it could be guessed', async () => {
  const item = (await open('encrypted')).item(NAME);
  await item.save('text');
  const sealed = JSON.parse(await readFile(fileOf('encrypted'), 'utf8')) as { tag: string };
  const tag = Buffer.from(sealed.tag, 'base64').subarray(0, 4).toString('base64');
  await writeFile(fileOf('encrypted'), JSON.stringify({ ...sealed, tag }));
  await expect(item.load()).rejects.toMatchObject({ kind: 'corrupt' });
});

test.each(kinds)(
  'a %s file moved to another item’s name is corrupt, not that item’s content',
  async (kind) => {
    const vault = await open(kind);
    await vault.item('work/msal-cache').save('another profile’s');
    await rename(fileOf(kind, 'work/msal-cache'), fileOf(kind));
    await expect(vault.item(NAME).load()).rejects.toMatchObject({ kind: 'corrupt' });
  },
);

test('an item that was encrypted with another key is corrupt; the others are not', async () => {
  const vault = await open('encrypted');
  await vault.item(NAME).save('ours');
  await vault.item('other').save('ours too');
  const foreign = join(home, 'foreign');
  const otherKey = join(home, 'other-key');
  await makeKeyFile(otherKey);
  const theirs = await openVault({ storage: withKey(otherKey), directory: foreign });
  await theirs.item(NAME).save('theirs');
  await rename(join(foreign, `${fileNameOf(NAME)}.sealed`), fileOf('encrypted'));
  await expect(vault.item(NAME).load()).rejects.toMatchObject({ kind: 'corrupt' });
  expect(await vault.item('other').load()).toBe('ours too');
});

test.each(kinds)('a %s file of a later version is refused, and not set aside as damaged', async (kind) => {
  const item = (await open(kind)).item(NAME);
  await item.save('text');
  const later = JSON.parse(await readFile(fileOf(kind), 'utf8')) as object;
  await writeFile(fileOf(kind), JSON.stringify({ ...later, version: 2 }));
  await expect(item.load()).rejects.toMatchObject(refused(/version 2.*update/u));
});

test.each(kinds)(
  'half a file that a crash left beside a %s one changes nothing and does not stay',
  async (kind) => {
    const item = (await open(kind)).item(NAME);
    await item.save('good');
    await writeFile(`${fileOf(kind)}.new`, '{"format":');
    expect(await (await open(kind)).item(NAME).load()).toBe('good');
    await item.save('better');
    expect(await item.load()).toBe('better');
    expect((await readdir(directory)).filter((file) => file.endsWith('.new'))).toEqual([]);
  },
);

test.each(kinds)('a planted file under the temporary name of a %s file is not written into', async (kind) => {
  const item = (await open(kind)).item(NAME);
  const elsewhere = join(home, 'elsewhere');
  await writeFile(elsewhere, 'not ours');
  await symlink(elsewhere, `${fileOf(kind)}.new`);
  await item.save('one');
  expect(await readFile(elsewhere, 'utf8')).toBe('not ours');
  expect((await lstat(fileOf(kind))).isFile()).toBe(true);
  await writeFile(`${fileOf(kind)}.new`, '');
  await chmod(`${fileOf(kind)}.new`, 0o666);
  await item.save('two');
  expect((await stat(fileOf(kind))).mode & 0o777).toBe(0o600);
  expect(await item.load()).toBe('two');
});

test.each(kinds)('a directory for %s files that others may enter is closed to them', async (kind) => {
  await mkdir(directory);
  await chmod(directory, 0o777);
  await open(kind);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

// Only root can change the owner of a directory.
test.runIf(process.getuid?.() === 0).each(kinds)(
  'a directory for %s files that is another user’s is refused, and left as it is',
  async (kind) => {
    await mkdir(directory, { mode: 0o755 });
    await chown(directory, 12_345, 12_345);
    await expect(open(kind)).rejects.toMatchObject(refused(/belongs to user id 12345, wanted 0/u));
    expect((await stat(directory)).mode & 0o777).toBe(0o755);
    expect(await readdir(directory)).toEqual([]);
  },
);

test.each(kinds)('a full disk is an error that says so, and the old %s content stays', async (kind) => {
  await mkdir(directory);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', directory]);
  try {
    const item = (await open(kind)).item(NAME);
    await item.save('good');
    await writeFile(join(directory, 'ballast'), Buffer.alloc(200 * 1024));
    await expect(item.save('x'.repeat(100_000))).rejects.toMatchObject(refused(/disk is full.*ENOSPC/u));
    expect(await item.load()).toBe('good');
    // An unfinished file must not keep the disk full.
    expect((await readdir(directory)).filter((file) => file.endsWith('.new'))).toEqual([]);
    await rm(join(directory, 'ballast'));
    await item.save('x'.repeat(100_000));
    expect(await (await open(kind)).item(NAME).load()).toHaveLength(100_000);
  } finally {
    await run('umount', [directory]);
  }
});

test.each(kinds)(
  'a read-only file system is an error that says so, and the old %s content stays',
  async (kind) => {
    await mkdir(directory);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', directory]);
    try {
      const item = (await open(kind)).item(NAME);
      await item.save('good');
      await run('mount', ['-o', 'remount,ro', directory]);
      await expect(item.save('more')).rejects.toMatchObject(refused(/read-only.*EROFS/u));
      await expect(item.remove()).rejects.toMatchObject(refused(/read-only.*EROFS/u));
      expect(await item.load()).toBe('good');
      // The next start cannot use it either, and does not store anything elsewhere.
      await expect(open(kind)).rejects.toMatchObject(refused(/read-only.*EROFS/u));
    } finally {
      await run('umount', [directory]);
    }
  },
);

test.each(kinds)('a directory that cannot be made is refused for %s files', async (kind) => {
  await expect(open(kind, join(keyFile, 'vault'))).rejects.toMatchObject(refused(/ENOTDIR/u));
});

test('a wrong key is refused by name, and nothing is touched', async () => {
  const vault = await open('encrypted');
  await vault.item(NAME).save('kept');
  const before = await snapshot();
  const otherKey = join(home, 'other-key');
  await makeKeyFile(otherKey);
  const wrong = openVault({ storage: withKey(otherKey), directory });
  await expect(wrong).rejects.toMatchObject(refused(/other-key is not the key that .* was encrypted with/u));
  expect(await snapshot()).toEqual(before);
  expect(await (await open('encrypted')).item(NAME).load()).toBe('kept');
});

async function snapshot(): Promise<Record<string, string>> {
  const files = await readdir(directory);
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, await readFile(join(directory, file), 'utf8')] as const),
    ),
  );
}

test('if nothing is stored yet, another key is accepted', async () => {
  await (await open('encrypted')).selfTest();
  await rm(keyFile);
  await makeKeyFile(keyFile);
  const vault = await open('encrypted');
  await vault.item(NAME).save('text');
  expect(await (await open('encrypted')).item(NAME).load()).toBe('text');
});

test.each([
  ['is missing', (file: string) => rm(file), /vault-key.json is missing.*sign in again/u],
  [
    'is damaged',
    (file: string) => writeFile(file, '{"format":'),
    /vault-key.json is damaged.*sign in again/u,
  ],
  [
    'is of a later version',
    (file: string) => writeFile(file, '{"format":"tokentray vault key","version":2}'),
    /version 2.*update/u,
  ],
])('if the record of the key %s, the items are not touched', async (_what, spoil, reason) => {
  const vault = await open('encrypted');
  await vault.item(NAME).save('kept');
  const file = join(directory, 'vault-key.json');
  const good = await readFile(file);
  await spoil(file);
  const before = await snapshot();
  await expect(open('encrypted')).rejects.toMatchObject(refused(reason));
  expect(await snapshot()).toEqual(before);
  await writeFile(file, good);
  expect(await (await open('encrypted')).item(NAME).load()).toBe('kept');
});

test.each([
  { N: 3 },
  { N: 0 },
  { N: 1.5 },
  { N: 2 },
  { N: 2 ** 21 },
  { r: 0 },
  { p: 0 },
  { r: -1 },
  { p: 9 },
  { salt: '' },
])('a record of a passphrase’s key with %j is damaged, not a RangeError', async (change) => {
  const askPassphrase = (): Promise<Secret> => Promise.resolve(new Secret('correct horse'));
  const storage: StorageChoice = { kind: 'encrypted-file', key: { kind: 'passphrase' } };
  await (await open('plain')).item(NAME).save('text');
  await writeFile(fileOf('encrypted'), '{}');
  const derivation = { kdf: 'scrypt', salt: 'AAAA', N: 2 ** 14, r: 8, p: 1, ...change };
  const record = { format: 'tokentray vault key', version: 1, derivation, check: 'x' };
  await writeFile(join(directory, 'vault-key.json'), JSON.stringify(record));
  await expect(openVault({ storage, directory, askPassphrase })).rejects.toMatchObject(
    refused(/vault-key.json is damaged/u),
  );
});

test('many processes that open a new vault at once agree on one key', async () => {
  let asked = 0;
  const askPassphrase = () => {
    asked += 1;
    return Promise.resolve(new Secret('correct horse'));
  };
  const storage: StorageChoice = { kind: 'encrypted-file', key: { kind: 'passphrase' } };
  const vaults = await Promise.all([1, 2, 3].map(() => openVault({ storage, directory, askPassphrase })));
  expect(asked).toBe(3);
  for (const [index, vault] of vaults.entries()) await vault.item(`item-${index}`).save('text');
  for (const vault of vaults) {
    for (const index of vaults.keys()) expect(await vault.item(`item-${index}`).load()).toBe('text');
  }
  expect((await readdir(directory)).filter((file) => file.includes('.new'))).toEqual([]);
});

test('a passphrase opens what it closed; a wrong one is refused and changes nothing', async () => {
  const asked: string[] = [];
  const openWith = (passphrase: string) =>
    openVault({
      storage: { kind: 'encrypted-file', key: { kind: 'passphrase' } },
      directory,
      askPassphrase: (vault) => {
        asked.push(vault);
        return Promise.resolve(new Secret(passphrase));
      },
    });
  await expect(openWith('')).rejects.toMatchObject(refused(/no passphrase/u));
  // The same text, composed and decomposed.
  await (await openWith('Stra\u00dfe \u00e9')).item(NAME).save('kept');
  expect(await (await openWith('Stra\u00dfe e\u0301')).item(NAME).load()).toBe('kept');
  expect(asked).toEqual(['new', 'new', 'existing']);
  const before = await snapshot();
  const error: unknown = await openWith('guess').catch((caught: unknown) => caught);
  expect(error).toMatchObject(refused(/passphrase does not fit/u));
  expect(String(error)).not.toContain('guess');
  expect(await snapshot()).toEqual(before);

  await (await openWith('Stra\u00dfe \u00e9')).item(NAME).remove();
  await expect(openWith('mistyped'), 'also where nothing is stored').rejects.toMatchObject(
    refused(/does not fit/u),
  );
  await (await openWith('Stra\u00dfe \u00e9')).item(NAME).save('again');
  await expect(open('encrypted')).rejects.toMatchObject(refused(/encrypted with a passphrase/u));
});

test('plain and encrypted files in one directory do not disturb each other', async () => {
  const [plain, encrypted] = [await open('plain'), await open('encrypted')];
  await plain.item(NAME).save('plain');
  expect(await encrypted.item(NAME).load()).toBeUndefined();
  await encrypted.item(NAME).save('encrypted');
  await plain.item(NAME).remove();
  expect(await (await open('encrypted')).item(NAME).load()).toBe('encrypted');
});

test('in a directory that others may enter the files are the user’s alone', async () => {
  await mkdir(directory);
  await chmod(directory, 0o755);
  await (await open('plain')).item(NAME).save('text');
  expect((await stat(fileOf('plain'))).mode & 0o777).toBe(0o600);
});
