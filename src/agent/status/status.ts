import type { Account } from './account.ts';
import type { Problem } from '../../words/problem.ts';

/** Who is signed in. `expiresOn` is the default token's end, in milliseconds since the epoch. */
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
  | { readonly kind: 'offline'; readonly since: number; readonly reason: Problem }
  | { readonly kind: 'configuration'; readonly reason: Problem };

/** A part of its own: being offline must not hide that nothing is stored any more. */
export type StorageHealth = { readonly kind: 'ok' } | { readonly kind: 'trouble'; readonly reason: Problem };

/** The independent parts of a profile's status (DESIGN, The session of a profile). */
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
  /** The schedule cannot be kept. */
  | { readonly kind: 'schedule-refused'; readonly problem: Problem }
  | { readonly kind: 'storage-failed'; readonly problem: Problem }
  | { readonly kind: 'storage-recovered' };

export const initialStatus: Status = {
  session: { kind: 'signed-out' },
  activity: { kind: 'idle' },
  health: { kind: 'ok' },
  storage: { kind: 'ok' },
};

const well: Health = { kind: 'ok' };

/** What the authority has granted says nothing of the schedule: that stays as it is written. */
function healthAfterSuccess(health: Health): Health {
  return health.kind === 'configuration' && health.reason.code === 'schedule.never' ? health : well;
}

/** The authority not being reached for a sign-in says nothing about the session; what has to be mended does. */
function healthAfterSignInFailure(health: Health, reason: Problem): Health {
  return reason.kind === 'admin' ? { kind: 'configuration', reason } : health;
}

function storageAfterFailure(storage: StorageHealth, reason: Problem): StorageHealth {
  return reason.kind === 'storage' ? { kind: 'trouble', reason } : storage;
}

function healthAfterFailure(health: Health, reason: Problem, at: number): Health {
  switch (reason.kind) {
    case 'transient':
      return health.kind === 'offline' ? { ...health, reason } : { kind: 'offline', since: at, reason };
    case 'admin':
      return { kind: 'configuration', reason };
    case 'interaction':
      return healthAfterSuccess(health);
    case 'storage':
    case 'usage':
      return health;
  }
}

/** A refresh in the background does not hide that somebody is signing in. */
function besideSignIn(activity: Activity, next: Activity): Activity {
  return activity.kind === 'signing-in' ? activity : next;
}

function afterRefreshFailed(status: Status, event: Extract<StatusEvent, { kind: 'refresh-failed' }>): Status {
  const health = healthAfterFailure(status.health, event.problem, event.at);
  const storage = storageAfterFailure(status.storage, event.problem);
  const idle = besideSignIn(status.activity, { kind: 'idle' });
  if (event.problem.kind === 'usage') return { ...status, activity: idle, health, storage };
  if (event.problem.kind !== 'interaction') {
    const activity = besideSignIn(status.activity, { kind: 'waiting', nextTryAt: event.nextTryAt });
    return { ...status, activity, health, storage };
  }
  const { session } = status;
  if (session.kind === 'signed-out') return { ...status, activity: idle, health, storage };
  return {
    session: {
      kind: 'sign-in-needed',
      reason: event.problem,
      account: session.account,
      expiresOn: session.expiresOn,
    },
    activity: idle,
    health,
    storage,
  };
}

/** The one place where a status changes. Pure: the same status and event give the same status. */
export function nextStatus(status: Status, event: StatusEvent): Status {
  switch (event.kind) {
    case 'restored':
      return {
        ...status,
        session: { kind: 'signed-in', account: event.account, expiresOn: event.expiresOn },
      };
    case 'sign-in-started':
      return { ...status, activity: { kind: 'signing-in' } };
    case 'sign-in-failed':
      return {
        ...status,
        activity: { kind: 'idle' },
        health: healthAfterSignInFailure(status.health, event.problem),
        storage: storageAfterFailure(status.storage, event.problem),
      };
    case 'signed-in':
      return {
        session: { kind: 'signed-in', account: event.account, expiresOn: event.expiresOn },
        activity: { kind: 'idle' },
        health: healthAfterSuccess(status.health),
        storage: status.storage,
      };
    case 'refresh-started':
      return {
        ...status,
        activity: besideSignIn(status.activity, { kind: 'refreshing', cause: event.cause }),
      };
    case 'refreshed':
      return {
        session: { kind: 'signed-in', account: event.account, expiresOn: event.expiresOn },
        activity: besideSignIn(status.activity, { kind: 'idle' }),
        health: healthAfterSuccess(status.health),
        storage: status.storage,
      };
    case 'refresh-failed':
      return afterRefreshFailed(status, event);
    case 'refresh-dropped':
      return status.activity.kind === 'refreshing' ? { ...status, activity: { kind: 'idle' } } : status;
    case 'signed-out':
      return {
        session: { kind: 'signed-out' },
        // The next sign-in may have been begun while the vault was still being emptied.
        activity: besideSignIn(status.activity, { kind: 'idle' }),
        health: healthAfterSuccess(status.health),
        storage: status.storage,
      };
    case 'schedule-refused':
      return { ...status, health: { kind: 'configuration', reason: event.problem } };
    case 'storage-failed':
      return { ...status, storage: { kind: 'trouble', reason: event.problem } };
    case 'storage-recovered':
      return status.storage.kind === 'ok' ? status : { ...status, storage: { kind: 'ok' } };
  }
}
