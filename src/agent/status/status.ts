import type { Log } from '../../system/log/log.ts';
import type { Problem } from '../../words/problem.ts';
import type { Account } from './account.ts';

/** Who is signed in. `expiresOn` is when the default token expires, in milliseconds since the epoch. */
export type Session =
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly account: Account; readonly expiresOn: number | undefined }
  | {
      readonly kind: 'sign-in-needed';
      readonly reason: Problem;
      readonly account: Account;
      readonly expiresOn: number | undefined;
    };

export type RefreshCause = 'user' | 'schedule' | 'expiry' | 'asked' | 'retry';

export type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'signing-in' }
  | { readonly kind: 'refreshing'; readonly cause: RefreshCause }
  | { readonly kind: 'waiting'; readonly nextTryAt: number };

export type Health =
  | { readonly kind: 'ok' }
  /** `failing`: the authority answers, but not with a token. */
  | { readonly kind: 'offline' | 'failing'; readonly since: number; readonly reason: Problem }
  | { readonly kind: 'configuration'; readonly reason: Problem };

/** Separate from {@link Health}: being offline must not hide that nothing is stored. */
export type StorageHealth = { readonly kind: 'ok' } | { readonly kind: 'trouble'; readonly reason: Problem };

/** The status of a profile: four independent parts. */
export interface Status {
  readonly session: Session;
  readonly activity: Activity;
  readonly health: Health;
  readonly storage: StorageHealth;
}

export type StatusEvent =
  | { readonly kind: 'restored'; readonly account: Account; readonly expiresOn: number | undefined }
  | { readonly kind: 'sign-in-started' }
  | { readonly kind: 'sign-in-failed'; readonly problem: Problem }
  | { readonly kind: 'signed-in'; readonly account: Account; readonly expiresOn: number }
  | { readonly kind: 'refresh-started'; readonly cause: RefreshCause }
  | { readonly kind: 'refreshed'; readonly account: Account; readonly expiresOn: number }
  | {
      readonly kind: 'refresh-failed';
      readonly problem: Problem;
      readonly at: number;
      readonly nextTryAt: number;
    }
  | { readonly kind: 'refresh-dropped' }
  | { readonly kind: 'signed-out' }
  /** The schedule cannot be kept, or the session cannot be renewed. */
  | { readonly kind: 'misconfigured'; readonly problem: Problem }
  | { readonly kind: 'storage-failed'; readonly problem: Problem }
  | { readonly kind: 'storage-recovered' };

export const initialStatus: Status = {
  session: { kind: 'signed-out' },
  activity: { kind: 'idle' },
  health: { kind: 'ok' },
  storage: { kind: 'ok' },
};

const ok: Health = { kind: 'ok' };

/** A grant from the authority says nothing about the schedule: a schedule that never occurs stays reported. */
function healthAfterSuccess(health: Health): Health {
  return health.kind === 'configuration' && health.reason.code === 'schedule.never' ? health : ok;
}

function storageAfterFailure(storage: StorageHealth, reason: Problem): StorageHealth {
  return reason.kind === 'storage' ? { kind: 'trouble', reason } : storage;
}

/** The problems of an authority that answered, and Tokentray's own. */
const NOT_OFFLINE: readonly Problem['code'][] = ['throttled', 'authority-down', 'unknown', 'unexpected'];

function healthAfterFailure(health: Health, reason: Problem, at: number): Health {
  switch (reason.kind) {
    case 'transient':
      return {
        kind: NOT_OFFLINE.includes(reason.code) ? 'failing' : 'offline',
        since: 'since' in health ? health.since : at,
        reason,
      };
    case 'admin':
      return { kind: 'configuration', reason };
    case 'interaction':
      return healthAfterSuccess(health);
    case 'storage':
    case 'usage':
      return health;
  }
}

/** A refresh in the background does not hide that the user is signing in. */
function besideSignIn(activity: Activity, next: Activity): Activity {
  return activity.kind === 'signing-in' ? activity : next;
}

function afterRefreshFailed(
  { session, activity, health, storage }: Status,
  { problem: reason, at, nextTryAt }: Extract<StatusEvent, { kind: 'refresh-failed' }>,
): Status {
  const isFinal = reason.kind === 'interaction' || reason.kind === 'usage';
  return {
    session:
      reason.kind === 'interaction' && session.kind !== 'signed-out'
        ? { ...session, kind: 'sign-in-needed', reason }
        : session,
    activity: besideSignIn(activity, isFinal ? { kind: 'idle' } : { kind: 'waiting', nextTryAt }),
    health: healthAfterFailure(health, reason, at),
    storage: storageAfterFailure(storage, reason),
  };
}

/** The status after an event. The only place where a status changes; pure. */
export function nextStatus(status: Status, event: StatusEvent): Status {
  const { activity, health, storage } = status;
  switch (event.kind) {
    case 'restored':
      return { ...status, session: signedIn(event) };
    case 'sign-in-started':
      return { ...status, activity: { kind: 'signing-in' } };
    case 'sign-in-failed': {
      const { problem: reason } = event;
      return {
        ...status,
        activity: { kind: 'idle' },
        // Failing to reach the authority for a sign-in says nothing about the session; a wrong setting does.
        health: reason.kind === 'admin' ? { kind: 'configuration', reason } : health,
        storage: storageAfterFailure(storage, reason),
      };
    }
    case 'signed-in':
    case 'refreshed': {
      const idle: Activity = { kind: 'idle' };
      return {
        session: signedIn(event),
        activity: event.kind === 'signed-in' ? idle : besideSignIn(activity, idle),
        health: healthAfterSuccess(health),
        storage,
      };
    }
    case 'refresh-started':
      return { ...status, activity: besideSignIn(activity, { kind: 'refreshing', cause: event.cause }) };
    case 'refresh-failed':
      return afterRefreshFailed(status, event);
    case 'refresh-dropped':
      return activity.kind === 'refreshing' ? { ...status, activity: { kind: 'idle' } } : status;
    case 'signed-out':
      return {
        session: { kind: 'signed-out' },
        // The next sign-in may have begun while the vault was still being emptied.
        activity: besideSignIn(activity, { kind: 'idle' }),
        health: healthAfterSuccess(health),
        storage,
      };
    case 'misconfigured':
      return { ...status, health: { kind: 'configuration', reason: event.problem } };
    case 'storage-failed':
      return { ...status, storage: { kind: 'trouble', reason: event.problem } };
    case 'storage-recovered':
      return storage.kind === 'ok' ? status : { ...status, storage: { kind: 'ok' } };
  }
}

function signedIn({ account, expiresOn }: Omit<Extract<Session, { kind: 'signed-in' }>, 'kind'>): Session {
  return { kind: 'signed-in', account, expiresOn };
}

/** The current status and its watchers. */
export class StatusBoard {
  readonly #log: Log;
  readonly #watchers = new Set<(status: Status) => void>();
  #status: Status = initialStatus;

  constructor(log: Log) {
    this.#log = log;
  }

  get status(): Status {
    return this.#status;
  }

  /** Calls `watcher` after every change and every {@link announce}. The returned function ends it. */
  watch(watcher: (status: Status) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  publish(event: StatusEvent): void {
    const next = nextStatus(this.#status, event);
    if (next === this.#status) return;
    this.#status = next;
    this.announce();
  }

  /** Calls every watcher. A throw is logged: showing the status must not break a request for a token. */
  announce(): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(this.#status);
      } catch (error) {
        this.#log.error('a watcher of the status failed', { error });
      }
    }
  }
}
