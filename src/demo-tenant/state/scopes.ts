import { AadstsError } from './aadsts.ts';

/** The resource of scopes without one: Microsoft Graph, as in Entra. */
export const GRAPH = 'https://graph.microsoft.com';
/** Graph's application id, which Entra accepts in place of its URI. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims and #OfflineAccess */
const OIDC_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

interface ResourceScope {
  /** As written in the request. */
  readonly asked: string;
  /** The resulting `aud`. */
  readonly resource: string;
  /** The part after the resource: `User.Read`, `.default`. */
  readonly permission: string;
}

/** A parsed `scope` parameter (RFC 6749 section 3.3). */
export interface ScopeRequest {
  readonly oidc: readonly string[];
  readonly forResources: readonly ResourceScope[];
}

/** The scope of one access token. */
export interface GrantedScope {
  /** The `aud` claim. */
  readonly audience: string;
  /** The `scp` claim. */
  readonly scp: string;
  /** The `scope` of the token response. */
  readonly responseScope: string;
}

/**
 * Splits a `scope` parameter into OpenID scopes and permissions of resources: `api://x/read` belongs to `api://x`,
 * `https://host//read` to `https://host/`, a bare name to Graph.
 * @throws AadstsError 70011 for characters that RFC 6749 does not allow, and for `.default` with other permissions.
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 */
export function parseScopes(text: string): ScopeRequest {
  const asked = [...new Set(text.split(/\s+/).filter(Boolean))];
  const malformed = asked.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (malformed !== undefined) throw new AadstsError(70011, { detail: 'The scope format is invalid.' });
  const forResources = asked.filter((scope) => !OIDC_SCOPES.includes(scope)).map(parseResourceScope);
  for (const { resource, permission } of forResources) {
    const siblings = forResources.filter((other) => sameResource(other.resource, resource));
    if (permission === '.default' && siblings.length > 1) {
      const detail = '.default scope can not be combined with resource-specific scopes.';
      throw new AadstsError(70011, { detail });
    }
  }
  return { oidc: OIDC_SCOPES.filter((scope) => asked.includes(scope)), forResources };
}

function parseResourceScope(asked: string): ResourceScope {
  const slash = asked.lastIndexOf('/');
  if (slash < 0) return { asked, resource: GRAPH, permission: asked };
  const resource = asked.slice(0, slash);
  const permission = asked.slice(slash + 1);
  if (resource === '' || permission === '') {
    throw new AadstsError(70011, { detail: 'Scope must be in a valid URI form or a valid Guid/scope.' });
  }
  return { asked, resource, permission };
}

function sameResource(one: string, other: string): boolean {
  const plain = (resource: string) =>
    resource === GRAPH_APP_ID ? GRAPH : resource.replace(/\/$/, '').toLowerCase();
  return plain(one) === plain(other);
}

/**
 * Grants the scopes of one access token. The response repeats them as written, including `.default`: MSAL uses these
 * strings as cache keys.
 * @throws AadstsError 28000 if the scopes belong to more than one resource, 28003 if there are none.
 */
export function grantScopes(request: ScopeRequest): GrantedScope {
  const [first] = request.forResources;
  // Entra repeats the OpenID scopes for Graph only, and never offline_access.
  const openId = request.oidc.filter((scope) => scope !== 'offline_access');
  if (first === undefined) {
    if (openId.length === 0) throw new AadstsError(28003);
    return { audience: GRAPH, scp: openId.join(' '), responseScope: openId.join(' ') };
  }
  if (request.forResources.some((scope) => !sameResource(scope.resource, first.resource))) {
    const scopes = request.forResources.map((scope) => scope.asked).join(' ');
    throw new AadstsError(28000, { detail: `Scope ${scopes} is not valid.` });
  }
  const isGraph = sameResource(first.resource, GRAPH);
  const standing = isGraph ? 'User.Read' : 'user_impersonation';
  const permissions = request.forResources.map(({ permission }) =>
    permission === '.default' ? standing : permission,
  );
  const echoed = request.forResources.flatMap(({ asked, permission }) =>
    permission === '.default' ? [asked.replace(/\.default$/, standing), asked] : [asked],
  );
  const oidc = isGraph ? openId : [];
  return {
    audience: first.resource,
    scp: [...permissions, ...oidc].join(' '),
    responseScope: [...echoed, ...oidc].join(' '),
  };
}

/**
 * The resource of a client-credentials request.
 * @throws AadstsError 1002012 unless exactly one `.default` is requested.
 */
export function applicationAudience(request: ScopeRequest): string {
  const [first, ...others] = request.forResources;
  if (first?.permission !== '.default' || others.length > 0) throw new AadstsError(1002012);
  return first.resource;
}
