import { describe, expect, test } from 'vitest';
import { problem, type Problem, type ProblemKind } from '../../../src/words/problem.ts';
import {
  initialStatus,
  nextStatus,
  type Status,
  type StatusEvent,
} from '../../../src/agent/status/status.ts';
import { ada, bob } from '../fixtures/fake-authority.ts';

const kinds: readonly ProblemKind[] = ['transient', 'interaction', 'admin', 'storage', 'usage'];
const trouble = (kind: ProblemKind): Problem => problem(kind, 'signed-out');

const events: readonly StatusEvent[] = [
  { kind: 'restored', account: ada, expiresOn: 100 },
  { kind: 'restored', account: ada, expiresOn: undefined },
  { kind: 'sign-in-started' },
  ...kinds.map((kind): StatusEvent => ({ kind: 'sign-in-failed', problem: trouble(kind) })),
  { kind: 'signed-in', account: bob, expiresOn: 200 },
  { kind: 'refresh-started', cause: 'user' },
  { kind: 'refreshed', account: ada, expiresOn: 300 },
  ...kinds.map((kind): StatusEvent => ({
    kind: 'refresh-failed',
    problem: trouble(kind),
    at: 5,
    nextTryAt: 70,
  })),
  { kind: 'refresh-dropped' },
  { kind: 'signed-out' },
  { kind: 'storage-failed', problem: trouble('storage') },
  { kind: 'storage-recovered' },
];

/** Every status that can be reached by any events, each with the events that lead away from it. */
function reachable(): Status[] {
  const found = new Map([[JSON.stringify(initialStatus), initialStatus]]);
  for (const status of found.values()) {
    for (const event of events) {
      const next = nextStatus(status, event);
      const key = JSON.stringify(next);
      if (!found.has(key)) found.set(key, next);
    }
  }
  return [...found.values()];
}

const statuses = reachable();

/** Holds `rule` against every event in every reachable status. */
function always(rule: (before: Status, event: StatusEvent, after: Status) => void): void {
  for (const before of statuses) {
    for (const event of events) rule(before, event, nextStatus(before, event));
  }
}

test('the model is finite and small, so that every rule below is seen in every status', () => {
  expect(statuses.length).toBeGreaterThan(100);
  expect(statuses.length).toBeLessThan(5000);
});

test('a refresh in the background never hides that the user is signing in', () => {
  always((before, event, after) => {
    const isRefresh = event.kind.startsWith('refresh') || event.kind.startsWith('storage');
    if (before.activity.kind === 'signing-in' && isRefresh) expect(after.activity.kind).toBe('signing-in');
  });
});

test('only a sign-out signs out, and only a sign-in, a restore or a refresh signs in', () => {
  always((before, event, after) => {
    if (after.session.kind === 'signed-out' && before.session.kind !== 'signed-out') {
      expect(event.kind).toBe('signed-out');
    }
    if (after.session.kind === 'signed-in' && before.session.kind !== 'signed-in') {
      expect(['signed-in', 'restored', 'refreshed']).toContain(event.kind);
    }
  });
});

test('a sign-in is needed only after a refusal of the authority, and the account stays known', () => {
  always((before, event, after) => {
    if (after.session.kind !== 'sign-in-needed' || before.session.kind === 'sign-in-needed') return;
    expect(event).toMatchObject({ kind: 'refresh-failed', problem: { kind: 'interaction' } });
    expect(before.session).toMatchObject({ kind: 'signed-in', account: after.session.account });
  });
});

test('no failure but a refusal of the authority changes the session', () => {
  always((before, event, after) => {
    const isRefusal = event.kind === 'refresh-failed' && event.problem.kind === 'interaction';
    if (event.kind.endsWith('-failed') && !isRefusal) expect(after.session).toBe(before.session);
  });
});

test('a failed sign-in never leaves the status signing in', () => {
  always((_before, event, after) => {
    if (event.kind === 'sign-in-failed' || event.kind === 'signed-in') {
      expect(after.activity.kind).toBe('idle');
    }
  });
});

test('a storage problem outlives successes; only the store itself ends it', () => {
  always((before, event, after) => {
    const isSuccess = ['signed-in', 'refreshed', 'signed-out', 'restored'].includes(event.kind);
    if (before.storage.kind === 'trouble' && isSuccess) expect(after.storage).toBe(before.storage);
  });
});

test('being offline does not hide a storage problem, nor the other way round', () => {
  always((before, event, after) => {
    const isStorage = event.kind.startsWith('storage-');
    if (isStorage) expect(after.health).toBe(before.health);
    const isOther = event.kind === 'refresh-failed' && event.problem.kind !== 'storage';
    if (isOther) expect(after.storage).toBe(before.storage);
  });
});

test('a sign-out that finishes late does not hide the next sign-in', () => {
  always((before, event, after) => {
    if (event.kind !== 'signed-out') return;
    const isSigningIn = before.activity.kind === 'signing-in';
    expect(after.activity.kind).toBe(isSigningIn ? 'signing-in' : 'idle');
  });
});

test('success ends offline and configuration problems', () => {
  always((before, event, after) => {
    const isTrouble = before.health.kind === 'offline' || before.health.kind === 'configuration';
    if (isTrouble && (event.kind === 'refreshed' || event.kind === 'signed-in')) {
      expect(after.health.kind).toBe('ok');
    }
  });
});

test('nothing waits for a next try after a success or a refusal', () => {
  always((_before, event, after) => {
    const isRefusal = event.kind === 'refresh-failed' && event.problem.kind === 'interaction';
    if (isRefusal || event.kind === 'refreshed') expect(after.activity.kind).not.toBe('waiting');
  });
});

test('a status is never changed in place', () => {
  const frozen = (status: Status): Status => {
    for (const part of Object.values(status)) Object.freeze(part);
    return Object.freeze(status);
  };
  expect(() => always((before, event) => void nextStatus(frozen(before), event))).not.toThrow();
});

describe('health', () => {
  const after = (...sequence: StatusEvent[]): Status => sequence.reduce(nextStatus, initialStatus);
  const failed = (kind: ProblemKind, at: number): StatusEvent => ({
    kind: 'refresh-failed',
    problem: trouble(kind),
    at,
    nextTryAt: at + 65,
  });

  test('offline counts from the first failure and shows the newest reason', () => {
    expect(after(failed('transient', 5), failed('transient', 70)).health).toEqual({
      kind: 'offline',
      since: 5,
      reason: trouble('transient'),
    });
  });

  test('an authority that answers is not offline; the time counts from the first failure all the same', () => {
    const unknown = problem('transient', 'unknown', { detail: 'never_seen' });
    const answered: StatusEvent = { kind: 'refresh-failed', problem: unknown, at: 70, nextTryAt: 135 };
    const { health } = after(failed('transient', 5), answered);
    expect(health).toEqual({ kind: 'failing', since: 5, reason: unknown });
  });

  test.each<[ProblemKind, Status['health']['kind']]>([
    ['transient', 'offline'],
    ['admin', 'configuration'],
    ['storage', 'ok'],
    ['interaction', 'ok'],
    ['usage', 'ok'],
  ])('after a %s failure of a refresh is %s', (kind, health) => {
    expect(after(failed(kind, 5)).health.kind).toBe(health);
  });

  test.each<[ProblemKind, Status['health']['kind']]>([
    ['transient', 'ok'],
    ['admin', 'configuration'],
    ['storage', 'ok'],
    ['interaction', 'ok'],
  ])('after a %s failure of a sign-in is %s', (kind, health) => {
    expect(after({ kind: 'sign-in-failed', problem: trouble(kind) }).health.kind).toBe(health);
  });

  test.each<StatusEvent>([failed('storage', 5), { kind: 'sign-in-failed', problem: trouble('storage') }])(
    'a keyring that refuses is reported in its own part: $kind',
    (event) => {
      const status = after(failed('transient', 1), event);
      expect(status.storage).toEqual({ kind: 'trouble', reason: trouble('storage') });
      expect(status.health.kind).toBe('offline');
    },
  );
});
