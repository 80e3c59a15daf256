import { UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { ProfileCache } from '../../../src/agent/authority/cache.ts';
import { loadSession, saveSession } from '../../../src/agent/authority/oidc-session.ts';
import { VaultError } from '../../../src/vault/store/vault.ts';
import { refused, TestVault } from '../fixtures/fixture.ts';

const NAME = 'default/msal-cache';
const account = { homeAccountId: 'ada', tenantId: '', username: 'ada@x.example', name: 'Ada' };
const session = { account, refreshToken: 'refresh-1', scopes: ['openid', 'read'] };

async function opened(text?: string): Promise<{ vault: TestVault; cache: ProfileCache; told: string[] }> {
  const vault = new TestVault();
  if (text !== undefined) await vault.put(NAME, text);
  const told: string[] = [];
  const listener = {
    onSaveFailed: () => told.push('save failed'),
    onSaved: () => told.push('saved'),
    onCorrupt: () => told.push('corrupt'),
  };
  return { vault, told, cache: new ProfileCache({ item: vault.item(NAME), listener, now: () => 0 }) };
}

test('a session is stored with the version of its form, and read by the next process', async () => {
  const { vault, cache } = await opened();
  expect(await loadSession(cache)).toBeUndefined();
  saveSession(cache, session);
  expect(await loadSession(cache)).toEqual({ schemaVersion: 1, ...session });
  await cache.flush();
  const text = (await vault.stored(NAME)) ?? '';
  expect(JSON.parse(text)).toEqual({ schemaVersion: 1, ...session });
  expect(await loadSession((await opened(text)).cache)).toMatchObject(session);
});

test('a save that fails is reported, and made up for later; the session is in memory meanwhile', async () => {
  const { vault, cache, told } = await opened();
  vault.fault = (call) => (call.startsWith('save') ? refused : undefined);
  saveSession(cache, session);
  await cache.flush();
  expect(told).toContain('save failed');
  expect(await loadSession(cache)).toMatchObject(session);
  vault.fault = undefined;
  await cache.flush();
  expect(JSON.parse((await vault.stored(NAME)) ?? '')).toMatchObject(session);
});

test('an answer that is refused is undone by the checkpoint', async () => {
  const { cache } = await opened();
  saveSession(cache, session);
  const undo = await cache.checkpoint();
  saveSession(cache, { ...session, refreshToken: 'refresh-of-another-person' });
  undo();
  expect(await loadSession(cache)).toMatchObject(session);
});

test.each(['garbage', 'null', '{"schemaVersion":1}', '{"Account":{"x":null}}'])(
  'a stored %j is set aside, and the user signs in again',
  async (text) => {
    const { cache, told } = await opened(text);
    expect(await loadSession(cache)).toBeUndefined();
    expect(told).toEqual(['corrupt']);
  },
);

test('what a newer version stored is left alone', async () => {
  const { vault, cache, told } = await opened('{"schemaVersion":2,"more":1}');
  await expect(loadSession(cache)).rejects.toBeInstanceOf(VaultError);
  expect(told).toEqual([]);
  expect(await vault.stored(NAME)).toContain('more');
});

test('MSAL’s cache is read; one without a refresh token leads to a sign-in, in words', async () => {
  const secret = `${new UnsecuredJWT({ sub: 'ada', email: 'ada@x.example', name: 'Ada' }).encode()}AA`;
  const msal = { Account: {}, IdToken: { a: { secret } }, RefreshToken: { b: { secret: 'refresh-1' } } };
  expect(await loadSession((await opened(JSON.stringify(msal))).cache)).toEqual({
    account,
    refreshToken: 'refresh-1',
  });
  const without = JSON.stringify({ ...msal, RefreshToken: {} });
  expect(await loadSession((await opened(without)).cache)).toEqual({ account });
});
