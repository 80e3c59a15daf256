import { problem, ProblemError } from '../../words/problem.ts';
import type { Authority, Grant } from './authority.ts';

/** Longer than any access token is valid. A later time may not even be a date. */
const LONGEST_LIFE_MS = 366 * 24 * 3_600_000;

/** What an Authorization header can carry (RFC 6750 2.1); line breaks would add a header of the authority's choice. */
const TOKEN = /^[!-~]+$/u;

/** A scheme's name (RFC 9110 11.1). */
const TOKEN_TYPE = /^[\w-]+$/u;

/**
 * The same authority with grants that every outlet can use: tokens of printable characters, and an end within a year.
 * `redeem` and `renew` also reject with ProblemError `token-malformed`.
 * @param now milliseconds since the epoch
 */
export function withCheckedGrants(authority: Authority, now: () => number): Authority {
  return {
    ...authority,
    redeem: async (request) => checked(await authority.redeem(request), now()),
    renew: async (request) => checked(await authority.renew(request), now()),
  };
}

function checked(grant: Grant, now: number): Grant {
  if (!TOKEN.test(grant.accessToken.reveal()) || !TOKEN_TYPE.test(grant.tokenType))
    throw new ProblemError(problem('transient', 'token-malformed'));
  const { expiresOn } = grant;
  const latest = now + LONGEST_LIFE_MS;
  return { ...grant, expiresOn: Number.isNaN(expiresOn) ? now : Math.min(Math.max(expiresOn, 0), latest) };
}
