import type { PlainRule } from '../rules/issue.ts';
import type { Protocol } from './profile.ts';

/** The authority's address, or the rule it breaks. */
export type AuthorityCheck =
  | { readonly kind: 'ok'; readonly authority: string }
  | { readonly kind: 'refused'; readonly rule: PlainRule };

/** A tenant's id or domain, or a policy's name: RFC 3986's unreserved characters, nothing encoded. */
const SEGMENT = /^[A-Za-z0-9._~-]+$/u;

/** A path segment of an OpenID provider's issuer: RFC 3986's pchar. */
const ISSUER_SEGMENT = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/u;

/** Entra External ID: `<tenant>.ciamlogin.com`. */
const CIAM_HOST = /^([a-z0-9-]+)\.ciamlogin\.com$/u;

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
 *
 * Entra's has a tenant: id, domain, `common`, `organizations` or `consumers`, on the public cloud, a
 * national one (login.microsoftonline.us, login.partner.microsoftonline.cn) or any host that speaks its
 * protocol. Entra External ID (CIAM) may leave it out: MSAL makes `https://contoso.ciamlogin.com` into
 * `…/contoso.onmicrosoft.com` (msal-common, Authority.transformCIAMAuthority), and so does this, for the
 * credential to be bound to the tenant that is meant. An OpenID provider's issuer needs no path at all.
 */
export function readAuthority(text: string, protocol: Protocol = 'entra'): AuthorityCheck {
  const refused = (rule: PlainRule): AuthorityCheck => ({ kind: 'refused', rule });
  const noAddress = protocol === 'entra' ? 'settings.rule.authority' : 'settings.rule.authority.issuer';
  const trimmed = text.trim();
  // The URL parser would quietly drop tabs and line ends, and turn backslashes around.
  if (NOT_IN_URLS.test(trimmed) || !URL.canParse(trimmed)) return refused(noAddress);
  const url = new URL(trimmed);
  if (url.protocol === 'http:') return refused('settings.rule.authority.http');
  if (url.protocol !== 'https:') return refused(noAddress);
  if (/[?#]/u.test(trimmed) || url.username !== '' || url.password !== '')
    return refused('settings.rule.authority.parts');
  const path = url.pathname.replace(/^\/|\/+$/gu, '');
  const segments = path === '' ? [] : path.split('/');
  if (protocol === 'oidc') return issuerOf(url, segments);
  const [, ciamTenant] = CIAM_HOST.exec(url.host) ?? [];
  if (segments.length === 0 && ciamTenant !== undefined) segments.push(`${ciamTenant}.onmicrosoft.com`);
  return segments.length > 0 && segments.every(isTenant)
    ? { kind: 'ok', authority: [url.origin, ...segments].join('/') }
    : refused('settings.rule.authority.tenant');
}

function issuerOf(url: URL, segments: readonly string[]): AuthorityCheck {
  return segments.every((segment) => ISSUER_SEGMENT.test(segment))
    ? { kind: 'ok', authority: [url.origin, ...segments].join('/') }
    : { kind: 'refused', rule: 'settings.rule.authority.issuer' };
}

/**
 * What a credential is bound to of an authority that {@link readAuthority} gave. Entra's tenants are the
 * same in capitals; another provider's path is compared as it is.
 */
export function partsOfAuthority(
  authority: string,
  protocol: Protocol = 'entra',
): { readonly origin: string; readonly tenant: string } {
  const url = new URL(authority);
  // The whole path: with Azure AD B2C (`/tfp/<tenant>/<policy>`) the first segment is not the tenant.
  const path = url.pathname.slice(1);
  return { origin: url.origin, tenant: protocol === 'entra' ? path.toLowerCase() : path };
}
