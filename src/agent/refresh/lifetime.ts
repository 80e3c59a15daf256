import { sayDuration } from '../../words/time.ts';
import type { AccessToken } from '../status/account.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { EXPIRY_MARGIN_MS } from './margin.ts';

/** A refresh this recent shows how long the authority's tokens live. Another one would show the same. */
const FRESH_MS = 60_000;
/** Clocks are often corrected by seconds. If one was set back further, no lifetime can be trusted. */
const CLOCK_TURNED_BACK_MS = 5 * 60_000;

export interface TokenRequest {
  /** Delegated scopes of one resource; by default the profile's own. */
  readonly scopes?: readonly string[];
  /**
   * The required lifetime in milliseconds: less is refused. By default ten minutes are preferred, and less is
   * accepted.
   */
  readonly minLifetimeMs?: number;
  /** A claims challenge of a resource (CAE): always asks the authority. */
  readonly claims?: string;
  /** `always`: a new token, however much is left of the old one. */
  readonly fresh?: 'if-needed' | 'always';
}

/** A token, perhaps with a warning, or a refusal. */
export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: AccessToken; readonly warning: Problem | undefined }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The margin before expiry; half the lifetime of tokens that live shorter than twice the margin. */
export function renewalMargin(token: AccessToken): number {
  return Math.min(EXPIRY_MARGIN_MS, (token.expiresOn - token.obtainedAt) / 2);
}

/** The remaining lifetime in milliseconds. */
export function timeLeft(token: AccessToken, now: number): number {
  return token.expiresOn - now;
}

/** Whether the clock was set back since the token was obtained: its remaining lifetime cannot be trusted then. */
export function isFromFuture(token: AccessToken, now: number): boolean {
  return now < token.obtainedAt - CLOCK_TURNED_BACK_MS;
}

/** Whether the token answers the request without asking the authority. */
export function isEnough(token: AccessToken, request: TokenRequest, now: number): boolean {
  if (request.fresh === 'always' || request.claims !== undefined) return false;
  if (isFromFuture(token, now)) return false;
  const left = timeLeft(token, now);
  return left > 0 && left >= (request.minLifetimeMs ?? renewalMargin(token));
}

/**
 * Whether a token that has just come from the authority is too short for the request. Asking again would not help.
 */
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
 * The answer when no new token could be obtained. What is left of the old one is used unless the request requires
 * more (or the clock was set back), or has a claims challenge, which means that the resource refused this token.
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
