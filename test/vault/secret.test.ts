import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/vault/secret.ts';

const value = 'the-value-that-must-not-show';
const secret = new Secret(value);

test.each([
  // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- the accident that is tested
  ['a template', () => `${secret}`],
  ['String()', () => String(secret)],
  ['JSON, inside an object', () => JSON.stringify({ secret })],
  ['inspection, as console.log does it', () => inspect({ deep: { secret } })],
  ['inspection with everything switched on', () => inspect(secret, { showHidden: true, getters: true })],
  ['an error message', () => new Error(String(secret)).message],
])('a secret turned into text by %s prints [secret]', (_how, print) => {
  const text = print();
  expect(text).toContain('[secret]');
  expect(text).not.toContain(value);
});

test('a secret has nothing that can be copied or listed', () => {
  expect(Object.keys(secret)).toEqual([]);
  expect(JSON.stringify(Object.assign({}, secret))).toBe('{}');
});

test('reveal gives the value', () => {
  expect(secret.reveal()).toBe(value);
});
