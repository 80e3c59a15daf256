import type { PlainRule } from './issue.ts';

/** The authority's address, or the rule it breaks. */
export type AuthorityCheck =
  | { readonly kind: 'ok'; readonly authority: string }
  | { readonly kind: 'refused'; readonly rule: PlainRule };

/** A tenant's id or domain, or a policy's name: RFC 3986's unreserved characters, nothing encoded. */
const SEGMENT = /^[A-Za-z0-9._~-]+$/u;

/** What RFC 3986 has in no URL: blanks, controls, backslashes, and letters beyond ASCII. */
const NOT_IN_URLS = /[^!-~]|\\/u;

/** Whether a text can be a tenant: a GUID, a domain, or `common` and its like. */
export function isTenant(text: string): boolean {
  return SEGMENT.test(text) && /[A-Za-z0-9]/u.test(text);
}

/**
 * Reads an authority: `https://host[:port]/tenant[/…]`, without user name, query and fragment. The
 * result has its host in small letters and no trailing slash. OpenID Connect Discovery 1.0 section 3
 * asks for https, and for no query or fragment.
 */
export function readAuthority(text: string): AuthorityCheck {
  const refused = (rule: PlainRule): AuthorityCheck => ({ kind: 'refused', rule });
  const trimmed = text.trim();
  // The URL parser would quietly drop tabs and line ends, and turn backslashes around.
  if (NOT_IN_URLS.test(trimmed) || !URL.canParse(trimmed)) return refused('settings.rule.authority');
  const url = new URL(trimmed);
  if (url.protocol === 'http:') return refused('settings.rule.authority.http');
  if (url.protocol !== 'https:') return refused('settings.rule.authority');
  if (/[?#]/u.test(trimmed) || url.username !== '' || url.password !== '')
    return refused('settings.rule.authority.parts');
  const segments = url.pathname.replace(/^\/|\/+$/gu, '').split('/');
  if (!segments.every(isTenant)) return refused('settings.rule.authority.tenant');
  return { kind: 'ok', authority: `${url.origin}/${segments.join('/')}` };
}

/** What a client secret is bound to of an authority that {@link readAuthority} gave. */
export function partsOfAuthority(authority: string): { readonly origin: string; readonly tenant: string } {
  const url = new URL(authority);
  // The whole path: with Azure AD B2C (`/tfp/<tenant>/<policy>`) the first segment is not the tenant.
  return { origin: url.origin, tenant: url.pathname.slice(1).toLowerCase() };
}
