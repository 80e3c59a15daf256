import { expect, test } from 'vitest';
import { memoryVault } from '../../../src/vault/store/memory-vault.ts';
import { openVault } from '../../../src/vault/open-vault.ts';

const NOW = Date.parse('2026-11-22T08:00:00.500Z');

test('a memory vault gives back what was saved, an empty text included', async () => {
  const vault = memoryVault();
  const item = vault.item('default/msal-cache');
  expect(await item.load()).toBeUndefined();
  await item.save('');
  expect(await item.load()).toBe('');
  await item.save('{}');
  expect(await vault.item('default/msal-cache').load()).toBe('{}');
  expect(await vault.item('default/tokens').load()).toBeUndefined();
});

test('removing from a memory vault is fine twice', async () => {
  const item = memoryVault().item('a');
  await item.save('text');
  await item.remove();
  await item.remove();
  expect(await item.load()).toBeUndefined();
});

test('quarantined content is removed and can be found under the returned name', async () => {
  const vault = memoryVault();
  await vault.item('default/msal-cache').save('garbage');
  const name = await vault.item('default/msal-cache').quarantine(NOW);
  expect(name).toBe('default/msal-cache.corrupt-20261122T080000Z');
  expect(await vault.item('default/msal-cache').load()).toBeUndefined();
  expect(await vault.item(name).load()).toBe('garbage');
});

test('two memory vaults share nothing', async () => {
  await memoryVault().item('a').save('text');
  expect(await memoryVault().item('a').load()).toBeUndefined();
});

test('memory by choice gives no reason and never loads the native add-on', async () => {
  const loadExtensions = () => Promise.reject(new Error('must not be called'));
  const vault = await openVault({ storage: 'memory', directory: '/nonexistent', loadExtensions });
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable).toBeUndefined();
});
