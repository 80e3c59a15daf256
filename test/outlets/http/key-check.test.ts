import * as crypto from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { keyCheck } from '../../../src/outlets/http/key-check.ts';
import { Secret } from '../../../src/system/secret.ts';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const KEY = `${'k'.repeat(40)}-_0`;
const found = keyCheck(new Secret(KEY));

test.each([
  { authorization: `Bearer ${KEY}` },
  { authorization: `bearer  ${KEY}` },
  { 'x-tokentray-key': KEY },
  { 'x-identity-header': KEY },
])('the key opens: %j', (headers) => {
  expect(found(headers, '/token')).toBe('right');
});

test.each([
  {},
  { 'x-identity-header': '' },
  { 'x-identity-header': KEY.slice(0, -1) },
  { 'x-identity-header': `${KEY}x` },
  { 'x-identity-header': `${KEY}, ${KEY}` },
  { authorization: KEY },
  { authorization: `Basic ${KEY}` },
  { authorization: `Bearer ${KEY} ${KEY}` },
  { cookie: `key=${KEY}` },
])('nothing else does: %j', (headers) => {
  expect(found(headers, '/token')).toBe('wrong');
});

test.each([`/token?key=${KEY}`, `/${KEY}`, `/token?a=Bearer%20${KEY}`, `/token?x=%6b${KEY.slice(1)}&y=%`])(
  'a key in the address is found although the header has it too: %s',
  (url) => {
    expect(found({ 'x-identity-header': KEY }, url)).toBe('in the address');
  },
);

test('whatever is as long as a key is compared in fixed time', () => {
  const compare = vi.mocked(crypto.timingSafeEqual);
  compare.mockClear();
  const almost = `${KEY.slice(0, -1)}!`;
  expect(found({ 'x-identity-header': almost }, `/token?key=${'x'.repeat(43)}`)).toBe('wrong');
  expect(found({ 'x-identity-header': KEY }, '/token')).toBe('right');
  // One address, looked at as it is and decoded; the two headers.
  expect(compare.mock.calls.map(([left]) => (left as Buffer).length)).toEqual([43, 43, 43, 43]);
  expect(found({ 'x-identity-header': KEY.slice(0, -1) }, '/token')).toBe('wrong');
});
