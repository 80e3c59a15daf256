import { hasOutcome, matchRedirect, readAuthorizationResponse } from '../../agent/sign-in/redirect.ts';
import { portOfRedirectUri } from '../../config/profile/redirect-uri.ts';

/** A request of the sign-in session, as `webRequest.onBeforeRequest` and `will-redirect` show it. */
export interface SignInRequest {
  readonly url: string;
  readonly kind: 'main-frame' | 'other';
  /** The request's body, where it has one: the only place a form_post answer can be read. */
  readonly body: string | undefined;
}

/**
 * What happens to it: `pass` goes to the network; `block` is cancelled; `capture` is cancelled and its
 * URL and body are the authorization response.
 */
export type Interception =
  | { readonly kind: 'pass' }
  | { readonly kind: 'block' }
  | { readonly kind: 'capture'; readonly url: string; readonly formBody: string | undefined };

/** Pages sign people in over https; the rest are the ways a page carries its own bytes. */
const PASSING_SCHEMES = new Set(['https:', 'wss:', 'data:', 'blob:', 'about:']);

/** Every name under which this machine's own servers are reached; `URL` has written addresses their one way. */
const THIS_MACHINE =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]+|0:0)\])$/u;

/** A web socket's own ports are those of the scheme that it begins with (RFC 6455 3). */
function portOf({ href }: URL): number {
  return portOfRedirectUri(href.replace(/^ws/u, 'http'));
}

/** The program that listens where the redirect points, under any scheme and any name of this machine. */
function isRedirectServer(url: URL, redirectUri: string): boolean {
  const wanted = new URL(redirectUri);
  if (portOf(url) !== portOf(wanted)) return false;
  if (url.hostname === wanted.hostname) return true;
  return THIS_MACHINE.test(url.hostname) && THIS_MACHINE.test(wanted.hostname);
}

/**
 * Decides on one request. Nothing reaches the redirect's server, whatever the path; only the exact
 * redirect URI is taken for the answer, and from a frame, a fetch or a form alike (facts/electron.md
 * 1.4). A visit of it that carries no answer ends the attempt only when it is the page itself.
 */
export function intercept(request: SignInRequest, redirectUri: string): Interception {
  if (!URL.canParse(request.url)) return { kind: 'block' };
  const url = new URL(request.url);
  if (matchRedirect(request.url, redirectUri) === 'redirect') {
    const response = readAuthorizationResponse(request.url, request.body);
    return request.kind === 'main-frame' || hasOutcome(response)
      ? { kind: 'capture', url: request.url, formBody: request.body }
      : { kind: 'block' };
  }
  if (isRedirectServer(url, redirectUri) || !PASSING_SCHEMES.has(url.protocol)) return { kind: 'block' };
  return { kind: 'pass' };
}

/**
 * Whether a server's redirect is stopped before the browser follows it. The redirect URI without an
 * answer in its query is let on: it may be a POST that keeps its body (307), which only the request shows.
 */
export function interceptRedirect(url: string, redirectUri: string): Interception {
  const decision = intercept({ url, kind: 'other', body: undefined }, redirectUri);
  const mayCarryBody = decision.kind === 'block' && matchRedirect(url, redirectUri) === 'redirect';
  return mayCarryBody ? { kind: 'pass' } : decision;
}
