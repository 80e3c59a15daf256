import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { Vault } from '../../../src/vault/store/vault.ts';
import { startKeyring, type Keyring } from '../../house/fixtures/keyring.ts';
import { bundleVault, type VaultBundle } from '../fixtures/bundle.ts';

/**
 * The real keyring, in this process: libsecret keeps its connection from one test to the next, as in a host, so the
 * order of the tests matters.
 */
const NAME = 'default/last-good';

let keyring: Keyring;
let bundle: VaultBundle;
let directory: string;
let count = 0;
let serviceName: string;

beforeAll(async () => {
  [keyring, bundle] = await Promise.all([startKeyring('vanish'), bundleVault()]);
  Object.assign(process.env, keyring.env);
  directory = await mkdtemp(join(tmpdir(), 'vault-'));
});
beforeEach(() => {
  count += 1;
  serviceName = `tokentray-test-${count}`;
});
afterAll(async () => {
  await Promise.all([rm(directory, { recursive: true }), keyring.stop(), bundle.remove()]);
});

/** A limit that even a busy machine does not reach, unless the test needs a silent keyring. */
function open({
  keyringProcess,
  limitMs = 30_000,
}: { keyringProcess?: URL; limitMs?: number } = {}): Promise<Vault> {
  return openVault({
    storage: 'auto',
    directory,
    serviceName,
    openLimitMs: limitMs,
    ...(keyringProcess && { keyringProcess }),
  });
}

test('a keyring that is started after Tokentray is used from then on', async () => {
  const vault = await open();
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable).toMatchObject({ kind: 'absent' });
  await vault.item(NAME).save('signed in meanwhile');
  await vault.retry();
  expect(vault.unavailable).toMatchObject({ kind: 'absent' });

  await keyring.appear();
  await vault.retry();
  expect(vault.unavailable).toBeUndefined();
  expect(vault.backend).toBe('secret-service');
  expect(await keyring.secretValues(serviceName)).toEqual(['"signed in meanwhile"']);
});

test('a keyring that was locked at the start gives its session when it is unlocked, and takes what is new', async () => {
  await keyring.plant('kept', '"from the last time"', serviceName);
  await keyring.plant('removed', '"from the last time"', serviceName);
  await keyring.lock();
  const vault = await open();
  expect(vault.unavailable).toEqual({
    kind: 'locked',
    detail: 'Cannot create an item in a locked collection',
  });
  expect(await vault.item('kept').load()).toBeUndefined();
  await vault.item('new').save('of today');
  await vault.item('removed').remove();
  await vault.retry();
  expect(vault.unavailable).toMatchObject({ kind: 'locked' });

  await keyring.unlock();
  // A try of the vault's own may have begun before, and is shared then.
  await expect.poll(() => vault.retry().then(() => vault.unavailable)).toBeUndefined();
  expect(await vault.item('kept').load()).toBe('from the last time');
  expect(await vault.item('new').load()).toBe('of today');
  const accounts = (await keyring.items(serviceName)).map(({ account }) => account);
  expect(accounts.toSorted()).toEqual(['kept', 'new']);
});

test('a keyring that is silent at the start is used when it answers', async () => {
  keyring.freeze();
  let vault: Vault;
  try {
    vault = await open({ limitMs: 1000 });
    expect(vault.unavailable).toEqual({ kind: 'silent', detail: 'no answer within 1 s' });
    await vault.item(NAME).save('signed in meanwhile');
    await vault.retry();
    expect(vault.backend).toBe('memory');
  } finally {
    keyring.thaw();
  }
  await expect.poll(() => vault.unavailable).toBeUndefined();
  expect(await keyring.secretValues(serviceName)).toEqual(['"signed in meanwhile"']);
});

test('a keyring that is killed and started again in mid-session is reached without a restart', async () => {
  const vault = await open({ keyringProcess: bundle.keyringProcess });
  const item = vault.item(NAME);
  await item.save('before');
  await keyring.vanish();
  await expect(item.save('nobody there')).rejects.toMatchObject({ name: 'VaultError', kind: 'refused' });
  await keyring.appear();
  expect(await item.load()).toBe('before');
  await item.save('after');
  expect(await item.load()).toBe('after');
  await vault.item('other').save('\0 "żółć" '.repeat(4000));
  expect(await vault.item('other').load()).toBe('\0 "żółć" '.repeat(4000));
  await vault.selfTest();
  expect((await keyring.items(serviceName)).map(({ account }) => account).toSorted()).toEqual([
    NAME,
    'other',
  ]);

  // Again: the process started for it has lost its connection too.
  await keyring.appear();
  await expect.poll(() => item.load().catch(() => 'not yet')).toBe('after');
  await item.remove();
  expect(await item.load()).toBeUndefined();

  await keyring.lock();
  await expect(item.save('locked')).rejects.toMatchObject({
    message: expect.stringMatching(/locked/u) as string,
  });
  await keyring.unlock();
  await item.save('unlocked');
  expect(await item.load()).toBe('unlocked');
});

test('where no further process can be started, the error says that Tokentray must be', async () => {
  // This process has lost its connection.
  const vault = await open({ keyringProcess: new URL('file:///nonexistent/keyring-process.js') });
  expect(vault.unavailable).toMatchObject({
    kind: 'failed',
    detail: expect.stringMatching(/restart Tokentray/u) as string,
  });
});
