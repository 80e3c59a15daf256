import { expect, test } from 'vitest';
import { Backoff, isWaitOver, retryDelay } from '../../../src/agent/session/backoff.ts';
import { TOTAL_TIMEOUT_MS } from '../../../src/agent/network/network.ts';
import { problem } from '../../../src/words/problem.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';

const down = problem('transient', 'throttled');

test('tries come less and less often, never more seldom than every five minutes', () => {
  const seconds = [1, 2, 3, 4, 50, 5000].map((attempt) => retryDelay(attempt, down) / 1000);
  expect(seconds).toEqual([65, 130, 260, 300, 300, 300]);
});

test('the first retry comes after a request’s timeout and after MSAL’s own throttle of a minute', () => {
  expect(retryDelay(1, down)).toBeGreaterThan(Math.max(TOTAL_TIMEOUT_MS, MINUTE_MS));
});

test.each([
  [10_000, 65_000],
  [600_000, 600_000],
  [24 * HOUR_MS, HOUR_MS],
  [Infinity, HOUR_MS],
])('a Retry-After of %d ms is obeyed within reason: %d', (retryAfterMs, expected) => {
  expect(retryDelay(1, { ...down, retryAfterMs })).toBe(expected);
});

test('a problem that needs a changed setting is retried every five minutes', () => {
  expect(retryDelay(1, problem('admin', 'no-secret', { clientId: 'c', authority: 'a' }))).toBe(5 * MINUTE_MS);
});

test('a wait is over when its time has come, or when the clock was set back', () => {
  expect(isWaitOver(1000, 999)).toBe(false);
  expect(isWaitOver(1000, 1000)).toBe(true);
  expect(isWaitOver(HOUR_MS, 0)).toBe(false);
  expect(isWaitOver(HOUR_MS + 1, 0)).toBe(true);
});

test('a success ends the wait, and the next failure starts from the shortest one', () => {
  const backoff = new Backoff();
  expect(backoff.reasonToWait(0)).toBeUndefined();
  expect(backoff.failed(down, 0)).toBe(65_000);
  expect(backoff.failed(down, 65_000)).toBe(195_000);
  expect(backoff.reasonToWait(100_000)).toEqual({ ...down, retryAfterMs: 95_000 });
  expect(backoff.reasonToWait(195_000)).toBeUndefined();
  expect(backoff.reasonToWait(-24 * HOUR_MS)).toBeUndefined();
  backoff.succeeded();
  expect(backoff.nextTryAt).toBeUndefined();
  expect(backoff.failed(down, 0)).toBe(65_000);
});

test('a try out of turn does not end the wait that the authority asked for', () => {
  const backoff = new Backoff();
  expect(backoff.failed({ ...down, retryAfterMs: 600_000 }, 0)).toBe(600_000);
  // MSAL's own throttle answers it, without a Retry-After.
  expect(backoff.failed(down, 10_000)).toBe(600_000);
  expect(backoff.failed(down, 600_000)).toBe(860_000);
});
