import { describe, expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import type { Session, Status } from '../../../src/agent/status/status.ts';
import { needOf } from '../../../src/tray/notifications/notifications.ts';
import { ada } from '../../agent/fixtures/fake-authority.ts';

const revoked = problem('interaction', 'revoked', { detail: 'AADSTS50173' });
const offline = problem('transient', 'offline', { host: 'login.example', detail: 'ENOTFOUND' });
const wrongSecret = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });

const sessions = {
  'signed-out': { kind: 'signed-out' },
  'signed-in': { kind: 'signed-in', account: ada, expiresOn: 1 },
  'sign-in-needed': { kind: 'sign-in-needed', account: ada, expiresOn: 1, reason: revoked },
} satisfies Record<string, Session>;

const statusOf = (session: Session, parts: Partial<Status> = {}): Status => ({
  session,
  activity: { kind: 'idle' },
  health: { kind: 'ok' },
  storage: { kind: 'ok' },
  ...parts,
});

describe('notified are', () => {
  test('a session that needs a sign-in', () => {
    expect(needOf(statusOf(sessions['sign-in-needed']))).toEqual({
      kind: 'sign-in',
      title: 'Sign-in needed',
      body: 'The authority ended your session (AADSTS50173). Sign in again.',
      fix: 'Sign in…',
    });
  });

  test('a session that could not be read and is lost', () => {
    const reason = problem('storage', 'storage.corrupt', { name: 'cache.corrupt-1' });
    expect(needOf(statusOf(sessions['signed-out'], { storage: { kind: 'trouble', reason } }))).toMatchObject({
      kind: 'sign-in',
      body: expect.stringContaining('cache.corrupt-1') as string,
    });
  });

  test('a registration that has to be fixed before the token expires', () => {
    expect(
      needOf(statusOf(sessions['signed-in'], { health: { kind: 'configuration', reason: wrongSecret } })),
    ).toMatchObject({ kind: 'configuration', title: 'Attention needed', fix: 'Show status' });
  });

  test('several profiles by name', () => {
    const configuration = { kind: 'configuration', reason: wrongSecret } as const;
    expect(needOf(statusOf(sessions['sign-in-needed']), 'At work')).toMatchObject({
      title: 'Sign-in needed: At work',
    });
    expect(needOf(statusOf(sessions['signed-in'], { health: configuration }), 'At work')).toMatchObject({
      title: 'Attention needed: At work',
    });
  });
});

describe('not notified is', () => {
  test.each([
    ['a healthy session', statusOf(sessions['signed-in'])],
    ['a refresh', statusOf(sessions['signed-in'], { activity: { kind: 'refreshing', cause: 'schedule' } })],
    ['a sign-out', statusOf(sessions['signed-out'])],
    [
      'a sign-in that failed: the user has been told',
      statusOf(sessions['signed-out'], { health: { kind: 'configuration', reason: wrongSecret } }),
    ],
    [
      'an unavailable keyring: the session continues',
      statusOf(sessions['signed-in'], {
        storage: { kind: 'trouble', reason: problem('storage', 'storage.unavailable', { detail: 'no bus' }) },
      }),
    ],
  ])('%s', (_name, status) => expect(needOf(status)).toBe('none'));

  test('an unreachable authority, which does not withdraw a notification either', () => {
    const away = { kind: 'offline', since: 1, reason: offline } as const;
    expect(needOf(statusOf(sessions['signed-in'], { health: away }))).toBe('unclear');
    expect(needOf(statusOf(sessions['sign-in-needed'], { health: away }))).toMatchObject({ kind: 'sign-in' });
  });
});
