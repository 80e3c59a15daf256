import { beforeEach, describe, expect, test, vi } from 'vitest';
import { problem } from '../../src/agent/problem.ts';
import type { Session, Status } from '../../src/agent/status.ts';
import { Notifier, notificationFor } from '../../src/tray/notifications.ts';
import { ada } from '../agent/fake-authority.ts';

/** The desktop's notifications, oldest first. */
const desktop = vi.hoisted(() => ({
  support: 'supported',
  shown: [] as { title: string; body: string; closed: boolean; click: () => void }[],
}));

vi.mock('electron', () => ({
  Notification: class {
    static readonly isSupported = (): boolean => desktop.support === 'supported';
    readonly #text: { title: string; body: string };
    readonly #state = { closed: false, click: (): void => undefined };

    constructor(text: { title: string; body: string }) {
      this.#text = text;
    }

    on(_event: 'click', listener: () => void): void {
      this.#state.click = listener;
    }

    show(): void {
      desktop.shown.push(Object.assign(this.#state, this.#text));
    }

    close(): void {
      this.#state.closed = true;
    }
  },
}));

const revoked = problem('interaction', 'revoked', { detail: 'AADSTS50173' });
const offline = problem('transient', 'offline', { host: 'login.example', detail: 'ENOTFOUND' });

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

describe('what is notified', () => {
  test.each(['signed-in', 'signed-out'] as const)(
    'a session that was %s and needs its user now',
    (before) => {
      expect(notificationFor(statusOf(sessions[before]), statusOf(sessions['sign-in-needed']))).toEqual({
        title: 'Sign-in needed',
        body: 'Your session was ended at the authority (AADSTS50173). Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
      });
    },
  );

  test('the same need is told once, whatever else changes meanwhile', () => {
    const needed = statusOf(sessions['sign-in-needed']);
    const consent = problem('interaction', 'consent', { detail: 'AADSTS65001' });
    for (const later of [
      needed,
      statusOf({ ...sessions['sign-in-needed'], reason: consent }),
      statusOf(sessions['sign-in-needed'], { activity: { kind: 'signing-in' } }),
      statusOf(sessions['sign-in-needed'], { health: { kind: 'offline', since: 1, reason: offline } }),
    ])
      expect(notificationFor(needed, later)).toBeUndefined();
  });

  test('a need that comes back after a sign-in is told again', () => {
    const needed = statusOf(sessions['sign-in-needed']);
    const mended = statusOf(sessions['signed-in']);
    expect(notificationFor(needed, mended)).toBeUndefined();
    expect(notificationFor(mended, needed)).toBeDefined();
  });

  test('trouble that ends by itself or stands in the menu is not', () => {
    const wrongSecret = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });
    const fine = statusOf(sessions['signed-in']);
    for (const next of [
      statusOf(sessions['signed-out']),
      statusOf(sessions['signed-in'], { health: { kind: 'offline', since: 1, reason: offline } }),
      statusOf(sessions['signed-in'], { health: { kind: 'configuration', reason: wrongSecret } }),
      statusOf(sessions['signed-in'], { activity: { kind: 'refreshing', cause: 'schedule' } }),
    ])
      expect(notificationFor(fine, next)).toBeUndefined();
  });
});

describe('a notification', () => {
  beforeEach(() => {
    desktop.shown.length = 0;
    desktop.support = 'supported';
  });

  test('does what it is for when it is clicked', () => {
    const onClick = vi.fn();
    new Notifier(onClick).show({ title: 'Sign-in needed', body: 'because' });
    expect(desktop.shown).toMatchObject([{ title: 'Sign-in needed', body: 'because', closed: false }]);
    desktop.shown[0]!.click();
    expect(onClick).toHaveBeenCalledOnce();
  });

  test('takes the place of the one before', () => {
    const notifier = new Notifier(() => undefined);
    notifier.show({ title: 'first', body: '' });
    notifier.show({ title: 'second', body: '' });
    expect(desktop.shown.map(({ title, closed }) => ({ title, closed }))).toEqual([
      { title: 'first', closed: true },
      { title: 'second', closed: false },
    ]);
  });

  test('is left out on a desktop that shows none', () => {
    desktop.support = 'unsupported';
    new Notifier(() => undefined).show({ title: 'Sign-in needed', body: '' });
    expect(desktop.shown).toEqual([]);
  });
});
