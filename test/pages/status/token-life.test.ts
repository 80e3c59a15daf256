import { expect, test } from 'vitest';
import { tokenLife } from '../../../src/pages/status/token-life.ts';
import { NOW, profile } from '../fixtures/states.ts';

test('without a session or a token there is no life', () => {
  expect(tokenLife(profile({ session: { kind: 'signed-out' } }), NOW)).toEqual({ kind: 'none' });
});

test('what is left is a part of the whole, and so is where it will be renewed', () => {
  expect(tokenLife(profile(), NOW)).toMatchObject({
    leftMs: 48 * 60_000,
    whole: { ms: 75 * 60_000, left: 48 / 75 },
  });
  expect(tokenLife(profile(), NOW)).toHaveProperty('whole.renewedAt', 70 / 75);
});

test('a token that ends now has expired', () => {
  expect(tokenLife(profile(), NOW + 48 * 60_000).kind).toBe('expired');
  expect(tokenLife(profile(), NOW + 48 * 60_000 - 1).kind).toBe('good');
});

test('where nobody knows when it was obtained, or a clock was set back, no part is made up', () => {
  const { obtainedOn, ...session } = profile().session;
  expect(tokenLife(profile({ session }), NOW)).toMatchObject({ kind: 'good', whole: undefined });
  expect(tokenLife(profile(), Date.parse(obtainedOn ?? '') - 1)).toMatchObject({
    kind: 'good',
    whole: undefined,
  });
});
