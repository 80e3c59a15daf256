import { expect, test } from 'vitest';
import type { Problem } from '../../../src/words/problem.ts';
import { sessionItems, StoredSession } from '../../../src/agent/session/stored-session.ts';
import { ada, byHand, FakeAuthority } from '../fixtures/fake-authority.ts';
import { damaged, profile, refused, TestVault } from '../fixtures/fixture.ts';

const CACHE = 'default/msal-cache';
const TOKENS = 'default/last-good';
const NOW = Date.UTC(2026, 10, 22, 8);
const SCOPES = ['User.Read'];

function open(vault: TestVault, clientId = profile.clientId): { session: StoredSession; told: string[] } {
  const told: string[] = [];
  const session = new StoredSession({
    profile: { ...profile, clientId },
    vault,
    now: () => NOW,
    onProblem: ({ code, params }: Problem) => told.push(`${code} ${params['detail'] ?? params['name']}`),
    onRecovered: () => told.push('recovered'),
  });
  return { session, told };
}

async function withSession(): Promise<TestVault> {
  const vault = new TestVault();
  const earlier = open(vault).session;
  await earlier.keep(new FakeAuthority().grant(ada), SCOPES);
  await earlier.flush();
  await vault.put(CACHE, '{}');
  return vault;
}

test('a stored session comes back without MSAL’s cache being read', async () => {
  const vault = await withSession();
  const { session, told } = open(vault);
  expect(await session.restore()).toEqual({ kind: 'account', account: ada });
  expect(session.tokens.get(SCOPES)).toBeDefined();
  expect(vault.calls).not.toContain(`load ${CACHE}`);
  expect(told).toEqual([]);
});

test('another client’s session is set aside, not served, and gone after a sign-out', async () => {
  const vault = await withSession();
  const { session } = open(vault, '99999999-2222-3333-4444-555555555555');
  expect(await session.restore()).toEqual({ kind: 'none' });
  expect(session.tokens.get(SCOPES)).toBeUndefined();
  expect([await vault.stored(CACHE), await vault.stored(TOKENS)]).toEqual([undefined, undefined]);
  const aside = [CACHE, TOKENS].map((name) => `${name}.corrupt-20261122T080000Z`);
  for (const name of aside) expect(await vault.stored(name)).toBeDefined();
  await session.remove();
  for (const name of aside) expect(await vault.stored(name)).toBeUndefined();
});

test('the same client in other letter case is the same: its session continues', async () => {
  const vault = new TestVault();
  const written = 'AAAAAAAA-2222-3333-4444-555555555555';
  const earlier = open(vault, written).session;
  await earlier.keep(new FakeAuthority().grant(ada), SCOPES);
  await earlier.flush();
  const { session } = open(vault, written.toLowerCase());
  expect(await session.restore()).toEqual({ kind: 'account', account: ada });
});

test('a record of a newer Tokentray stays, and that is reported', async () => {
  const vault = await withSession();
  await vault.put(TOKENS, '{"schemaVersion":2}');
  const { session, told } = open(vault);
  expect(await session.restore()).toEqual({ kind: 'none' });
  expect(told.join()).toMatch(/^storage\.unavailable .*newer version of Tokentray/u);
  expect(session.unread?.code).toBe('storage.unavailable');
  expect(await vault.stored(TOKENS)).toBe('{"schemaVersion":2}');
});

test('killed between the two saves of a first sign-in: the account comes from MSAL’s cache', async () => {
  const vault = new TestVault();
  await vault.put(CACHE, '{}');
  expect(await open(vault).session.restore()).toEqual({ kind: 'unknown-account' });
});

test('a damaged record is set aside and reported, and the account comes from MSAL’s cache', async () => {
  const vault = await withSession();
  await vault.put(TOKENS, 'garbage');
  const { session, told } = open(vault);
  expect(await session.restore()).toEqual({ kind: 'unknown-account' });
  expect(told).toEqual([`storage.corrupt ${TOKENS}.corrupt-20261122T080000Z`]);
});

test('when neither can be decrypted, the cache is left to be set aside where it is read', async () => {
  const vault = await withSession();
  vault.fault = (call) => (call.startsWith('load') ? damaged : undefined);
  expect(await open(vault).session.restore()).toEqual({ kind: 'unknown-account' });
});

test('a locked keyring at the start is reported, and nothing is lost', async () => {
  const vault = await withSession();
  vault.fault = () => refused;
  const { session, told } = open(vault);
  expect(await session.restore()).toEqual({ kind: 'none' });
  expect(told).toEqual(['storage.unavailable the keyring is locked']);
  vault.fault = undefined;
  expect(await open(vault).session.restore()).toMatchObject({ kind: 'account' });
});

test('a missing keyring is reported at the start, and saving in memory is not a recovery', async () => {
  const { session, told } = open(new TestVault({ kind: 'absent', detail: 'libsecret is missing' }));
  await session.restore();
  session.cacheListener().onSaved();
  expect(told).toEqual(['storage.absent libsecret is missing']);
});

test('a token that cannot be stored is kept in memory, and that is reported', async () => {
  const vault = new TestVault();
  vault.fault = () => refused;
  const { session, told } = open(vault);
  const token = await session.keep(new FakeAuthority().grant(ada), SCOPES);
  expect(session.tokens.get(SCOPES)).toBe(token);
  expect(token.obtainedAt).toBe(NOW);
  await expect.poll(() => told).toEqual(['storage.write the keyring is locked']);
});

test('a vault that cannot be emptied is reported, and the session stays', async () => {
  const vault = await withSession();
  const { session } = open(vault);
  await session.restore();
  vault.fault = () => refused;
  expect(await session.remove()).toMatchObject({ kind: 'storage', code: 'storage.write' });
  expect(session.tokens.get(SCOPES)).toBeDefined();
});

test('the cache’s problems reach the listener', () => {
  const { session, told } = open(new TestVault());
  session.cacheListener().onSaveFailed(refused);
  session.cacheListener().onCorrupt('aside');
  session.cacheListener().onSaved();
  expect(told).toEqual(['storage.write the keyring is locked', 'storage.corrupt aside', 'recovered']);
});

test('items being removed are not stored again by a flush in between', async () => {
  const vault = new TestVault();
  const { session } = open(vault);
  vault.fault = () => refused;
  await session.keep(new FakeAuthority().grant(ada), SCOPES);
  await expect.poll(() => vault.calls).toHaveLength(1);
  const slow = byHand<undefined>();
  vault.fault = (call) => (call.startsWith('remove') ? slow.promise : undefined);
  const removed = session.remove();
  await session.flush();
  slow.resolve(undefined);
  expect(await removed).toBeUndefined();
  expect(vault.calls.filter((call) => call.startsWith('save'))).toHaveLength(1);
});

test('the items of a session are named, to be moved or removed', () => {
  expect(sessionItems({ id: 'default' })).toEqual([CACHE, TOKENS]);
});
