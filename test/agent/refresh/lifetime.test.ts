import { describe, expect, test } from 'vitest';
import type { AccessToken } from '../../../src/agent/status/account.ts';
import {
  answerFresh,
  answerWithout,
  isBeyondReach,
  isEnough,
  renewalMargin,
  type TokenRequest,
} from '../../../src/agent/refresh/lifetime.ts';
import { problem, type Problem } from '../../../src/words/problem.ts';
import { Secret } from '../../../src/system/secret.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';

const NOW = Date.UTC(2026, 10, 22, 8);

/** An hour's token with these minutes left at NOW. */
function left(minutes: number, lifeMs = HOUR_MS): AccessToken {
  const expiresOn = NOW + minutes * MINUTE_MS;
  const obtainedAt = expiresOn - lifeMs;
  return { value: new Secret('t'), tokenType: 'Bearer', scopes: ['User.Read'], obtainedAt, expiresOn };
}

describe('a token is sufficient', () => {
  test.each<[number, TokenRequest, boolean]>([
    [60, {}, true],
    [11, {}, true],
    [10, {}, true],
    [9.99, {}, false],
    [0, {}, false],
    [-1, {}, false],
    [5, { minLifetimeMs: 5 * MINUTE_MS }, true],
    [5, { minLifetimeMs: 5 * MINUTE_MS + 1 }, false],
    [1, { minLifetimeMs: 0 }, true],
    [0, { minLifetimeMs: 0 }, false],
    [60, { fresh: 'always' }, false],
    [60, { fresh: 'if-needed' }, true],
    [60, { claims: '{}' }, false],
  ])('with %d minutes left for %j: %s', (minutes, request, expected) => {
    expect(isEnough(left(minutes), request, NOW)).toBe(expected);
  });

  test('not after the clock was set back: its lifetime is unknown', () => {
    const token = left(60);
    expect(isEnough(token, {}, token.obtainedAt - 4 * MINUTE_MS)).toBe(true);
    expect(isEnough(token, {}, token.obtainedAt - 6 * MINUTE_MS)).toBe(false);
  });

  test('in the first half of its lifetime if it lives shorter than twenty minutes', () => {
    expect(renewalMargin(left(5, 5 * MINUTE_MS))).toBe(2.5 * MINUTE_MS);
    expect(isEnough(left(3, 5 * MINUTE_MS), {}, NOW)).toBe(true);
    expect(isEnough(left(2, 5 * MINUTE_MS), {}, NOW)).toBe(false);
    expect(renewalMargin(left(60, 24 * HOUR_MS))).toBe(10 * MINUTE_MS);
  });
});

describe('more asked than the authority gives', () => {
  test.each<[number, number | undefined, boolean]>([
    [60, 2 * HOUR_MS, true],
    [59.5, 2 * HOUR_MS, true],
    [58, 2 * HOUR_MS, false],
    [60, HOUR_MS, false],
    [60, undefined, false],
  ])('is known with %d minutes of an hour left and %s asked: %s', (minutes, asked, expected) => {
    const request = asked === undefined ? {} : { minLifetimeMs: asked };
    expect(isBeyondReach(left(minutes), request, NOW)).toBe(expected);
  });

  test('is refused, naming the longest life', () => {
    expect(answerFresh(left(60), { minLifetimeMs: 2 * HOUR_MS }, NOW)).toMatchObject({
      kind: 'refused',
      problem: { kind: 'usage', code: 'lifetime-too-long', params: { asked: '2 h', longest: '60 min' } },
    });
  });

  test('is only a wish when nothing was demanded', () => {
    expect(answerFresh(left(1, MINUTE_MS), {}, NOW)).toMatchObject({ kind: 'token', warning: undefined });
  });
});

const reasons: Problem[] = [
  problem('transient', 'throttled'),
  problem('interaction', 'signed-out'),
  problem('admin', 'no-secret', { clientId: 'c', authority: 'a' }),
  problem('storage', 'storage.write', { detail: 'd' }),
];

describe.each(reasons)('no new token because of $kind trouble', (reason) => {
  test.each<[string, AccessToken | undefined, TokenRequest, 'token' | 'refused']>([
    ['by default the rest is returned', left(1), {}, 'token'],
    ['by default the rest is returned, also for fresh', left(1), { fresh: 'always' }, 'token'],
    ['a demand that is met gets it', left(5), { minLifetimeMs: 5 * MINUTE_MS }, 'token'],
    ['a demand that is not met is refused', left(4), { minLifetimeMs: 5 * MINUTE_MS }, 'refused'],
    [
      'by default a token is returned whose lifetime looks long because the clock was set back',
      left(90),
      {},
      'token',
    ],
    [
      'a required lifetime is refused then: it is unknown what is left',
      left(90),
      { minLifetimeMs: MINUTE_MS },
      'refused',
    ],
    ['an expired token is never served', left(0), {}, 'refused'],
    ['without a token there is nothing to serve', undefined, {}, 'refused'],
  ])('%s', (_name, token, request, kind) => {
    const answer = answerWithout(token, request, reason, NOW);
    expect(answer).toEqual(kind === 'token' ? { kind, token, warning: reason } : { kind, problem: reason });
  });
});
