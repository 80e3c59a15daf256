/** An attempt that ended sooner cannot have shown a prompt: nobody reads and dismisses one faster. */
const PROMPT_LEAST_MS = 1000;

/**
 * After a longer attempt, the user has probably dismissed a prompt. Asking again in five minutes is a reminder; each
 * further refusal doubles the pause, up to an hour, so that it does not become a nuisance.
 */
const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** When a store may be tried again, on the clock that times the attempts. */
export interface NextTry {
  readonly at: number;
  /** The length of the pause that ends then; 0 if no prompt was shown. */
  readonly pauseMs: number;
}

/** Before the first attempt. */
export const tryAtOnce: NextTry = { at: -Infinity, pauseMs: 0 };

/**
 * When to try again after an attempt that failed at `endedAt` and took `tookMs`. Quick failures cost nothing and are
 * invisible, so the next tick may try again; they do not change the length of the pause.
 */
export function nextTry(before: NextTry, tookMs: number, endedAt: number): NextTry {
  if (tookMs < PROMPT_LEAST_MS) return { at: endedAt, pauseMs: before.pauseMs };
  const pauseMs = Math.min(before.pauseMs === 0 ? FIRST_PAUSE_MS : before.pauseMs * 2, LONGEST_PAUSE_MS);
  return { at: endedAt + pauseMs, pauseMs };
}
