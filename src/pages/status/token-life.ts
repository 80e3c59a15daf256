import type { StatusBody } from '../../outlets/answer/status-body.ts';

/** How much of the default token's lifetime is left. Times in milliseconds since the epoch. */
export type TokenLife =
  | { readonly kind: 'none' }
  | { readonly kind: 'expired'; readonly expiresOn: number }
  | {
      readonly kind: 'good';
      readonly expiresOn: number;
      readonly leftMs: number;
      /** If the time of issue is known: the whole lifetime, and shares of it from 0 to 1. */
      readonly whole: { readonly ms: number; readonly left: number; readonly renewedAt?: number } | undefined;
    };

/** The lifetime of a profile's token. Pure. @param now milliseconds since the epoch */
export function tokenLife({ session, nextRefreshAt }: StatusBody, now: number): TokenLife {
  const expiresOn = timeOf(session.expiresOn);
  if (session.kind === 'signed-out' || expiresOn === undefined) return { kind: 'none' };
  if (expiresOn <= now) return { kind: 'expired', expiresOn };
  const leftMs = expiresOn - now;
  const obtainedOn = timeOf(session.obtainedOn);
  // If the clock was set back, the token appears to be issued in the future.
  if (obtainedOn === undefined || obtainedOn >= expiresOn || obtainedOn > now)
    return { kind: 'good', expiresOn, leftMs, whole: undefined };
  const ms = expiresOn - obtainedOn;
  const renewal = timeOf(nextRefreshAt);
  const renewedAt = renewal === undefined ? undefined : (renewal - obtainedOn) / ms;
  const isWithin = renewedAt !== undefined && renewedAt > 0 && renewedAt < 1;
  const whole = { ms, left: leftMs / ms, ...(isWithin ? { renewedAt } : {}) };
  return { kind: 'good', expiresOn, leftMs, whole };
}

/** A time of RFC 3339 in milliseconds since the epoch; undefined if it is missing or malformed. */
export function timeOf(text: string | undefined): number | undefined {
  const at = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
