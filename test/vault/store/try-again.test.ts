import { expect, test } from 'vitest';
import { nextTry, tryAtOnce, type NextTry } from '../../../src/vault/store/try-again.ts';

const MINUTE_MS = 60_000;

test('the first try is due at once', () => {
  expect(tryAtOnce.at).toBeLessThan(0);
});

test('after a quick failure, which cannot have shown a prompt, the next attempt is due at once', () => {
  expect(nextTry(tryAtOnce, 999, 5000)).toEqual({ at: 5000, pauseMs: 0 });
});

test('each dismissed prompt doubles the pause: 5, 10, 20, 40 minutes, then every hour', () => {
  const pauses: number[] = [];
  let next: NextTry = tryAtOnce;
  for (let round = 0; round < 6; round += 1) {
    next = nextTry(next, 1000, 7000);
    expect(next.at).toBe(7000 + next.pauseMs);
    pauses.push(next.pauseMs / MINUTE_MS);
  }
  expect(pauses).toEqual([5, 10, 20, 40, 60, 60]);
});

test('a quick failure between two prompts does not make the pauses short again', () => {
  const dismissed = nextTry(tryAtOnce, 4000, 0);
  const quick = nextTry(dismissed, 20, dismissed.at);
  expect(quick.at).toBe(dismissed.at);
  expect(nextTry(quick, 4000, 0).pauseMs).toBe(10 * MINUTE_MS);
});
