import type { Protocol } from './profile.ts';

/** OpenID Connect's scopes (Core 5.4, 11), which belong to no resource and can be combined with any. */
const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access']);

/** A scope without a resource is Microsoft Graph's: https://learn.microsoft.com/entra/identity-platform/scopes-oidc */
const GRAPH = 'https://graph.microsoft.com';

/** RFC 6749 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ). */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/u;

/** Whether scopes can be requested together; `two-resources` names the two resources. */
export type ScopesCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'two-resources'; readonly first: string; readonly second: string }
  /** `first` is the `.default` scope, `second` one of the others. */
  | { readonly kind: 'default-mixed'; readonly first: string; readonly second: string };

/** Whether a text is one scope (RFC 6749 3.3): no spaces, quotation marks, backslashes; ASCII only. */
export function isScopeToken(text: string): boolean {
  return SCOPE_TOKEN.test(text);
}

/**
 * The resource of a scope: the part before its last slash, in lowercase and without a trailing slash
 * (`https://management.azure.com//.default` is a scope of `https://management.azure.com/`, whose name ends with a slash).
 * Microsoft Graph for a scope without a resource; undefined for OpenID Connect's scopes.
 */
export function resourceOf(scope: string): string | undefined {
  if (OPENID_SCOPES.has(scope.toLowerCase())) return undefined;
  const end = scope.lastIndexOf('/');
  // The slashes of `://` do not end a resource: `api://name` names no scope of one, so it counts as its own resource.
  if (end <= scope.indexOf('://') + 2 && scope.includes('://')) return scope.toLowerCase();
  const resource = end < 0 ? GRAPH : scope.slice(0, end).toLowerCase();
  return resource.replace(/\/+$/u, '');
}

function isDefault(scope: string): boolean {
  return scope === '.default' || scope.endsWith('/.default');
}

/**
 * Whether these can be requested together: an access token is for one resource, and `.default`, which means all granted
 * permissions, is refused together with others (AADSTS28000, AADSTS70011). OpenID Connect's scopes do not count as
 * others.
 */
export function checkScopes(scopes: readonly string[], protocol: Protocol = 'entra'): ScopesCheck {
  if (scopes.length === 0) return { kind: 'empty' };
  // Other providers have their own notion of resources; the rules below are Entra's.
  return protocol === 'oidc' ? { kind: 'ok' } : checkOfEntra(scopes);
}

const checkOfEntra = remembered((scopes): ScopesCheck => {
  const ofResource = scopes.filter((scope) => resourceOf(scope) !== undefined);
  const [first, ...others] = new Set(ofResource.map((scope) => resourceOf(scope) ?? ''));
  const [second] = others;
  if (first !== undefined && second !== undefined) return { kind: 'two-resources', first, second };
  const fallback = ofResource.find(isDefault);
  const beside = ofResource.find((scope) => !isDefault(scope));
  return fallback !== undefined && beside !== undefined
    ? { kind: 'default-mixed', first: fallback, second: beside }
    : { kind: 'ok' };
});

/**
 * A key for scopes: equal if the same scopes are requested, regardless of order, duplicates, and whether Graph is
 * written out. Scopes are case-sensitive (RFC 6749 3.3).
 */
export const scopeKey: (scopes: readonly string[]) => string = remembered((scopes) => {
  const bare = scopes.map((scope) =>
    scope.toLowerCase().startsWith(`${GRAPH}/`) ? scope.slice(GRAPH.length + 1).replace(/^\//u, '') : scope,
  );
  return [...new Set(bare)].toSorted().join(' ');
});

/** Caches a result by its list, because most requests use a profile's own list. Lists of scopes never change. */
function remembered<Found>(find: (scopes: readonly string[]) => Found): (scopes: readonly string[]) => Found {
  const known = new WeakMap<readonly string[], Found>();
  return (scopes) => {
    const before = known.get(scopes);
    if (before !== undefined) return before;
    const found = find(scopes);
    known.set(scopes, found);
    return found;
  };
}
