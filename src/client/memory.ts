import { EXPIRY_MARGIN_MS } from '../agent/refresh/margin.ts';
import type { GivenToken } from './access-token.ts';
import type { Following } from './following.ts';

/** A token in memory. */
export interface KeptToken {
  readonly given: GivenToken;
  /**
   * Milliseconds since the epoch. If the clock is before it, it was set back and the remaining lifetime is unknown.
   */
  readonly keptAt: number;
  /** The number of its question: the answer to an earlier question does not replace it. */
  readonly question: number;
  /** The token is valid while this lasts. */
  readonly following: Following;
}

/** Whether a token in memory answers the request; `minLifetimeMs` is by default the margin. */
export function isEnough(
  { given, keptAt }: Pick<KeptToken, 'given' | 'keptAt'>,
  minLifetimeMs: number = EXPIRY_MARGIN_MS,
  now: number,
): boolean {
  const left = given.expiresAt - now;
  return now >= keptAt && left > 0 && left >= minLifetimeMs;
}

/** Whether a new token is worth keeping. What is left of an old one is requested again. */
export function isWorthKeeping(given: GivenToken, now: number): boolean {
  return (
    given.warning === undefined && given.account !== undefined && given.expiresAt - now > EXPIRY_MARGIN_MS
  );
}

/** The tokens of this process, by `tokenKey`. */
export class TokenMemory {
  readonly #tokens = new Map<string, KeptToken>();

  recall(key: string): KeptToken | undefined {
    return this.#tokens.get(key);
  }

  keep(key: string, token: KeptToken): void {
    const old = this.#tokens.get(key);
    if (old === undefined || old.question <= token.question) this.#tokens.set(key, token);
  }

  forget(key: string): void {
    this.#tokens.delete(key);
  }

  /** Drops the tokens that were valid while this lasted. */
  forgetAll(following: Following): void {
    for (const [key, token] of this.#tokens) if (token.following === following) this.#tokens.delete(key);
  }
}
