import type { Problem } from '../../words/problem.ts';

/**
 * First retry: longer than a request may take (30 s), so that tries never overlap, and longer than the 60 s for
 * which MSAL answers from its own throttle after a 429 or 5xx.
 */
const FIRST_RETRY_MS = 65_000;
/** The end of an outage is not announced. Five minutes is what a user would wait before trying manually. */
const LONGEST_RETRY_MS = 5 * 60_000;
/** MSAL never obeys a Retry-After of more than an hour. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

/** A policy or a consent is changed in hours, and each refused try is an entry in the administrator's log. */
const POLICY_RETRY_MS = 60 * 60_000;

/** Whether a refusal may end without a sign-in: others change policies, give consent and enable accounts. */
export function isOthersToChange({ code }: Problem): boolean {
  return ['conditional-access', 'consent', 'admin-consent', 'account-disabled'].includes(code);
}

/** The wait after the `attempt`-th failure in a row (1 is the first), in milliseconds. */
export function retryDelay(attempt: number, reason: Problem): number {
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
  const asked = Math.min(reason.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  if (isOthersToChange(reason)) return POLICY_RETRY_MS;
  // A setting must be changed first: no hurry, but no restart needed either.
  return reason.kind === 'admin' ? LONGEST_RETRY_MS : Math.max(backoff, asked);
}

/**
 * Whether a wait is over. One that is longer than any we choose means that the clock was set back, and counts as
 * over.
 */
export function isWaitOver(nextTryAt: number, now: number): boolean {
  return now >= nextTryAt || nextTryAt - now > LONGEST_RETRY_AFTER_MS;
}

/**
 * Counts the failed refreshes in a row and keeps the next try. Separate from the status, which shows a sign-in
 * instead of the wait while one is under way.
 */
export class Backoff {
  #failures = 0;
  #waiting: { readonly reason: Problem; readonly nextTryAt: number } | undefined;
  /** The end of the authority's Retry-After. */
  #notBefore = -Infinity;

  /** When the next try is due, in milliseconds since the epoch; undefined if the last one succeeded. */
  get nextTryAt(): number | undefined {
    return this.#waiting?.nextTryAt;
  }

  /**
   * Notes a failure at `at` and returns when to try next. A user may try earlier, which does not end the
   * authority's Retry-After: MSAL then answers from its throttle and does not repeat it.
   */
  failed(reason: Problem, at: number): number {
    this.#failures += 1;
    if (reason.kind === 'transient' && reason.retryAfterMs !== undefined)
      this.#notBefore = at + Math.min(reason.retryAfterMs, LONGEST_RETRY_AFTER_MS);
    const ours = at + retryDelay(this.#failures, reason);
    const nextTryAt = isWaitOver(this.#notBefore, at) ? ours : Math.max(ours, this.#notBefore);
    this.#waiting = { reason, nextTryAt };
    return nextTryAt;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#waiting = undefined;
    this.#notBefore = -Infinity;
  }

  /** Why to wait, and (`retryAfterMs`) for how long; undefined if a try is due or none failed. */
  reasonToWait(now: number): Problem | undefined {
    if (this.#waiting === undefined || isWaitOver(this.#waiting.nextTryAt, now)) return undefined;
    return { ...this.#waiting.reason, retryAfterMs: this.#waiting.nextTryAt - now };
  }
}
