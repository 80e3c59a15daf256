import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { Vault } from '../../../src/vault/store/vault.ts';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';

/** The real msal-node-extensions, keytar, libsecret and GNOME Keyring, in this process. */
const NOW = Date.parse('2026-11-22T08:00:00Z');
const NAME = 'default/msal-cache';

let keyring: Keyring;
let directory: string;
let count = 0;
let serviceName: string;

beforeAll(async () => {
  keyring = await startKeyring();
  Object.assign(process.env, keyring.env);
  directory = await mkdtemp(join(tmpdir(), 'vault-'));
});
beforeEach(() => {
  count += 1;
  serviceName = `tokentray-test-${count}`;
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await keyring.stop();
});

async function open(more: { openLimitMs?: number; callLimitMs?: number } = {}): Promise<Vault> {
  return openVault({ storage: 'auto', directory: join(directory, 'state'), serviceName, ...more });
}

async function openForSure(more: { callLimitMs?: number } = {}): Promise<Vault> {
  const vault = await open(more);
  expect(vault.unavailable).toBeUndefined();
  expect(vault.backend).toBe('secret-service');
  return vault;
}

test.each(['', '{}', 'a\0b', JSON.stringify({ text: 'żółć 🔑 "'.repeat(6000) })])(
  'what is saved is available after the next start (%#)',
  async (text) => {
    await (await openForSure()).item(NAME).save(text);
    expect(await (await openForSure()).item(NAME).load()).toBe(text);
  },
);

test('content is in the keyring and nowhere else: the files beside it hold nothing', async () => {
  await (await openForSure()).item(NAME).save('very-secret-content');
  expect(await keyring.secretValues(serviceName)).toEqual(['"very-secret-content"']);
  const state = join(directory, 'state');
  const files = await readdir(state);
  expect(files).not.toEqual([]);
  for (const file of files) expect(['', '{}']).toContain(await readFile(join(state, file), 'utf8'));
});

test('the self-test leaves nothing behind', async () => {
  await openForSure();
  expect(await keyring.items(serviceName)).toEqual([]);
  expect((await readdir(join(directory, 'state'))).filter((file) => file.startsWith('self-test'))).toEqual(
    [],
  );
});

test('calls that are made at once are carried out in their order', async () => {
  const item = (await openForSure()).item(NAME);
  const first = item.load();
  const calls = [item.save('1'), item.remove(), item.remove(), item.save('2'), item.save('3')];
  const after = item.load();
  await Promise.all(calls);
  expect(await first).toBeUndefined();
  expect(await after).toBe('3');
  await Promise.all([item.save('4'), item.remove()]);
  expect(await item.load()).toBeUndefined();
  expect(await keyring.items(serviceName)).toEqual([]);
});

test('content that another program damaged is detected and set aside where it can be found', async () => {
  await keyring.plant(NAME, '{"AccessToken":{', serviceName);
  const item = (await openForSure()).item(NAME);
  await expect(item.load()).rejects.toMatchObject({ kind: 'corrupt' });
  const aside = await item.quarantine(NOW);
  expect(await item.load()).toBeUndefined();
  expect(await keyring.items(serviceName)).toContainEqual({ account: aside, length: 16 });
  await item.remove();
  expect(await keyring.items(serviceName), 'and a sign-out leaves nothing of it').toEqual([]);
});

test('two vaults with different services share nothing', async () => {
  await (await openForSure()).item(NAME).save('one');
  serviceName += '-other';
  const other = (await openForSure()).item(NAME);
  expect(await other.load()).toBeUndefined();
});

test('a keyring that does not answer does not hold up the start or a call', async () => {
  const item = (await openForSure({ callLimitMs: 1500 })).item(NAME);
  await item.save('kept');
  keyring.freeze();
  try {
    const vault = await open({ openLimitMs: 300 });
    expect(vault.backend).toBe('memory');
    expect(vault.unavailable).toEqual({ kind: 'silent', detail: 'no answer within 0.3 s' });
    await expect(item.load()).rejects.toMatchObject({
      message: expect.stringMatching(/did not answer/u) as string,
    });
  } finally {
    keyring.thaw();
  }
  await expect.poll(() => item.load().catch(() => 'not yet')).toBe('kept');
  await expect.poll(() => keyring.items(serviceName)).toEqual([{ account: NAME, length: 6 }]);
});

test('a keyring locked in mid-session is an error and loses nothing', async () => {
  const item = (await openForSure()).item(NAME);
  await item.save('kept');
  await keyring.lock();
  await expect(item.load()).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/locked/u) as string,
  });
  await expect(item.save('other')).rejects.toMatchObject({ kind: 'refused' });
  await expect(item.remove()).rejects.toMatchObject({ kind: 'refused' });
  await keyring.unlock();
  expect(await item.load()).toBe('kept');
  expect(await keyring.secretValues(serviceName)).toEqual(['"kept"']);
});
