import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadAccessKey } from '../../../src/outlets/loopback/access-key.ts';
import { loadOrMakeKey, readKey } from '../../../src/outlets/http/key-file.ts';
import { testPlaces } from '../fixtures/runtime-directory.ts';

test('the access key is for its user alone and stays the same', async () => {
  const places = testPlaces();
  const key = await loadAccessKey(places);
  expect(key.reveal()).toMatch(/^[\w-]{43}$/u);
  expect(lstatSync(places.accessKeyFile).mode & 0o777).toBe(0o600);
  expect((await loadAccessKey(places)).reveal()).toBe(key.reveal());
});

test('starts at the same moment agree on one key', async () => {
  const places = testPlaces();
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadAccessKey(places)));
  expect(new Set(keys.map((key) => key.reveal())).size).toBe(1);
});

test.each([
  ['a readable one', (file: string) => chmodSync(file, 0o644)],
  ['a damaged one', (file: string) => writeFileSync(file, 'short')],
])('%s is replaced', async (_what, spoil) => {
  const places = testPlaces();
  const before = await loadAccessKey(places);
  spoil(places.accessKeyFile);
  expect(await readKey(places.accessKeyFile)).toBeUndefined();
  const after = await loadAccessKey(places);
  expect(after.reveal()).not.toBe(before.reveal());
  expect(lstatSync(places.accessKeyFile).mode & 0o777).toBe(0o600);
});

test('a symbolic link is replaced, and its target left alone', async () => {
  const { runtimeDirectory, accessKeyFile } = testPlaces();
  mkdirSync(runtimeDirectory, { mode: 0o700 });
  const target = path.join(runtimeDirectory, 'elsewhere');
  writeFileSync(target, 'A'.repeat(43), { mode: 0o600 });
  symlinkSync(target, accessKeyFile);
  const key = await loadOrMakeKey(accessKeyFile);
  expect(key.reveal()).not.toBe('A'.repeat(43));
  expect(readFileSync(target, 'utf8')).toBe('A'.repeat(43));
});

test('another user’s file is not used', async () => {
  const places = testPlaces();
  await loadAccessKey(places);
  const { uid } = lstatSync(places.accessKeyFile);
  expect(await readKey(places.accessKeyFile, uid + 1)).toBeUndefined();
});
