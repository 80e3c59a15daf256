import { expect, test } from 'vitest';
import {
  initialStatus,
  nextStatus,
  type Status,
  type StatusEvent,
} from '../../../src/agent/status/status.ts';
import { sessionEvent } from '../../../src/terminal/serve/serve-events.ts';
import { problem } from '../../../src/words/problem.ts';

type Seen = Parameters<typeof sessionEvent>[0];

const account = { homeAccountId: 'a.t', tenantId: 't', username: 'ada@contoso.example', name: 'Ada' };
const ada = { account, expiresOn: 2_000 };
const nothing: Seen = { status: initialStatus, lastRefresh: undefined, failedSignIn: undefined };
const after = (events: readonly StatusEvent[], from: Status = initialStatus): Status =>
  events.reduce(nextStatus, from);
const signedIn: Seen = { ...nothing, status: after([{ kind: 'signed-in', ...ada }]) };
const wrongSecret = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });
const consent = problem('interaction', 'consent', { detail: 'AADSTS65001' });
const failed = { kind: 'failed', at: 1, cause: 'expiry' } as const;

test('a sign-in, a restored session, and the next account', () => {
  expect(sessionEvent(nothing, signedIn)).toEqual({ kind: 'signed-in', name: 'Ada', expiresOn: 2_000 });
  const restored = { ...nothing, status: after([{ kind: 'restored', account, expiresOn: undefined }]) };
  expect(sessionEvent(nothing, restored)).toMatchObject({ kind: 'signed-in', expiresOn: undefined });
  const bob = { account: { ...account, name: 'Bob' }, expiresOn: 3_000 };
  const next = { ...nothing, status: after([{ kind: 'signed-in', ...bob }], signedIn.status) };
  expect(sessionEvent(signedIn, next)).toMatchObject({ name: 'Bob' });
});

test('a refresh', () => {
  const status = after([{ kind: 'refreshed', account, expiresOn: 9_000 }], signedIn.status);
  const refreshed: Seen = {
    status,
    lastRefresh: { kind: 'refreshed', at: 1, cause: 'expiry' },
    failedSignIn: undefined,
  };
  expect(sessionEvent(signedIn, refreshed)).toEqual({ kind: 'refreshed', expiresOn: 9_000 });
});

test.each([wrongSecret, consent])('a failed refresh: $code', (reason) => {
  const status = after([{ kind: 'refresh-failed', problem: reason, at: 1, nextTryAt: 2 }], signedIn.status);
  const now: Seen = { status, lastRefresh: { ...failed, reason }, failedSignIn: undefined };
  expect(sessionEvent(signedIn, now)).toEqual({ kind: 'failed', reason });
  expect(sessionEvent(now, now)).toBeUndefined();
});

test('a problem of the configuration that comes with a sign-in, or later', () => {
  const reason = problem('admin', 'no-refresh-token');
  const now: Seen = {
    ...signedIn,
    status: after([{ kind: 'misconfigured', problem: reason }], signedIn.status),
  };
  expect(sessionEvent(signedIn, now)).toEqual({ kind: 'failed', reason });
  expect(sessionEvent(now, now)).toBeUndefined();
});

test('a failed sign-in, also of a session that stays', () => {
  expect(sessionEvent(signedIn, { ...signedIn, failedSignIn: consent })).toEqual({
    kind: 'failed',
    reason: consent,
  });
});

test('a sign-out; and nothing where only the activity changed', () => {
  expect(sessionEvent(signedIn, nothing)).toEqual({ kind: 'signed-out' });
  const busy = { ...signedIn, status: after([{ kind: 'refresh-started', cause: 'user' }], signedIn.status) };
  expect(sessionEvent(signedIn, busy)).toBeUndefined();
});
