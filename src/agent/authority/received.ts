import { decodeJwt, errors } from 'jose';
import { problem, ProblemError } from '../../words/problem.ts';
import type { Authority, Grant } from './authority.ts';

/** Longer than any access token is valid. A later time may not even be a date. */
const LONGEST_LIFE_MS = 366 * 24 * 3_600_000;

/** The usual lifetime of an access token; if it expires earlier, the resource refuses it. */
const USUAL_LIFE_MS = 60 * 60_000;

/** What an Authorization header can carry (RFC 6750 2.1); line breaks would add a header of the authority's choice. */
const TOKEN = /^[!-~]+$/u;

/** A scheme's name (RFC 9110 11.1). */
const TOKEN_TYPE = /^[\w-]+$/u;

/**
 * The same authority, with each grant checked: printable characters, and an expiry within a year.
 * `redeem` and `renew` also reject with ProblemError `token-malformed`.
 * @param now milliseconds since the epoch
 */
export function withCheckedGrants(authority: Authority, now: () => number): Authority {
  return {
    ...authority,
    redeem: async (request) => checked(await authority.redeem(request), now(), 'sign-in'),
    renew: async (request) => checked(await authority.renew(request), now()),
  };
}

function checked(grant: Grant, now: number, during?: 'sign-in'): Grant {
  if (!TOKEN.test(grant.accessToken.reveal()) || !TOKEN_TYPE.test(grant.tokenType))
    throw new ProblemError({
      ...problem('transient', 'token-malformed'),
      ...(during === undefined ? {} : { during }),
    });
  const end = grant.expiresOn > now ? grant.expiresOn : endWithoutLifetime(grant.accessToken.reveal(), now);
  return { ...grant, expiresOn: Math.min(end, now + LONGEST_LIFE_MS) };
}

/**
 * The end of an access token that came without a lifetime: `expires_in` is only recommended (RFC 6749 5.1). The `exp` of
 * a JWT counts (RFC 9068 2.2), else one hour. If it counted as expired, it would be refreshed without end.
 */
function endWithoutLifetime(accessToken: string, now: number): number {
  try {
    const { exp } = decodeJwt(accessToken);
    if (typeof exp === 'number' && exp * 1000 > now) return exp * 1000;
  } catch (error) {
    // An opaque token (RFC 6749 1.4).
    if (!(error instanceof errors.JWTInvalid)) throw error;
  }
  return now + USUAL_LIFE_MS;
}
