import { createHash, timingSafeEqual } from 'node:crypto';

/** How a URL relates to the registered redirect URI. */
export type RedirectMatch = 'redirect' | 'same-origin' | 'other';

/**
 * Compares exact origin and path, never a prefix: `http://localhost:5000.evil.example` and `/getATokenX` are not
 * the redirect (RFC 6749 3.1.2.3, RFC 9700 2.1). `same-origin` is the redirect's server with another path: nothing
 * may be sent there either.
 */
export function matchRedirect(url: string, redirectUri: string): RedirectMatch {
  if (!URL.canParse(url)) return 'other';
  const found = new URL(url);
  const wanted = new URL(redirectUri);
  if (found.origin !== wanted.origin || found.username !== '' || found.password !== '') return 'other';
  return found.pathname === wanted.pathname ? 'redirect' : 'same-origin';
}

/** The authority's response (RFC 6749 4.1.2), from a query or a form body. Missing fields are undefined. */
export interface AuthorizationResponse {
  readonly code: string | undefined;
  readonly state: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
  /** RFC 9207 2. */
  readonly issuer: string | undefined;
}

/** A parameter that is sent twice is ignored: RFC 6749 3.1 forbids it, and either value would be a guess. */
function only(params: URLSearchParams, name: string): string | undefined {
  const values = params.getAll(name);
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

/**
 * Reads the authorization response of a matched redirect: from the form body if there is one
 * (`response_mode=form_post`, OAuth 2.0 Form Post Response Mode), otherwise from the query.
 */
export function readAuthorizationResponse(url: string, formBody: string | undefined): AuthorizationResponse {
  const query = new URL(url).searchParams;
  const params = formBody !== undefined && formBody !== '' ? new URLSearchParams(formBody) : query;
  return {
    code: only(params, 'code'),
    state: only(params, 'state'),
    error: only(params, 'error'),
    errorDescription: only(params, 'error_description'),
    issuer: only(params, 'iss'),
  };
}

/** Whether a response has a result. Otherwise it is a plain visit of the redirect path. */
export function hasOutcome(response: AuthorizationResponse): boolean {
  return response.code !== undefined || response.error !== undefined;
}

/** Compares in constant time, also values of different length. */
export function equalSecrets(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
