import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVault } from '../../../src/vault/open-vault.ts';
import type { Vault } from '../../../src/vault/store/vault.ts';
import { fakeExtensions, type FakeExtensions } from '../fixtures/fake-extensions.ts';

const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-11-22T08:00:00Z');

let directory: string;
let fake: FakeExtensions;
let elapsed: number;
/** The duration of each call on the vault's clock, as if a prompt had been open. */
let callTakesMs: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vault-'));
  fake = fakeExtensions();
  elapsed = 0;
  callTakesMs = 0;
  const push = fake.calls.push.bind(fake.calls);
  fake.calls.push = (...calls) => {
    elapsed += callTakesMs;
    return push(...calls);
  };
});
afterEach(() => rm(directory, { recursive: true }));

/** `limitMs` is short only in tests that need a silent store; a busy machine must not reach it elsewhere. */
function open(limitMs = 30_000): Promise<Vault> {
  return openVault({
    storage: 'auto',
    platform: 'linux',
    directory,
    loadExtensions: () => Promise.resolve(fake),
    elapsed: () => elapsed,
    openLimitMs: limitMs,
  });
}

function gate(): () => void {
  let open = (): void => undefined;
  fake.gate = new Promise((resolve) => (open = resolve));
  return () => {
    fake.gate = undefined;
    open();
  };
}

const stored = (): Record<string, string> =>
  Object.fromEntries([...fake.contents].map(([key, content]) => [key.replace('tokentray:', ''), content]));

test('a keyring that is unlocked later is used without a restart, with what was done meanwhile', async () => {
  for (const name of ['untouched', 'changed', 'removed']) fake.contents.set(`tokentray:${name}`, '"old"');
  fake.locked = true;
  const vault = await open();
  expect(vault.unavailable).toMatchObject({ kind: 'locked' });
  const untouched = vault.item('untouched');
  const changed = vault.item('changed');
  expect(await untouched.load()).toBeUndefined();
  await changed.save('first');
  await changed.save('new');
  await vault.item('removed').remove();
  expect(await changed.load()).toBe('new');

  await vault.retry();
  expect(vault.backend).toBe('memory');

  fake.locked = false;
  await vault.retry();
  expect(vault.unavailable).toBeUndefined();
  expect(vault.backend).toBe('secret-service');
  expect(stored()).toEqual({ untouched: '"old"', changed: '"new"' });
  expect(await untouched.load()).toBe('old');
  await changed.save('after');
  expect(stored()).toEqual({ untouched: '"old"', changed: '"after"' });
  await changed.remove();
  expect(await changed.quarantine(NOW)).toMatch(/^changed\.corrupt-/u);
});

test('after an invisible failure every tick tries again', async () => {
  fake.failure = 'not yet';
  const vault = await open();
  for (const reason of ['still not', 'nor now']) {
    fake.failure = reason;
    await vault.retry();
    expect(vault.unavailable).toEqual({ kind: 'failed', detail: reason });
  }
});

test('a dismissed prompt is shown again after five minutes, then ten, not sooner', async () => {
  callTakesMs = 2000;
  fake.locked = true;
  const vault = await open();
  fake.calls.length = 0;
  for (const minutes of [5, 10]) {
    elapsed += minutes * MINUTE_MS - 1;
    await vault.retry();
    expect(fake.calls, `before ${minutes} minutes have passed`).toHaveLength(0);
    elapsed += 1;
    await vault.retry();
    expect(fake.calls).not.toHaveLength(0);
    fake.calls.length = 0;
  }
  fake.locked = false;
  elapsed += 20 * MINUTE_MS;
  await vault.retry();
  expect(vault.unavailable).toBeUndefined();
});

test('while a prompt is open no second one is shown; answering it is the recovery', async () => {
  const answer = gate();
  const vault = await open(50);
  expect(vault.unavailable).toMatchObject({ kind: 'silent' });
  await vault.item('a').save('text');
  const before = fake.calls.length;
  for (let tick = 0; tick < 20; tick += 1) {
    elapsed += MINUTE_MS;
    await vault.retry();
  }
  expect(fake.calls).toHaveLength(before);
  answer();
  await expect.poll(() => vault.unavailable).toBeUndefined();
  expect(stored()).toEqual({ a: '"text"' });
});

test('a retry that meets an open prompt returns, and says that the store is silent', async () => {
  fake.failure = 'not yet';
  const vault = await open(50);
  fake.failure = undefined;
  const answer = gate();
  await vault.retry();
  expect(vault.unavailable).toMatchObject({ kind: 'silent' });
  answer();
  await expect.poll(() => vault.unavailable).toBeUndefined();
});

test('what is done while items are carried over is not lost', async () => {
  fake.locked = true;
  const vault = await open();
  const item = vault.item('a');
  await item.save('1');
  await vault.item('b').save('b');
  fake.locked = false;
  const push = fake.calls.push.bind(fake.calls);
  let sneaked = false;
  fake.calls.push = (...calls) => {
    if (calls.includes('save a') && !sneaked) {
      sneaked = true;
      // Between the start and the end of the copy.
      void item.save('2').then(() => vault.item('b').remove());
    }
    return push(...calls);
  };
  await vault.retry();
  expect(sneaked).toBe(true);
  expect(vault.unavailable).toBeUndefined();
  expect(await item.load()).toBe('2');
  expect(stored()).toEqual({ a: '"2"' });
});

test('a store that fails while items are carried over is not used, and the items stay', async () => {
  fake.locked = true;
  const vault = await open();
  await vault.item('a').save('1');
  await vault.item('b').save('2');
  fake.locked = false;
  const push = fake.calls.push.bind(fake.calls);
  fake.calls.push = (...calls) => {
    if (calls.includes('save b')) fake.failure = 'disk full';
    return push(...calls);
  };
  await vault.retry();
  expect(vault.backend).toBe('memory');
  expect(vault.unavailable).toEqual({ kind: 'failed', detail: 'disk full' });
  expect(await vault.item('a').load()).toBe('1');

  fake.calls.push = push;
  fake.failure = undefined;
  await vault.retry();
  expect(stored()).toEqual({ a: '"1"', b: '"2"' });
});

test('in memory a recovering vault tests itself without the store, and in the store with it', async () => {
  fake.failure = 'not yet';
  const vault = await open();
  await vault.selfTest();
  fake.failure = undefined;
  await vault.retry();
  fake.failure = 'gone';
  await expect(vault.selfTest()).rejects.toMatchObject({ message: 'gone' });
});
