import type { AccessToken } from './account.ts';
import { isWaitOver } from './backoff.ts';
import { renewalMargin, timeLeft } from './lifetime.ts';
import type { RefreshCause, Status } from './status.ts';

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
 * Whether a refresh is due, and why. Pure and idempotent: any number of timers may ask. Several
 * missed runs of the schedule are one instant in the past, so they are one refresh.
 */
export function dueRefresh({
  now,
  status,
  token,
  scheduledAt,
  nextTryAt,
}: DueFacts): RefreshCause | undefined {
  if (status.session.kind !== 'signed-in' || status.activity.kind === 'refreshing') return undefined;
  if (scheduledAt !== undefined && now >= scheduledAt) return 'schedule';
  if (nextTryAt !== undefined) return isWaitOver(nextTryAt, now) ? 'retry' : undefined;
  if (token === undefined || timeLeft(token, now) <= renewalMargin(token)) return 'expiry';
  return undefined;
}
