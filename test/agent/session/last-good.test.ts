import { expect, test } from 'vitest';
import type { AccessToken } from '../../../src/agent/status/account.ts';
import { LastGoodTokens } from '../../../src/agent/session/last-good.ts';
import { Secret } from '../../../src/system/secret.ts';
import { ada, bob, byHand, HOUR_MS } from '../fixtures/fake-authority.ts';
import { damaged, refused, TestVault } from '../fixtures/fixture.ts';

const NAME = 'default/last-good';
const now = Date.UTC(2026, 10, 22, 8);
const MAIL = ['Mail.Read'];
const USER = ['User.Read'];

const token = (value: string, expiresOn = now + HOUR_MS, obtainedAt = now): AccessToken => ({
  value: new Secret(value),
  tokenType: 'Bearer',
  scopes: USER,
  obtainedAt,
  expiresOn,
});
const open = (vault: TestVault, registration = 'here'): LastGoodTokens =>
  new LastGoodTokens(vault.item(NAME), registration);

async function withTwo(): Promise<TestVault> {
  const vault = new TestVault();
  const tokens = open(vault);
  tokens.put(ada, USER, token('user'));
  await tokens.flush();
  tokens.put(ada, MAIL, token('mail', now + 2 * HOUR_MS));
  await tokens.flush();
  return vault;
}

test('tokens of every set of scopes are restored after a restart, with their account', async () => {
  const tokens = open(await withTwo());
  expect(await tokens.load(now)).toEqual({ kind: 'account', account: ada });
  expect(tokens.get(USER)?.value.reveal()).toBe('user');
  expect(tokens.get(MAIL)?.value.reveal()).toBe('mail');
  expect(tokens.get(['https://graph.microsoft.com/Mail.Read'])?.value.reveal()).toBe('mail');
  expect(tokens.get(['Files.Read'])).toBeUndefined();
});

test('an expired token is not loaded, and the next save forgets it', async () => {
  const vault = await withTwo();
  const tokens = open(vault);
  await tokens.load(now + HOUR_MS);
  expect(tokens.get(USER)).toBeUndefined();
  expect(tokens.get(MAIL)).toBeDefined();
  tokens.put(ada, ['Files.Read'], token('files', now + 3 * HOUR_MS, now + 2 * HOUR_MS));
  await tokens.flush();
  expect(await vault.stored(NAME)).toContain('files');
  expect(await vault.stored(NAME)).not.toContain('mail');
});

test('the account is known even when every token has expired', async () => {
  expect(await open(await withTwo()).load(now + 9 * HOUR_MS)).toEqual({ kind: 'account', account: ada });
});

test('a record of another registration is not this profile’s', async () => {
  const tokens = open(await withTwo(), 'elsewhere');
  expect(await tokens.load(now)).toEqual({ kind: 'foreign' });
  expect(tokens.get(USER)).toBeUndefined();
});

test('an empty store is not a problem', async () => {
  expect(await open(new TestVault()).load(now)).toEqual({ kind: 'none' });
});

test.each([
  ['garbage', 'not json'],
  ['a truncated record', (whole: string) => whole.slice(0, -20)],
  ['a record of no version', (whole: string) => whole.replace('"schemaVersion":1', '"schemaVersion":0')],
  ['a record without an account', (whole: string) => whole.replace('"account"', '"accounts"')],
  ['a record with an odd expiry', (whole: string) => whole.replaceAll('"expiresOn":', '"expiresOn":"x"+')],
  ['an empty text', ''],
  ['a list', '[]'],
  ['null', 'null'],
])('%s is set aside', async (_name, change) => {
  const vault = await withTwo();
  const whole = (await vault.stored(NAME)) ?? '';
  await vault.put(NAME, typeof change === 'string' ? change : change(whole));
  const tokens = open(vault);
  expect(await tokens.load(now)).toEqual({ kind: 'corrupt', setAsideAs: `${NAME}.corrupt-20261122T080000Z` });
  expect(tokens.get(USER)).toBeUndefined();
  expect(await vault.stored(NAME)).toBeUndefined();
});

test('a record of a newer version is left alone, and an update is suggested', async () => {
  const vault = await withTwo();
  const later = (await vault.stored(NAME))!.replace('"schemaVersion":1', '"schemaVersion":2');
  await vault.put(NAME, later);
  await expect(open(vault).load(now)).rejects.toThrow(/newer version of Tokentray; update/u);
  expect(await vault.stored(NAME)).toBe(later);
});

test('a record that the store cannot decrypt is set aside; a locked store is reported', async () => {
  const vault = await withTwo();
  vault.fault = (call) => (call.startsWith('load') ? damaged : undefined);
  expect(await open(vault).load(now)).toMatchObject({ kind: 'corrupt' });
  vault.fault = () => refused;
  await expect(open(vault).load(now)).rejects.toBe(refused);
});

test('a token that could not be stored is served from memory', async () => {
  const vault = new TestVault();
  vault.fault = () => refused;
  const tokens = open(vault);
  tokens.put(ada, USER, token('user'));
  await expect(tokens.flush()).rejects.toBe(refused);
  expect(tokens.get(USER)?.value.reveal()).toBe('user');
});

test('another account is not served the first one’s tokens, nor stored beside them', async () => {
  const vault = await withTwo();
  const tokens = open(vault);
  await tokens.load(now);
  tokens.clearMemory();
  expect(tokens.get(USER)).toBeUndefined();
  tokens.put(bob, MAIL, token('bobs'));
  await tokens.flush();
  expect(await open(vault).load(now)).toEqual({ kind: 'account', account: bob });
  expect(await vault.stored(NAME)).not.toMatch(/ada|"user"/u);
});

test('two saves under way at once: the one that fails is made up for', async () => {
  const vault = new TestVault();
  const tokens = open(vault);
  const slow = byHand<undefined>();
  vault.fault = () => slow.promise;
  tokens.put(ada, USER, token('user'));
  const first = tokens.flush();
  vault.fault = () => refused;
  tokens.put(ada, MAIL, token('mail'));
  const second = tokens.flush();
  await expect(second).rejects.toBe(refused);
  slow.resolve(undefined);
  await first;
  expect(tokens.isUnsaved).toBe(true);
  vault.fault = undefined;
  await tokens.flush();
  expect(await vault.stored(NAME)).toContain('mail');
});

test('a session that begins while the stored one is being read is not mixed with it', async () => {
  const vault = await withTwo();
  const tokens = open(vault);
  const slow = byHand<undefined>();
  vault.fault = (call) => (call.startsWith('load') ? slow.promise : undefined);
  const loading = tokens.load(now);
  tokens.put(bob, MAIL, token('bobs'));
  slow.resolve(undefined);
  expect(await loading).toEqual({ kind: 'superseded' });
  expect(tokens.get(USER)).toBeUndefined();
  expect(tokens.get(MAIL)?.value.reveal()).toBe('bobs');
});
