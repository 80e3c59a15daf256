import type { AccessToken } from '../../agent/status/account.ts';
import { isEnough, renewalMargin, timeLeft } from '../../agent/refresh/lifetime.ts';

/** The text for the front, and how long it may use it. */
export interface ShellCacheText {
  readonly text: string;
  /** Whole seconds since the machine started. */
  readonly deadlineSeconds: number;
}

/**
 * The characters of a bearer token (RFC 6750 2.1). Between single quotes none is special to a shell; a leading `-`
 * is excluded because the front prints with `echo`.
 */
const SAFE_TOKEN = /^[A-Za-z0-9._~+/=][A-Za-z0-9._~+/=-]*$/u;

/**
 * The file that `assets/bin/tokentray` sources: only assignments. After the deadline less than the default lifetime
 * is left, so that the front asks the agent. Undefined if the token is too short-lived, or not safe for a shell.
 * @param uptimeSeconds of this machine, by /proc/uptime: changes of the clock do not affect it, and it goes on
 * while the machine sleeps (proc_uptime(5))
 */
export function shellCacheText(
  token: AccessToken,
  now: number,
  uptimeSeconds: number,
): ShellCacheText | undefined {
  const value = token.value.reveal();
  if (!isEnough(token, {}, now) || !SAFE_TOKEN.test(value)) return undefined;
  // A clock that was set back since the token was obtained must not lengthen its lifetime.
  const leftMs = Math.min(timeLeft(token, now), token.expiresOn - token.obtainedAt);
  const deadlineSeconds = Math.floor(uptimeSeconds + (leftMs - renewalMargin(token)) / 1000);
  return { text: `tokentray_deadline=${deadlineSeconds}\ntokentray_token='${value}'\n`, deadlineSeconds };
}

/** The first number of /proc/uptime. @throws Error if there is none */
export function readUptime(text: string): number {
  const seconds = Number(/^(\d+(?:\.\d+)?) /u.exec(text)?.[1] ?? NaN);
  if (Number.isNaN(seconds)) throw new Error('/proc/uptime has no seconds');
  return seconds;
}

/** The name of the default profile's file. */
export const DEFAULT_NAME = 'default';

/** The name of a profile's own file. An ID consists of lower-case letters, digits and `-`. */
export function cacheName(profileId: string): string {
  return `profile-${profileId}`;
}

/** The link beside a file to its writer's descriptor. It shows the front that the writer lives. */
export function ownerLink(name: string): string {
  return `${name}@owner`;
}
