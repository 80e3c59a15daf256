import { problem, type Problem } from '../../words/problem.ts';
import { intercept } from './interception.ts';

/** Chromium's errors for a load that we stopped: by `preventDefault`, and by `cancel`. */
const ERR_ABORTED = -3;
const ERR_BLOCKED_BY_CLIENT = -20;

/** Host and port of an address; empty if it has none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** A page tried to leave the addresses that a sign-in may visit. */
export function pageBlocked(url: string): Problem {
  return problem('interaction', 'sign-in.page-blocked', { host: hostOf(url) });
}

/** Whether the main frame may not go there. The redirect URI is not blocked: it is the answer, or ends the attempt. */
export function isBlocked(url: string, redirectUri: string): boolean {
  return intercept({ url, kind: 'main-frame', body: undefined }, redirectUri).kind === 'block';
}

/** A failed load, as `did-fail-load` reports it. */
interface FailedLoad {
  readonly code: number;
  readonly description: string;
  readonly url: string;
}

/** `blocked`: the attempt ends. `failed`: the load may work on retry. */
interface LoadTrouble {
  readonly kind: 'blocked' | 'failed';
  readonly problem: Problem;
}

/** Judges a failed load of the main frame; undefined if we stopped it. */
export function judgeLoad(
  { code, description, url }: FailedLoad,
  redirectUri: string,
): LoadTrouble | undefined {
  if (code === ERR_ABORTED) return undefined;
  if (code === ERR_BLOCKED_BY_CLIENT)
    return isBlocked(url, redirectUri) ? { kind: 'blocked', problem: pageBlocked(url) } : undefined;
  const detail = description === '' ? String(code) : description;
  // Chromium's errors for certificates (net/base/net_error_list.h).
  const isCertificateError = code <= -200 && code > -300;
  const failed = isCertificateError
    ? problem('admin', 'sign-in.certificate', { host: hostOf(url), detail })
    : problem('transient', 'sign-in.page-failed', { host: hostOf(url), detail });
  return { kind: 'failed', problem: failed };
}

/** Entra's pages for passkeys and security keys, which an embedded Chromium cannot complete on every system. */
export function isPasskeyPage(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.split('/').includes('fido');
}
