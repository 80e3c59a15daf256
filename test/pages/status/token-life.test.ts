import { expect, test } from 'vitest';
import { tokenLife } from '../../../src/pages/status/token-life.ts';
import { NOW, profile } from '../fixtures/states.ts';

test('without a session or a token there is no lifetime', () => {
  expect(tokenLife(profile({ session: { kind: 'signed-out' } }), NOW)).toEqual({ kind: 'none' });
});

test('the rest and the renewal are shares of the whole lifetime', () => {
  expect(tokenLife(profile(), NOW)).toMatchObject({
    leftMs: 48 * 60_000,
    whole: { ms: 75 * 60_000, left: 48 / 75 },
  });
  expect(tokenLife(profile(), NOW)).toHaveProperty('whole.renewedAt', 70 / 75);
});

test('a token that expires now has expired', () => {
  expect(tokenLife(profile(), NOW + 48 * 60_000).kind).toBe('expired');
  expect(tokenLife(profile(), NOW + 48 * 60_000 - 1).kind).toBe('good');
});

test('without a time of issue, or if the clock was set back, no share is invented', () => {
  const { obtainedOn, ...session } = profile().session;
  expect(tokenLife(profile({ session }), NOW)).toMatchObject({ kind: 'good', whole: undefined });
  expect(tokenLife(profile(), Date.parse(obtainedOn ?? '') - 1)).toMatchObject({
    kind: 'good',
    whole: undefined,
  });
});
