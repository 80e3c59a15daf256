import { describe, expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import { exitCodeOf, replyWithProblem, replyWithToken } from '../../../src/outlets/answer/answer.ts';
import { answerOf, decisions, nameOf, withoutAgent } from '../../agent/fixtures/decision-table.ts';
import { ada, NOON, token, TOKEN } from '../fixtures/fake-agent.ts';

const transient = problem('transient', 'throttled', {}, { retryAfterMs: 6_200 });

describe('the answer to a token request', () => {
  test.each(decisions.map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
    const reply = replyWithToken(answerOf(row, NOON), ada);
    expect(reply).toMatchObject({ exitCode: row.exitCode, httpStatus: row.httpStatus });
    expect('accessToken' in reply.body).toBe(row.gets !== 'refusal');
    expect('warning' in reply.body).toBe(row.gets !== 'refusal' && row.problem !== undefined);
    expect('Retry-After' in reply.headers).toBe(row.retryAfter === 'yes');
  });

  test.each(withoutAgent)('no agent runs: $asked', ({ problem: reason, exitCode }) => {
    expect(exitCodeOf(reason)).toBe(exitCode);
  });

  test('a required lifetime longer than the authority’s is refused with the longest one', () => {
    const row = decisions.find(({ asked }) => asked === 'demand beyond the longest life')!;
    expect(JSON.stringify(replyWithToken(answerOf(row, NOON), ada).body)).toContain('60 min');
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
      message: 'The authority received too many requests.',
      next: 'Tokentray tries again automatically.',
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

test('an unexpected error is a plain failure with its own kind', () => {
  const unknown = problem('usage', 'unexpected', { detail: 'TypeError' });
  expect(replyWithProblem(unknown)).toMatchObject({
    exitCode: 1,
    httpStatus: 500,
    body: { error: { kind: 'unexpected', code: 'unexpected' } },
  });
});

test('another running host is a plain failure', () => {
  expect(exitCodeOf(problem('usage', 'already-running', { owner: '' }))).toBe(1);
});
