/** An attempt that ended sooner than this has shown nobody a prompt: nobody reads and dismisses one faster. */
const PROMPT_LEAST_MS = 1000;

/**
 * After an attempt that took longer somebody has probably sent a prompt away. Asking again in five minutes
 * reminds; each further refusal doubles the pause, up to an hour, so that it never pesters.
 */
const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** When a store may be tried again, on the clock that the attempts were timed with. */
export interface NextTry {
  readonly at: number;
  /** How long the pause was that ends then; 0 where no prompt was shown. */
  readonly pauseMs: number;
}

/** Nothing was tried yet. */
export const tryAtOnce: NextTry = { at: -Infinity, pauseMs: 0 };

/**
 * When to try again after an attempt that failed at `endedAt`, having taken `tookMs`. Quick failures cost
 * nothing and nobody saw them, so the next tick may try again; they leave the length of the pause as it was.
 */
export function nextTry(before: NextTry, tookMs: number, endedAt: number): NextTry {
  if (tookMs < PROMPT_LEAST_MS) return { at: endedAt, pauseMs: before.pauseMs };
  const pauseMs = Math.min(before.pauseMs === 0 ? FIRST_PAUSE_MS : before.pauseMs * 2, LONGEST_PAUSE_MS);
  return { at: endedAt + pauseMs, pauseMs };
}
