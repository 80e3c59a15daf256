import { sayDuration } from '../../words/time.ts';
import type { AccessToken } from '../status/account.ts';
import { problem, type Problem } from '../../words/problem.ts';

/** A token is renewed this long before its end: a script that got it can still finish (email-oauth2-proxy#88). */
const EXPIRY_MARGIN_MS = 10 * 60_000;
/** A refresh this recent shows how long the authority's tokens live; another would show the same. */
const FRESH_MS = 60_000;
/** Clocks are corrected by seconds all the time; more than this backwards and no lifetime can be trusted. */
const CLOCK_TURNED_BACK_MS = 5 * 60_000;

export interface TokenRequest {
  /** Delegated scopes of one resource; the profile's own when absent. */
  readonly scopes?: readonly string[];
  /** A demand, in milliseconds: less is refused. When absent, ten minutes are wished for. */
  readonly minLifetimeMs?: number;
  /** A claims challenge of a resource (CAE): always asks the authority. */
  readonly claims?: string;
  /** A new token is wanted, whatever is left of the old one. */
  readonly fresh?: 'if-needed' | 'always';
}

/** What an asker gets (DESIGN, What an asker gets): a token, perhaps with a warning, or a refusal. */
export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: AccessToken; readonly warning: Problem | undefined }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The margin before expiry; half the life of tokens that live shorter than twice the margin. */
export function renewalMargin(token: AccessToken): number {
  return Math.min(EXPIRY_MARGIN_MS, (token.expiresOn - token.obtainedAt) / 2);
}

/** Milliseconds the token can still be used. */
export function timeLeft(token: AccessToken, now: number): number {
  return token.expiresOn - now;
}

/** Whether the clock was turned back since the token came: what seems to be left of it cannot be trusted. */
export function isFromFuture(token: AccessToken, now: number): boolean {
  return now < token.obtainedAt - CLOCK_TURNED_BACK_MS;
}

/** Whether the token answers the request as it is, without asking the authority. */
export function isEnough(token: AccessToken, request: TokenRequest, now: number): boolean {
  if (request.fresh === 'always' || request.claims !== undefined) return false;
  if (isFromFuture(token, now)) return false;
  const left = timeLeft(token, now);
  return left > 0 && left >= (request.minLifetimeMs ?? renewalMargin(token));
}

/** A demand that a token fresh from the authority does not meet cannot be met by asking again. */
export function isBeyondReach(token: AccessToken, request: TokenRequest, now: number): boolean {
  return (
    request.minLifetimeMs !== undefined &&
    request.minLifetimeMs > token.expiresOn - token.obtainedAt &&
    now - token.obtainedAt < FRESH_MS
  );
}

/** The answer with a token that has just come from the authority. */
export function answerFresh(token: AccessToken, request: TokenRequest, now: number): TokenAnswer {
  if (request.minLifetimeMs === undefined || timeLeft(token, now) >= request.minLifetimeMs) {
    return { kind: 'token', token, warning: undefined };
  }
  return {
    kind: 'refused',
    problem: problem('usage', 'lifetime-too-long', {
      asked: sayDuration(request.minLifetimeMs),
      longest: sayDuration(token.expiresOn - token.obtainedAt),
    }),
  };
}

/**
 * The answer when no new token could be had: what is left serves a wish, not a demand it does not meet (or
 * may not meet, where the clock was turned back), and not a claims challenge, which says that the resource
 * has refused that very token.
 */
export function answerWithout(
  token: AccessToken | undefined,
  request: TokenRequest,
  reason: Problem,
  now: number,
): TokenAnswer {
  const isOfNoUse = token === undefined || timeLeft(token, now) <= 0 || request.claims !== undefined;
  if (isOfNoUse) return { kind: 'refused', problem: reason };
  const { minLifetimeMs } = request;
  const isShort =
    minLifetimeMs !== undefined && (isFromFuture(token, now) || timeLeft(token, now) < minLifetimeMs);
  return isShort ? { kind: 'refused', problem: reason } : { kind: 'token', token, warning: reason };
}
