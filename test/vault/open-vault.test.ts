import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVault } from '../../src/vault/open-vault.ts';
import type { Vault } from '../../src/vault/store/vault.ts';
import { fakeExtensions, type FakeExtensions } from './fixtures/fake-extensions.ts';

let directory: string;
let fake: FakeExtensions;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vault-'));
  fake = fakeExtensions();
});
afterEach(() => rm(directory, { recursive: true }));

function open(more: Partial<Parameters<typeof openVault>[0]> = {}): Promise<Vault> {
  const loadExtensions = () => Promise.resolve(fake);
  return openVault({ storage: 'auto', platform: 'linux', directory, loadExtensions, ...more });
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test.each([
  ['linux', 'secret-service'],
  ['darwin', 'keychain'],
  ['win32', 'dpapi'],
] as const)('on %s a store that proves itself is used: %s', async (platform, backend) => {
  const vault = await open({ platform });
  expect(vault.backend).toBe(backend);
  expect(vault.unavailable).toBeUndefined();
});

test('the self-test leaves nothing behind', async () => {
  await open();
  expect(fake.calls[0]).toMatch(/^save self-test\//u);
  expect([...fake.contents.keys()]).toEqual([]);
});

test.each([
  [
    'Failed to load keytar native addon, checked ["../build"] on linux-x64',
    { kind: 'absent', detail: 'libsecret or the keytar add-on is not installed' },
  ],
  ['something else', { kind: 'failed', detail: 'something else' }],
] as const)('without the native part (%s) the vault is in memory and says why', async (message, why) => {
  const vault = await open({ loadExtensions: () => Promise.reject(new Error(message)) });
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable).toEqual(why);
  await vault.item('a').save('works');
  expect(await vault.item('a').load()).toBe('works');
});

test('a store that fails the self-test is not used, and its reason contains no secrets', async () => {
  fake.failure = 'no D-Bus here, access_token=abcdef';
  const vault = await open();
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable).toEqual({ kind: 'failed', detail: 'no D-Bus here, access_token=[secret]' });
});

test('a store that forgets what it was given is not used', async () => {
  fake.contents.set = () => fake.contents;
  const vault = await open();
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable?.detail).toMatch(/self-test/u);
});

test('a directory that cannot be made is a reason, not a crash', async () => {
  const vault = await open({ directory: '/dev/null/vault', platform: 'win32' });
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable?.detail).toMatch(/ENOTDIR/u);
});

test('a store that hangs does not hold up the start, and is used when it answers', async () => {
  const door = gate();
  fake.gate = door.opened;
  const vault = await open({ openLimitMs: 50 });
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable).toEqual({ kind: 'silent', detail: 'no answer within 0.05 s' });
  // The default limit ends process.exit by a signal while the call hangs, but not after it has completed.
  expect(process.listenerCount('exit')).toBe(exitListeners + 1);
  await vault.item('a').save('text');

  door.open();
  await expect.poll(() => process.listenerCount('exit')).toBe(exitListeners);
  await expect.poll(() => vault.unavailable).toBeUndefined();
  expect(vault.backend).toBe('secret-service');
  expect([...fake.contents]).toEqual([['tokentray:a', '"text"']]);
});
const exitListeners = process.listenerCount('exit');

test('an import that hangs does not hold up the start either', async () => {
  const door = gate();
  const loadExtensions = () => door.opened.then(() => fake);
  const vault = await open({ openLimitMs: 50, loadExtensions });
  expect(vault.backend).toBe('memory');
  door.open();
});
