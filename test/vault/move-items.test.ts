import { expect, test } from 'vitest';
import { memoryVault } from '../../src/vault/store/memory-vault.ts';
import { copyItems, removeItems } from '../../src/vault/move-items.ts';
import { VaultError, type Vault, type VaultItem } from '../../src/vault/store/vault.ts';

const NAMES = ['default/msal-cache', 'default/last-good', 'default/credential'];

/** A vault in which the items of one name behave differently. */
function spoilt(vault: Vault, name: string, change: Partial<VaultItem>): Vault {
  const { backend, unavailable } = vault;
  return {
    backend,
    unavailable,
    retry: () => vault.retry(),
    selfTest: () => vault.selfTest(),
    item: (asked) => ({ ...vault.item(asked), ...(asked === name ? change : {}) }),
  };
}

async function filled(texts: Readonly<Record<string, string>>): Promise<Vault> {
  const vault = memoryVault();
  for (const [name, text] of Object.entries(texts)) await vault.item(name).save(text);
  return vault;
}

async function contents(vault: Vault): Promise<Record<string, string | undefined>> {
  return Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await vault.item(name).load()] as const)),
  );
}

const before = { 'default/msal-cache': '{}', 'default/last-good': '' };

test('items are copied with their content, even an empty text, and the originals stay', async () => {
  const from = await filled({ ...before, 'not/asked-for': 'stays' });
  const to = await filled({ 'default/credential': 'left from an earlier time' });
  expect(await copyItems(from, to, NAMES)).toEqual(Object.keys(before));
  expect(await contents(to)).toEqual({ ...before, 'default/credential': undefined });
  expect(await contents(from)).toMatchObject(before);
  expect(await to.item('not/asked-for').load()).toBeUndefined();
});

test('an empty store does not empty another', async () => {
  const to = await filled(before);
  expect(await copyItems(memoryVault(), to, NAMES)).toEqual([]);
  expect(await contents(to)).toMatchObject(before);
});

test('everything that can be removed is, and the reason why something is left is returned', async () => {
  const vault = await filled({ ...before, 'default/credential': 'x' });
  const stubborn = spoilt(vault, 'default/last-good', {
    remove: () => Promise.reject(new VaultError('read-only')),
  });
  expect(await removeItems(stubborn, NAMES)).toMatchObject({ name: 'VaultError', message: 'read-only' });
  expect(await contents(vault)).toEqual({ 'default/last-good': '' });
  expect(await removeItems(vault, NAMES)).toBeUndefined();
  expect(await contents(vault)).toEqual({});
});

test.each<[string, Partial<VaultItem>, RegExp]>([
  ['refuses a save', { save: () => Promise.reject(new VaultError('disk full')) }, /disk full/u],
  [
    'gives back something else',
    { load: () => Promise.resolve('else') },
    /gave back something else.*last-good/u,
  ],
  ['gives back nothing', { load: () => Promise.resolve(undefined) }, /gave back something else/u],
])(
  'if the new store %s, the old one keeps everything and the new one nothing',
  async (_what, change, reason) => {
    const from = await filled(before);
    const fresh = memoryVault();
    const to = spoilt(fresh, 'default/last-good', change);
    await expect(copyItems(from, to, NAMES)).rejects.toMatchObject({
      name: 'VaultError',
      message: expect.stringMatching(reason) as string,
    });
    expect(await contents(from)).toEqual({ ...before, 'default/credential': undefined });
    expect(await contents(fresh), 'what was copied is taken back').toEqual({});
  },
);

test('a damaged item stops the copying, and everything stays', async () => {
  const vault = await filled(before);
  const from = spoilt(vault, 'default/credential', {
    load: () => Promise.reject(new VaultError('damaged', 'corrupt')),
  });
  await expect(copyItems(from, memoryVault(), NAMES)).rejects.toMatchObject({ kind: 'corrupt' });
  expect(await contents(vault)).toMatchObject(before);
});

test('nothing is copied to or from a store that cannot be used', async () => {
  const from = await filled(before);
  const locked = memoryVault({ kind: 'locked', detail: 'it is locked' });
  await expect(copyItems(from, locked, NAMES)).rejects.toThrow(/new store cannot be used: it is locked/u);
  await expect(copyItems(locked, from, NAMES)).rejects.toThrow(/old store cannot be read: it is locked/u);
  expect(await contents(from)).toMatchObject(before);
});
