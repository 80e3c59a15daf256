import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVault } from '../../../src/vault/open-vault.ts';
import { fileNameOf } from '../../../src/vault/store/store.ts';
import { VaultError, type Vault } from '../../../src/vault/store/vault.ts';
import { fakeExtensions, type FakeExtensions } from '../fixtures/fake-extensions.ts';

const NAME = 'default/msal-cache';
const NOW = Date.parse('2026-11-22T08:00:00Z');

let directory: string;
let fake: FakeExtensions;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vault-'));
  fake = fakeExtensions();
});
afterEach(() => rm(directory, { recursive: true }));

async function open(platform: NodeJS.Platform = 'linux', callLimitMs = 5000): Promise<Vault> {
  const loadExtensions = () => Promise.resolve(fake);
  const vault = await openVault({ storage: 'auto', platform, directory, loadExtensions, callLimitMs });
  expect(vault.unavailable).toBeUndefined();
  fake.calls.length = 0;
  return vault;
}

const refused = (message: RegExp) => ({
  name: 'VaultError',
  kind: 'refused',
  message: expect.stringMatching(message) as string,
});

test('items with the same name share their content', async () => {
  const vault = await open();
  await vault.item(NAME).save('text');
  expect(await vault.item(NAME).load()).toBe('text');
  expect(await vault.item('work/msal-cache').load()).toBeUndefined();
});

test('a write that fails after the start is a VaultError with the store’s reason, and the vault stays usable', async () => {
  const item = (await open()).item(NAME);
  fake.failure = 'disk full, client_secret=hunter2';
  await expect(item.save('text')).rejects.toBeInstanceOf(VaultError);
  await expect(item.load()).rejects.toMatchObject(refused(/^disk full, client_secret=\[secret\]$/u));
  fake.failure = undefined;
  await item.save('text');
  expect(await item.load()).toBe('text');
});

test('calls are carried out one at a time, in the order they were made, whichever item they are for', async () => {
  const vault = await open();
  const [a, b] = [vault.item('a'), vault.item('b')];
  const loaded: (string | undefined)[] = [];
  const load = async () => loaded.push(await a.load());
  await Promise.all([a.save('1'), load(), b.save('x'), a.remove(), a.save('2'), load(), a.save('3'), load()]);
  expect(loaded).toEqual(['1', '2', '3']);
  const own = fake.calls.filter((call) => / [ab]$/u.test(call));
  expect(own.slice(0, 5)).toEqual(['save a', 'load a', 'save b', 'delete a', 'save a']);
});

test('a keyring that hangs in mid-session gives an error in time; what never began is never done', async () => {
  const item = (await open('linux', 50)).item(NAME);
  await item.save('before');
  let unlock = (): void => undefined;
  fake.gate = new Promise((resolve) => (unlock = resolve));
  const results = await Promise.allSettled([item.save('begun'), item.save('waiting')]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  await expect(item.load()).rejects.toMatchObject(refused(/the Secret Service did not answer/u));
  unlock();
  expect(await item.load()).toBe('begun');
  expect(fake.calls.filter((call) => call === `save ${NAME}`)).toHaveLength(2);
});

test('however many calls wait for a keyring that hangs, the process has one listener for its end', async () => {
  const before = process.listenerCount('exit');
  const item = (await open('linux', 20)).item(NAME);
  let answer = (): void => undefined;
  fake.gate = new Promise((resolve) => (answer = resolve));
  const calls = Array.from({ length: 20 }, () => item.load().catch((error: unknown) => error));
  for (const error of await Promise.all(calls)) expect(error).toMatchObject(refused(/did not answer/u));
  expect(process.listenerCount('exit')).toBe(before + 1);
  answer();
  await expect.poll(() => process.listenerCount('exit')).toBe(before);
});

test('a locked keyring is an error, not an empty one', async () => {
  const item = (await open()).item(NAME);
  await item.save('kept');
  fake.locked = true;
  await expect(item.load()).rejects.toMatchObject(refused(/locked/u));
  await expect(item.remove()).rejects.toMatchObject(refused(/locked/u));
  fake.locked = false;
  expect(await item.load()).toBe('kept');
});

test('a keyring that is unlocked during a call gives its content', async () => {
  const item = (await open()).item(NAME);
  await item.save('kept');
  fake.locked = true;
  // The first answer is “nothing”; the user unlocks the keyring for the write that follows.
  fake.calls.push = (...calls) => {
    if (calls.some((call) => call.startsWith('save'))) fake.locked = false;
    return 0;
  };
  expect(await item.load()).toBe('kept');
});

test.each(['"cut off', '{"AccessToken":', 'null', '', 'eyJ.not.ours'])(
  'stored content that is not ours (%s) is corrupt, is not quoted, and can be set aside',
  async (garbage) => {
    const item = (await open()).item(NAME);
    fake.contents.set(`tokentray:${NAME}`, garbage);
    const error: unknown = await item.load().catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'VaultError',
      kind: 'corrupt',
      message: 'the stored content is damaged',
    });
    const aside = await item.quarantine(NOW);
    expect(aside).toBe(`${NAME}.corrupt-20261122T080000Z`);
    expect(fake.contents.get(`tokentray:${aside}`)).toBe(garbage);
    expect(await item.load()).toBeUndefined();
    await item.remove();
    expect([...fake.contents.keys()], 'a sign-out leaves nothing of it').toEqual([]);
  },
);

test('of what was set aside only the newest three are kept, and a later process removes those too', async () => {
  for (const minute of [0, 1, 2, 3, 4]) {
    fake.contents.set(`tokentray:${NAME}`, `garbage ${minute}`);
    await (await open()).item(NAME).quarantine(NOW + minute * 60_000);
  }
  const kept = [...fake.contents.values()].filter((content) => content.startsWith('garbage'));
  expect(kept).toEqual(['garbage 2', 'garbage 3', 'garbage 4']);
  await (await open()).item(NAME).remove();
  expect([...fake.contents.keys()]).toEqual([]);
});

test.each(['not JSON', '{}', '[1]'])(
  'a damaged list of what was set aside (%s) does not stand in the way of a sign-out',
  async (list) => {
    const item = (await open()).item(NAME);
    await item.save('text');
    fake.contents.set(`tokentray:${NAME}.set-aside`, list);
    await item.remove();
    expect(await item.load()).toBeUndefined();
  },
);

test('a vault tests itself in the store that it uses', async () => {
  const vault = await open();
  await vault.selfTest();
  fake.failure = 'gone';
  await expect(vault.selfTest()).rejects.toMatchObject(refused(/^gone$/u));
});

test.each(['', '{}', 'a\0b', '"', '\ud800', 'żółć 🔑\n'.repeat(5000)])(
  'text comes back as it went in, on a keyring and in a DPAPI file (%#)',
  async (text) => {
    for (const platform of ['linux', 'win32'] as const) {
      const item = (await open(platform)).item(NAME);
      await item.save(text);
      expect(await item.load()).toBe(text);
    }
  },
);

test('a DPAPI file is replaced whole, is the user’s alone, and leaves no temporary file', async () => {
  const item = (await open('win32')).item(NAME);
  const file = join(directory, `${fileNameOf(NAME)}.dpapi`);
  await item.save('one');
  const first = await stat(file);
  await item.save('two');
  const second = await stat(file);
  expect(second.ino, 'renamed over, not written in place').not.toBe(first.ino);
  expect(second.mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual([`${fileNameOf(NAME)}.dpapi`]);
  await item.remove();
  await item.remove();
  expect(await readdir(directory)).toEqual([]);
});

test('half a write that a crash left beside a DPAPI file changes nothing', async () => {
  const item = (await open('win32')).item(NAME);
  await item.save('good');
  await writeFile(join(directory, `${fileNameOf(NAME)}.dpapi.new`), 'DPA');
  expect(await item.load()).toBe('good');
  await item.save('better');
  expect(await item.load()).toBe('better');
});

test.each(['another user’s bytes', ''])(
  'a DPAPI file that cannot be decrypted (%s) is set aside',
  async (bytes) => {
    const item = (await open('win32')).item(NAME);
    await writeFile(join(directory, `${fileNameOf(NAME)}.dpapi`), bytes);
    await expect(item.load()).rejects.toMatchObject({ name: 'VaultError', kind: 'corrupt' });
    const aside = await item.quarantine(NOW);
    expect(await readdir(directory)).toContain(`${fileNameOf(aside)}.dpapi`);
    expect(await item.load()).toBeUndefined();
  },
);

test('file names hold no path, no device name, and tell names apart that differ in case', () => {
  const names = [
    'default/msal-cache',
    '../../etc/passwd',
    'con',
    'C:\\x',
    'Work/a',
    'work/a',
    'work-a',
    '',
    'é'.repeat(300),
  ];
  const files = names.map(fileNameOf);
  for (const file of files) expect(file).toMatch(/^[a-z0-9-]{1,60}-[0-9a-f]{16}$|^-[0-9a-f]{16}$/u);
  expect(new Set(files).size).toBe(names.length);
});
