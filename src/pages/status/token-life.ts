import type { StatusBody } from '../../outlets/answer/status-body.ts';

/** How much of the default token's life is left. Times in milliseconds since the epoch. */
export type TokenLife =
  | { readonly kind: 'none' }
  | { readonly kind: 'expired'; readonly expiresOn: number }
  | {
      readonly kind: 'good';
      readonly expiresOn: number;
      readonly leftMs: number;
      /** Where it is known when the token was obtained: its whole life, and the parts of it from 0 to 1. */
      readonly whole: { readonly ms: number; readonly left: number; readonly renewedAt?: number } | undefined;
    };

/** The life of a profile's token at this moment. Pure. @param now milliseconds since the epoch */
export function tokenLife({ session, nextRefreshAt }: StatusBody, now: number): TokenLife {
  const expiresOn = timeOf(session.expiresOn);
  if (session.kind === 'signed-out' || expiresOn === undefined) return { kind: 'none' };
  if (expiresOn <= now) return { kind: 'expired', expiresOn };
  const leftMs = expiresOn - now;
  const obtainedOn = timeOf(session.obtainedOn);
  // A clock that was set back since makes a token that is younger than nothing.
  if (obtainedOn === undefined || obtainedOn >= expiresOn || obtainedOn > now)
    return { kind: 'good', expiresOn, leftMs, whole: undefined };
  const ms = expiresOn - obtainedOn;
  const renewal = timeOf(nextRefreshAt);
  const renewedAt = renewal === undefined ? undefined : (renewal - obtainedOn) / ms;
  const isWithin = renewedAt !== undefined && renewedAt > 0 && renewedAt < 1;
  return {
    kind: 'good',
    expiresOn,
    leftMs,
    whole: { ms, left: leftMs / ms, ...(isWithin ? { renewedAt } : {}) },
  };
}

/** RFC 3339 in milliseconds since the epoch; undefined where there is none. */
export function timeOf(text: string | undefined): number | undefined {
  const at = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
