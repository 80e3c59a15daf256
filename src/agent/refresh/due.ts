import type { AccessToken } from '../status/account.ts';
import { isWaitOver } from '../session/backoff.ts';
import { isFromFuture, renewalMargin, timeLeft } from './lifetime.ts';
import type { RefreshCause, Status } from '../status/status.ts';

/** What is known when somebody asks whether a refresh is due: a timer, the tick, a resume. */
export interface DueFacts {
  readonly now: number;
  readonly status: Status;
  /** The profile's default token, when there is one. */
  readonly token: AccessToken | undefined;
  /** The instant of the schedule that comes next, or that has passed unhandled. */
  readonly scheduledAt: number | undefined;
  /** When to try again after a failure, if the last refresh failed. */
  readonly nextTryAt: number | undefined;
}

/**
 * When the next refresh will be, as far as is known now: at the next try after a failure; else before the
 * token ends, or at the schedule's instant if that is earlier. Milliseconds since the epoch.
 */
export function nextRefreshAt({ now, status, token, scheduledAt, nextTryAt }: DueFacts): number | undefined {
  if (status.session.kind !== 'signed-in') return undefined;
  if (nextTryAt !== undefined) return isWaitOver(nextTryAt, now) ? now : nextTryAt;
  const byExpiry = token === undefined ? now : token.expiresOn - renewalMargin(token);
  return Math.max(now, Math.min(byExpiry, scheduledAt ?? Infinity));
}

/**
 * Whether a refresh is due, and why. Pure and idempotent: any number of timers may ask. Several
 * missed runs of the schedule are one instant in the past, so they are one refresh; a run that comes
 * during the wait after a failure (which may be the authority's own Retry-After) is what the retry does.
 */
export function dueRefresh({
  now,
  status,
  token,
  scheduledAt,
  nextTryAt,
}: DueFacts): RefreshCause | undefined {
  if (status.session.kind !== 'signed-in' || status.activity.kind === 'refreshing') return undefined;
  if (nextTryAt !== undefined) return isWaitOver(nextTryAt, now) ? 'retry' : undefined;
  if (scheduledAt !== undefined && now >= scheduledAt) return 'schedule';
  if (token === undefined || isFromFuture(token, now)) return 'expiry';
  return timeLeft(token, now) <= renewalMargin(token) ? 'expiry' : undefined;
}
