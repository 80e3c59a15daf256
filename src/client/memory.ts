import { EXPIRY_MARGIN_MS } from '../agent/refresh/margin.ts';
import type { GivenToken } from './access-token.ts';
import type { Following } from './following.ts';

/** A token in memory. */
export interface KeptToken {
  readonly given: GivenToken;
  /** Milliseconds since the epoch: before it, the clock has been turned back and says nothing of what is left. */
  readonly keptAt: number;
  /** Which question it answered: an earlier one's answer does not replace it. */
  readonly question: number;
  /** It is good for as long as this goes on. */
  readonly following: Following;
}

/**
 * Whether a token in memory is the answer (DESIGN, What an asker gets: "enough · not needed"). `minLifetimeMs`
 * is a demand; the wish is the margin.
 */
export function isEnough(
  { given, keptAt }: Pick<KeptToken, 'given' | 'keptAt'>,
  minLifetimeMs: number = EXPIRY_MARGIN_MS,
  now: number,
): boolean {
  const left = given.expiresAt - now;
  return now >= keptAt && left > 0 && left >= minLifetimeMs;
}

/** Whether a token that has just come is worth keeping. What is left of an old one is asked for again. */
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

  /** Nothing that was good while this went on is good any more. */
  forgetAll(following: Following): void {
    for (const [key, token] of this.#tokens) if (token.following === following) this.#tokens.delete(key);
  }
}
