import type { AccessToken } from '../../agent/status/account.ts';
import { isEnough, renewalMargin, timeLeft } from '../../agent/refresh/lifetime.ts';

/** What the front reads, and until when it may. */
export interface ShellCacheText {
  readonly text: string;
  /** In whole seconds since the machine was started. */
  readonly deadlineSeconds: number;
}

/**
 * The characters of a bearer token (RFC 6750, section 2.1). Between single quotes none of them means anything
 * to a shell; and the front prints with `echo`, which would take a first `-` for an option.
 */
const SAFE_TOKEN = /^[A-Za-z0-9._~+/=][A-Za-z0-9._~+/=-]*$/u;

/**
 * The file that `assets/bin/tokentray` sources: assignments and nothing else. After the deadline less is left
 * than everybody is wished (DESIGN, What an asker gets: "enough"), so whoever asks then goes to the agent.
 * undefined where the file would answer nothing, or where a shell must not read the token.
 * @param uptimeSeconds of this machine, as /proc/uptime counts: no change of the clock moves it, and it goes on
 * while the machine sleeps (proc_uptime(5))
 */
export function shellCacheText(
  token: AccessToken,
  now: number,
  uptimeSeconds: number,
): ShellCacheText | undefined {
  const value = token.value.reveal();
  if (!isEnough(token, {}, now) || !SAFE_TOKEN.test(value)) return undefined;
  // A clock that was turned back since the token came must not lengthen its life.
  const leftMs = Math.min(timeLeft(token, now), token.expiresOn - token.obtainedAt);
  const deadlineSeconds = Math.floor(uptimeSeconds + (leftMs - renewalMargin(token)) / 1000);
  return { text: `tokentray_deadline=${deadlineSeconds}\ntokentray_token='${value}'\n`, deadlineSeconds };
}

/** /proc/uptime's first figure. @throws Error where there is none */
export function readUptime(text: string): number {
  const seconds = Number(/^(\d+(?:\.\d+)?) /u.exec(text)?.[1] ?? NaN);
  if (Number.isNaN(seconds)) throw new Error('/proc/uptime has no seconds');
  return seconds;
}

/** The name of the file for whoever names no profile. */
export const DEFAULT_NAME = 'default';

/** The name of a profile's own file: an id is lower-case letters, digits and `-`. */
export function cacheName(profileId: string): string {
  return `profile-${profileId}`;
}

/** The link beside a file that leads to what its writer has open: shows the front that the writer lives. */
export function ownerLink(name: string): string {
  return `${name}@owner`;
}
