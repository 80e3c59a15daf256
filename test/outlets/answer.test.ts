import { describe, expect, test } from 'vitest';
import { answerFresh, answerWithout, isBeyondReach, isEnough } from '../../src/agent/lifetime.ts';
import type { TokenAnswer, TokenRequest } from '../../src/agent/lifetime.ts';
import { problem, type Problem } from '../../src/agent/problem.ts';
import { exitCodeOf, replyWithProblem, replyWithToken } from '../../src/outlets/answer.ts';
import { ada, NOON, token, TOKEN } from './fake-agent.ts';

const MINUTE = 60_000;
const transient = problem('transient', 'throttled', {}, { retryAfterMs: 6_200 });
const interaction = problem('interaction', 'signed-out');
const admin = problem('admin', 'not-configured');
const storage = problem('storage', 'storage.write', { detail: 'locked' });

const wish: TokenRequest = {};
const demand: TokenRequest = { minLifetimeMs: 30 * MINUTE };
/** Five minutes before its end: less than the wish and the demand. */
const LATE = token.expiresOn - 5 * MINUTE;

const served = (now: number, request: TokenRequest): TokenAnswer => {
  expect(isEnough(token, request, now)).toBe(true);
  return { kind: 'token', token, warning: undefined };
};
const refused = (reason: Problem): TokenAnswer => answerWithout(undefined, wish, reason, NOON);
const beyond: TokenRequest = { minLifetimeMs: 120 * MINUTE };

/** DESIGN, "What an asker gets", row by row: what the agent answers, and what leaves. */
const table: readonly [row: string, answer: () => TokenAnswer, exit: number, http: number, warns: boolean][] =
  [
    ['enough · wish', () => served(NOON, wish), 0, 200, false],
    ['enough · demand', () => served(NOON, demand), 0, 200, false],
    ['too little, refreshed · wish', () => answerFresh(token, wish, NOON), 0, 200, false],
    ['too little, refreshed · demand', () => answerFresh(token, demand, NOON), 0, 200, false],
    ['too little, transient · wish', () => answerWithout(token, wish, transient, LATE), 0, 200, true],
    ['too little, transient · demand', () => answerWithout(token, demand, transient, LATE), 11, 503, false],
    ['too little, interaction · wish', () => answerWithout(token, wish, interaction, LATE), 0, 200, true],
    [
      'too little, interaction · demand',
      () => answerWithout(token, demand, interaction, LATE),
      10,
      400,
      false,
    ],
    ['too little, admin · wish', () => answerWithout(token, wish, admin, LATE), 0, 200, true],
    ['too little, admin · demand', () => answerWithout(token, demand, admin, LATE), 12, 400, false],
    ['none, transient', () => refused(transient), 11, 503, false],
    ['none, interaction', () => refused(interaction), 10, 400, false],
    ['none, admin', () => refused(admin), 12, 400, false],
    ['none, storage', () => refused(storage), 14, 400, false],
    ['more than ever given · wish', () => answerFresh(token, wish, NOON), 0, 200, false],
    ['more than ever given · demand', () => answerFresh(token, beyond, NOON), 2, 400, false],
  ];

describe('what an asker gets', () => {
  test.each(table)('%s', (_row, answer, exitCode, httpStatus, warns) => {
    const reply = replyWithToken(answer(), ada);
    expect(reply).toMatchObject({ exitCode, httpStatus });
    expect('accessToken' in reply.body).toBe(httpStatus === 200);
    expect('warning' in reply.body).toBe(warns);
    expect('Retry-After' in reply.headers).toBe(httpStatus === 503);
  });

  test('no agent runs', () => {
    expect(exitCodeOf(problem('admin', 'agent-not-running'))).toBe(13);
  });

  test('a demand beyond what the authority ever gives names the longest life', () => {
    expect(isBeyondReach(token, beyond, NOON)).toBe(true);
    const { body } = replyWithToken(answerFresh(token, beyond, NOON), ada);
    expect(JSON.stringify(body)).toContain('60 min');
  });
});

test('the token’s JSON', () => {
  const reply = replyWithToken({ kind: 'token', token, warning: transient }, ada);
  expect(reply.body).toEqual({
    schemaVersion: 1,
    accessToken: TOKEN,
    tokenType: 'Bearer',
    expiresOn: '2026-11-22T13:00:00Z',
    expires_on: Date.UTC(2026, 10, 22, 13) / 1000,
    scopes: ['User.Read'],
    account: ada,
    warning: {
      kind: 'transient',
      code: 'throttled',
      message: 'The authority asks for fewer requests.',
      next: 'Tokentray waits and tries again by itself.',
      retryAfterSeconds: 7,
    },
  });
});

test('the error’s JSON and Retry-After in whole seconds, rounded up', () => {
  const reply = replyWithProblem(transient);
  expect(reply.headers).toEqual({ 'Retry-After': '7' });
  expect(reply.body).toMatchObject({ schemaVersion: 1, error: { retryAfterSeconds: 7 } });
  expect(replyWithProblem(problem('transient', 'throttled')).headers).toEqual({ 'Retry-After': '65' });
  const now = replyWithProblem(problem('transient', 'throttled', {}, { retryAfterMs: 0 }));
  expect(now.headers).toEqual({ 'Retry-After': '1' });
});

test('another host that runs already is a plain failure', () => {
  expect(exitCodeOf(problem('usage', 'already-running', { owner: '' }))).toBe(1);
});
