import { problem, type Problem } from '../../words/problem.ts';
import { intercept } from './interception.ts';

/** Chromium's net errors for a load that we stopped ourselves: by `preventDefault`, and by `cancel`. */
const ERR_ABORTED = -3;
const ERR_BLOCKED_BY_CLIENT = -20;

/** Chromium's numbers for certificates that it does not accept (net/base/net_error_list.h). */
function isCertificateError(code: number): boolean {
  return code <= -200 && code > -300;
}

/** Host and port of an address; empty for what has none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** A page that leads where a sign-in must not go. */
export function pageBlocked(url: string): Problem {
  return problem('interaction', 'sign-in.page-blocked', { host: hostOf(url) });
}

/** The redirect URI itself is not: what arrives there is the answer, or ends the attempt. */
export function isBlocked(url: string, redirectUri: string): boolean {
  return intercept({ url, kind: 'main-frame', body: undefined }, redirectUri).kind === 'block';
}

/** A page that was not loaded, as `did-fail-load` tells of it. */
export interface FailedLoad {
  readonly code: number;
  readonly description: string;
  readonly url: string;
}

/** What a failed load means: nothing (we stopped it), an end, or something that may work another time. */
export type LoadVerdict =
  | { readonly kind: 'ours' }
  | { readonly kind: 'blocked'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Judges a load of the main frame that failed. */
export function judgeLoad({ code, description, url }: FailedLoad, redirectUri: string): LoadVerdict {
  if (code === ERR_ABORTED) return { kind: 'ours' };
  if (code === ERR_BLOCKED_BY_CLIENT)
    return isBlocked(url, redirectUri) ? { kind: 'blocked', problem: pageBlocked(url) } : { kind: 'ours' };
  const detail = description === '' ? String(code) : description;
  const failed = isCertificateError(code)
    ? problem('admin', 'sign-in.certificate', { host: hostOf(url), detail })
    : problem('transient', 'sign-in.page-failed', { host: hostOf(url), detail });
  return { kind: 'failed', problem: failed };
}

/** Entra's pages for passkeys and security keys, which an embedded Chromium cannot finish everywhere. */
export function isPasskeyPage(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.split('/').includes('fido');
}
