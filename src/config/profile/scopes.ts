import type { Protocol } from './profile.ts';

/** OpenID Connect's own scopes (Core 5.4, 11): they go with any resource and belong to none. */
const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access']);

/** A scope without a resource is Microsoft Graph's: https://learn.microsoft.com/entra/identity-platform/scopes-oidc */
const GRAPH = 'https://graph.microsoft.com';

/** RFC 6749 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ). */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/u;

/** Whether scopes can be asked for in one request; for `two-resources` the two resources are named. */
export type ScopesCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'two-resources'; readonly first: string; readonly second: string }
  /** `first` is the `.default` scope, `second` one that stands beside it. */
  | { readonly kind: 'default-mixed'; readonly first: string; readonly second: string };

/** Whether a text is one scope (RFC 6749 3.3): no spaces, quotation marks, backslashes; ASCII only. */
export function isScopeToken(text: string): boolean {
  return SCOPE_TOKEN.test(text);
}

/**
 * The resource a scope belongs to: what stands before its last slash, in small letters and without a
 * trailing slash (`https://management.azure.com//.default` is a scope of `https://management.azure.com/`,
 * where the slash belongs to the resource's name). Microsoft Graph for a bare scope; undefined for
 * OpenID Connect's own.
 */
export function resourceOf(scope: string): string | undefined {
  if (OPENID_SCOPES.has(scope.toLowerCase())) return undefined;
  const end = scope.lastIndexOf('/');
  // A slash of `://` ends no resource: `api://name` alone names a scope nowhere, so it is its own.
  if (end <= scope.indexOf('://') + 2 && scope.includes('://')) return scope.toLowerCase();
  const resource = end < 0 ? GRAPH : scope.slice(0, end).toLowerCase();
  return resource.replace(/\/+$/u, '');
}

function isDefault(scope: string): boolean {
  return scope === '.default' || scope.endsWith('/.default');
}

/**
 * Whether these can be asked for together: an access token is for one resource, and `.default` stands
 * for all granted permissions and is refused beside others (AADSTS28000, AADSTS70011). OpenID Connect's
 * own scopes do not count as others.
 */
export function checkScopes(scopes: readonly string[], protocol: Protocol = 'entra'): ScopesCheck {
  if (scopes.length === 0) return { kind: 'empty' };
  // What a scope belongs to is each provider's own affair; the rules below are Entra's.
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
 * A key for scopes: equal when the same is asked for, whatever the order and however often, and
 * whether or not Graph is written out. Letters keep their case (RFC 6749 3.3: case-sensitive).
 */
export const scopeKey: (scopes: readonly string[]) => string = remembered((scopes) => {
  const bare = scopes.map((scope) =>
    scope.toLowerCase().startsWith(`${GRAPH}/`) ? scope.slice(GRAPH.length + 1).replace(/^\//u, '') : scope,
  );
  return [...new Set(bare)].toSorted().join(' ');
});

/**
 * Most who ask, ask for a profile's own list: what was found out of it is kept beside it. Lists of scopes never
 * change.
 */
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
