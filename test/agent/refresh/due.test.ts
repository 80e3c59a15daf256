import { expect, test } from 'vitest';
import type { AccessToken } from '../../../src/agent/status/account.ts';
import { dueRefresh, type DueFacts } from '../../../src/agent/refresh/timetable.ts';
import { problem } from '../../../src/words/problem.ts';
import { initialStatus, type Status } from '../../../src/agent/status/status.ts';
import { Secret } from '../../../src/system/secret.ts';
import { ada, HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';

const now = Date.UTC(2026, 10, 22, 8);
const signedIn: Status = { ...initialStatus, session: { kind: 'signed-in', account: ada, expiresOn: now } };
const token = (minutes: number): AccessToken => ({
  value: new Secret('t'),
  tokenType: 'Bearer',
  scopes: [],
  obtainedAt: now + minutes * MINUTE_MS - HOUR_MS,
  expiresOn: now + minutes * MINUTE_MS,
});
const calm: DueFacts = {
  now,
  status: signedIn,
  token: token(60),
  scheduledAt: now + 1,
  nextTryAt: undefined,
};
const reason = problem('interaction', 'signed-out');

test.each<[string, Partial<DueFacts>, ReturnType<typeof dueRefresh>]>([
  ['nothing is due', {}, undefined],
  ['the schedule is due', { scheduledAt: now }, 'schedule'],
  ['the schedule was due yesterday', { scheduledAt: now - 24 * HOUR_MS }, 'schedule'],
  ['the token is near its end', { token: token(10) }, 'expiry'],
  ['the token is not yet near its end', { token: token(10.1) }, undefined],
  ['the token has expired', { token: token(-60) }, 'expiry'],
  ['there is no token', { token: undefined }, 'expiry'],
  ['the wait after a failure is over', { token: token(5), nextTryAt: now }, 'retry'],
  ['the wait after a failure is not over', { token: undefined, nextTryAt: now + 1 }, undefined],
  ['the clock was set back during the wait', { nextTryAt: now + 2 * HOUR_MS }, 'retry'],
  ['the schedule comes during a wait', { scheduledAt: now, nextTryAt: now + MINUTE_MS }, undefined],
  ['the wait is over after the schedule came', { scheduledAt: now - MINUTE_MS, nextTryAt: now }, 'retry'],
  [
    'the clock was set back by a year since the token was obtained',
    { token: token(365 * 24 * 60) },
    'expiry',
  ],
  ['no user is signed in', { status: initialStatus, token: undefined, scheduledAt: now }, undefined],
  [
    'the user has to sign in',
    {
      status: {
        ...signedIn,
        session: { kind: 'sign-in-needed', reason, account: ada, expiresOn: now },
      },
      token: undefined,
      scheduledAt: now,
    },
    undefined,
  ],
  [
    'a refresh is under way',
    {
      status: { ...signedIn, activity: { kind: 'refreshing', cause: 'user' } },
      token: undefined,
      scheduledAt: now,
    },
    undefined,
  ],
  [
    'the user is signing in, and the wait after a failure is not over',
    { status: { ...signedIn, activity: { kind: 'signing-in' } }, token: token(5), nextTryAt: now + 1 },
    undefined,
  ],
])('%s', (_name, facts, expected) => {
  expect(dueRefresh({ ...calm, ...facts })).toBe(expected);
});
