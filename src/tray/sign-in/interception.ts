import { hasOutcome, matchRedirect, readAuthorizationResponse } from '../../agent/sign-in/redirect.ts';
import { portOfRedirectUri } from '../../config/profile/redirect-uri.ts';

/** A request of the sign-in session, from `webRequest.onBeforeRequest` or `will-redirect`. */
export interface SignInRequest {
  readonly url: string;
  readonly kind: 'main-frame' | 'other';
  /** The request's body, if any: the only place where a form_post answer can be read. */
  readonly body: string | undefined;
}

/**
 * What to do with a request. `pass`: let it through. `block`: cancel it. `capture`: cancel it, and take its URL and
 * body as the authorization response.
 */
export type Interception =
  | { readonly kind: 'pass' }
  | { readonly kind: 'block' }
  | { readonly kind: 'capture'; readonly url: string; readonly formBody: string | undefined };

/** Pages sign users in over https; the other schemes carry a page's own bytes. */
const PASSING_SCHEMES = new Set(['https:', 'wss:', 'data:', 'blob:', 'about:']);

/** Every name of this machine; `URL` has normalized the addresses. */
const THIS_MACHINE =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]+|0:0)\])$/u;

/** A web socket's default ports are those of the matching HTTP scheme (RFC 6455, section 3). */
function portOf({ href }: URL): number {
  return portOfRedirectUri(href.replace(/^ws/u, 'http'));
}

/** Whether a request goes to the server at the redirect URI, under any scheme and any name of this machine. */
function isRedirectServer(url: URL, redirectUri: string): boolean {
  const wanted = new URL(redirectUri);
  if (portOf(url) !== portOf(wanted)) return false;
  if (url.hostname === wanted.hostname) return true;
  return THIS_MACHINE.test(url.hostname) && THIS_MACHINE.test(wanted.hostname);
}

/**
 * Decides on one request. Nothing reaches the server at the redirect URI, whatever the path. Only the exact redirect
 * URI is the answer, whether it comes from a page, a frame, a fetch or a form. A visit without an answer ends the
 * attempt only if it is the main frame's.
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
 * Decides on a server's redirect before the browser follows it. The redirect URI without an answer in its query
 * passes: it may be a POST that keeps its body (307), which only the request shows.
 */
export function interceptRedirect(url: string, redirectUri: string): Interception {
  const decision = intercept({ url, kind: 'other', body: undefined }, redirectUri);
  const mayCarryBody = decision.kind === 'block' && matchRedirect(url, redirectUri) === 'redirect';
  return mayCarryBody ? { kind: 'pass' } : decision;
}
