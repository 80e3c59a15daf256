import type { Problem } from '../../words/problem.ts';

/**
 * First retry: longer than a request may take (30 s), so that tries never overlap, and than the 60 s
 * for which MSAL answers from its own throttle after a 429 or 5xx (facts/msal-entra-agents.md 0.4).
 */
const FIRST_RETRY_MS = 65_000;
/** An outage ends without telling us: five minutes is what a user would wait before trying by hand. */
const LONGEST_RETRY_MS = 5 * 60_000;
/** MSAL itself never obeys a Retry-After beyond an hour; neither do we. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

/** Milliseconds to wait after the `attempt`-th failure in a row (1 is the first). */
export function retryDelay(attempt: number, reason: Problem): number {
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
  const asked = Math.min(reason.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  // Somebody has to change a setting first: no hurry, but no restart needed either.
  return reason.kind === 'admin' ? LONGEST_RETRY_MS : Math.max(backoff, asked);
}

/** A wait longer than any we would choose means that the clock was turned back: it counts as over. */
export function isWaitOver(nextTryAt: number, now: number): boolean {
  return now >= nextTryAt || nextTryAt - now > LONGEST_RETRY_AFTER_MS;
}

/**
 * How often the refresh failed in a row, and when to try next. Kept beside the status, which shows a
 * sign-in instead of the wait while one is under way.
 */
export class Backoff {
  #failures = 0;
  #waiting: { readonly reason: Problem; readonly nextTryAt: number } | undefined;
  /** Until when the authority asked to be left alone. */
  #notBefore = -Infinity;

  /** When the next try is due, in milliseconds since the epoch; undefined when the last one succeeded. */
  get nextTryAt(): number | undefined {
    return this.#waiting?.nextTryAt;
  }

  /**
   * Notes a failure at `at`; the answer is when to try next. A try out of turn, which a person may always
   * make, does not end the authority's own wait: MSAL then answers by itself and repeats no Retry-After.
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

  /** Why to wait, and (`retryAfterMs`) for how long; undefined when a try is due or nothing failed. */
  reasonToWait(now: number): Problem | undefined {
    if (this.#waiting === undefined || isWaitOver(this.#waiting.nextTryAt, now)) return undefined;
    return { ...this.#waiting.reason, retryAfterMs: this.#waiting.nextTryAt - now };
  }
}
