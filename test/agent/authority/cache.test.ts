import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { expect, test } from 'vitest';
import { ProfileCache, type CacheListener } from '../../../src/agent/authority/cache.ts';
import { VaultError } from '../../../src/vault/store/vault.ts';
import { FakeTokenCache } from '../fixtures/fake-authority.ts';
import { damaged, profile, refused, TestVault } from '../fixtures/fixture.ts';

const NAME = 'default/msal-cache';
const now = Date.UTC(2026, 10, 22, 8);

function open(vault: TestVault): { cache: ProfileCache; told: string[] } {
  const told: string[] = [];
  const listener: CacheListener = {
    onSaveFailed: (error) => told.push(`save failed: ${error instanceof Error ? error.message : ''}`),
    onSaved: () => told.push('saved'),
    onCorrupt: (setAsideAs) => told.push(`corrupt: ${setAsideAs}`),
  };
  return { cache: new ProfileCache({ item: vault.item(NAME), listener, now: () => now }), told };
}

async function holding(text: string): Promise<TestVault> {
  const vault = new TestVault();
  await vault.put(NAME, text);
  return vault;
}

/** The effect of a change by MSAL. */
async function change(cache: ProfileCache, text: string): Promise<void> {
  const tokens = new FakeTokenCache();
  tokens.text = text;
  await cache.afterCacheAccess(tokens.context(true));
}

async function read(cache: ProfileCache): Promise<string> {
  const tokens = new FakeTokenCache();
  await cache.beforeCacheAccess(tokens.context(false));
  return tokens.text;
}

test('the stored text is read once, and the next access gets what was last saved', async () => {
  const vault = await holding('{"Account":{}}');
  const { cache } = open(vault);
  expect(await read(cache)).toBe('{"Account":{}}');
  await change(cache, '{"a":1}');
  expect(await read(cache)).toBe('{"a":1}');
  expect(await vault.stored(NAME)).toBe('{"a":1}');
  expect(vault.calls.filter((call) => call.startsWith('load'))).toHaveLength(1);
});

test('an access that changed nothing saves nothing', async () => {
  const vault = new TestVault();
  const { cache } = open(vault);
  const tokens = new FakeTokenCache();
  await cache.beforeCacheAccess(tokens.context(false));
  await cache.afterCacheAccess(tokens.context(false));
  expect(vault.calls).toEqual([`load ${NAME}`]);
});

test.each([
  ['garbage', 'not json'],
  ['a truncated text', '{"Account":{"a":{"na'],
  ['NULs', '\0\0\0\0'],
  ['JSON of another shape', 'null'],
  ['accounts that are none', '{"Account":{"a":null}}'],
])('%s is set aside under a reported name, and the cache starts empty', async (_name, text) => {
  const vault = await holding(text);
  const { cache, told } = open(vault);
  expect(await read(cache)).toBe('{}');
  const aside = `${NAME}.corrupt-20261122T080000Z`;
  expect(told).toEqual([`corrupt: ${aside}`]);
  expect(await vault.stored(aside)).toBe(text);
  expect(await vault.stored(NAME)).toBeUndefined();
  await read(cache);
  expect(told).toHaveLength(1);
});

test('a text that the store cannot decrypt is set aside too', async () => {
  const vault = await holding('x');
  vault.fault = (call) => (call.startsWith('load') ? damaged : undefined);
  const { cache, told } = open(vault);
  expect(await read(cache)).toBe('{}');
  expect(told).toEqual([`corrupt: ${NAME}.corrupt-20261122T080000Z`]);
});

test('a locked keyring is reported to the caller, sets nothing aside, and is asked again', async () => {
  const vault = await holding('{"a":1}');
  vault.fault = () => refused;
  const { cache, told } = open(vault);
  await expect(read(cache)).rejects.toThrow(VaultError);
  expect(told).toEqual([]);
  vault.fault = undefined;
  expect(await read(cache)).toBe('{"a":1}');
});

test('a failing save is reported, does not fail MSAL’s call, and the session continues in memory', async () => {
  const vault = new TestVault();
  const { cache, told } = open(vault);
  vault.fault = () => refused;
  await change(cache, '{"a":1}');
  await cache.flush();
  expect(new Set(told)).toEqual(new Set(['save failed: the keyring is locked']));
  expect(await read(cache)).toBe('{"a":1}');
  vault.fault = undefined;
  await change(cache, '{"a":2}');
  await cache.flush();
  expect(told.at(-1)).toBe('saved');
  expect(await vault.stored(NAME)).toBe('{"a":2}');
});

test('after close a late save is dropped', async () => {
  const vault = await holding('{"a":1}');
  const { cache, told } = open(vault);
  await read(cache);
  cache.close();
  await change(cache, '{"a":2}');
  await cache.keepIn(vault.item('default/other'));
  expect(await vault.stored(NAME)).toBe('{"a":1}');
  expect(await vault.stored('default/other')).toBeUndefined();
  expect(told).toEqual([]);
});

test('a scratch cache touches no vault until it is kept', async () => {
  const vault = new TestVault();
  const listener = { onSaveFailed: () => undefined, onSaved: () => undefined, onCorrupt: () => undefined };
  const cache = new ProfileCache({ item: undefined, listener, now: () => now });
  await read(cache);
  await change(cache, '{"a":1}');
  expect(vault.calls).toEqual([]);
  await cache.keepIn(vault.item(NAME));
  expect(await vault.stored(NAME)).toBe('{"a":1}');
  await change(cache, '{"a":2}');
  expect(await vault.stored(NAME)).toBe('{"a":2}');
});

test.each([
  '',
  '{}',
  '[]',
  'not json',
  'null',
  '5',
  '"text"',
  '{"Account":{"a":null}}',
  '{"RefreshToken":{"a":null}}',
])('MSAL itself finds no account, and no error, in %j', async (text) => {
  const vault = await holding(text);
  const { cache } = open(vault);
  const network: INetworkModule = {
    sendGetRequestAsync: () => Promise.reject(new Error('no network here')),
    sendPostRequestAsync: () => Promise.reject(new Error('no network here')),
  };
  const client = new ConfidentialClientApplication({
    auth: { clientId: profile.clientId, authority: profile.authority, clientSecret: 's' },
    cache: { cachePlugin: cache },
    system: { networkClient: network },
  });
  expect(await client.getTokenCache().getAllAccounts()).toEqual([]);
});
