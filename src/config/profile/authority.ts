import type { PlainRule } from '../rules/issue.ts';
import type { Protocol } from './profile.ts';

/** The authority's address, or the rule it breaks. */
export type AuthorityCheck =
  | { readonly kind: 'ok'; readonly authority: string }
  | { readonly kind: 'refused'; readonly rule: PlainRule };

/** A tenant's ID or domain, or a policy's name: RFC 3986's unreserved characters, without encoding. */
const SEGMENT = /^[A-Za-z0-9._~-]+$/u;

/** A path segment of an OpenID provider's issuer: RFC 3986's pchar. */
const ISSUER_SEGMENT = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/u;

/** Entra External ID: `<tenant>.ciamlogin.com`. */
const CIAM_HOST = /^([a-z0-9-]+)\.ciamlogin\.com$/u;

/** Characters that RFC 3986 allows in no URL: spaces, controls, backslashes, and non-ASCII letters. */
const NOT_IN_URLS = /[^!-~]|\\/u;

/** Whether a text can be a tenant: a GUID, a domain, or a name like `common`. */
export function isTenant(text: string): boolean {
  return SEGMENT.test(text) && /[A-Za-z0-9]/u.test(text);
}

/**
 * Reads an authority: `https://host[:port]/tenant[/…]`, without user name, query and fragment. The result has a
 * lowercase host and no trailing slash. OpenID Connect Discovery 1.0 section 3 requires https, and no query or fragment.
 *
 * Entra's authority has a tenant (ID, domain, `common`, `organizations` or `consumers`), on the public cloud, a national
 * cloud (login.microsoftonline.us, login.partner.microsoftonline.cn) or any host with the same protocol. Entra External
 * ID (CIAM) may omit it: MSAL turns `https://contoso.ciamlogin.com` into `…/contoso.onmicrosoft.com` (msal-common,
 * Authority.transformCIAMAuthority). This function does the same, so that the credential is bound to that tenant. An
 * OpenID provider's issuer needs no path.
 */
export function readAuthority(text: string, protocol: Protocol = 'entra'): AuthorityCheck {
  const refused = (rule: PlainRule): AuthorityCheck => ({ kind: 'refused', rule });
  const noAddress = protocol === 'entra' ? 'settings.rule.authority' : 'settings.rule.authority.issuer';
  const trimmed = text.trim();
  // The URL parser would silently drop tabs and line breaks, and turn backslashes into slashes.
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

/**
 * Whether an OpenID provider's issuer is the configured authority (OpenID Connect Discovery 4.3), except for a slash at
 * the end, which the settings do not keep.
 */
export function isIssuerOf(authority: string, issuer: string): boolean {
  return URL.canParse(issuer) && new URL(issuer).href.replace(/\/$/u, '') === authority;
}

function issuerOf(url: URL, segments: readonly string[]): AuthorityCheck {
  return segments.every((segment) => ISSUER_SEGMENT.test(segment))
    ? { kind: 'ok', authority: [url.origin, ...segments].join('/') }
    : { kind: 'refused', rule: 'settings.rule.authority.issuer' };
}

/**
 * The parts of an authority (a result of {@link readAuthority}) to which a credential is bound. Entra's tenants are not
 * case-sensitive; another provider's path is compared as written.
 */
export function partsOfAuthority(
  authority: string,
  protocol: Protocol = 'entra',
): { readonly origin: string; readonly tenant: string } {
  const url = new URL(authority);
  // The whole path, because in Azure AD B2C (`/tfp/<tenant>/<policy>`) the first segment is not the tenant.
  const path = url.pathname.slice(1);
  return { origin: url.origin, tenant: protocol === 'entra' ? path.toLowerCase() : path };
}
