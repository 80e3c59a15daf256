import type { TokenRequest } from '../../agent/refresh/lifetime.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import { isScopeToken } from '../../config/profile/scopes.ts';

/** What can be asked for; anything else is a mistake that would otherwise go unnoticed. */
const TOKEN_NAMES = ['scope', 'resource', 'min_lifetime', 'refresh', 'claims', 'profile', 'client_id'];

/** Names under which a key is put into a URL, where logs and histories keep it. */
const KEY_NAMES = /key|token|secret|auth|code|password/iu;

/** A request for a token read from a query, or what is wrong with it. */
export type TokenQuery =
  | { readonly kind: 'ok'; readonly request: TokenRequest }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/** What is wrong with the names of a query: the first that is not among `known`. */
export function unknownName(query: URLSearchParams, known: readonly string[]): Problem | undefined {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  return KEY_NAMES.test(unknown)
    ? problem('usage', 'request.key-in-url')
    : problem('usage', 'request.unknown', { name: showFound(unknown) ?? '', wanted: known.join(', ') });
}

/**
 * Reads `scope` (may be repeated, or hold several with spaces between) or `resource` (all permissions
 * granted for it), `min_lifetime` (whole seconds, a demand) and `refresh=1` (a new token, whatever is left
 * of the old one) and `claims` (a resource's challenge as JSON, which its old token did not meet). Whose token, `profile=ID` or `client_id=ID`, is read by whoever answers.
 */
export function readTokenQuery(query: URLSearchParams): TokenQuery {
  const wrong = (reason: Problem): TokenQuery => ({ kind: 'wrong', problem: reason });
  const unknown = unknownName(query, TOKEN_NAMES);
  if (unknown !== undefined) return wrong(unknown);
  const lifetime = query.getAll('min_lifetime').at(-1);
  if (lifetime !== undefined && !/^\d{1,9}$/u.test(lifetime)) {
    return wrong(problem('usage', 'request.min-lifetime', { found: showFound(lifetime) ?? '' }));
  }
  const refresh = query.getAll('refresh').at(-1);
  if (refresh !== undefined && refresh !== '0' && refresh !== '1') {
    return wrong(problem('usage', 'request.refresh', { found: showFound(refresh) ?? '' }));
  }
  const claims = query.getAll('claims').at(-1);
  if (claims !== undefined && !isJsonObject(claims)) {
    return wrong(problem('usage', 'request.claims', { found: showFound(claims) ?? '' }));
  }
  if (query.has('resource') && query.has('scope'))
    return wrong(problem('usage', 'request.resource-and-scope'));
  const resources = query.getAll('resource');
  const unfit = resources.find((resource) => !isScopeToken(resource));
  if (unfit !== undefined) {
    return wrong(problem('usage', 'request.resource', { found: showFound(unfit) ?? '' }));
  }
  return {
    kind: 'ok',
    request: {
      ...scopesOf(query, resources),
      ...(lifetime === undefined ? {} : { minLifetimeMs: Number(lifetime) * 1000 }),
      ...(refresh === '1' ? { fresh: 'always' as const } : {}),
      ...(claims === undefined ? {} : { claims }),
    },
  };
}

/**
 * A resource's trailing slash stays, so that the scope has two: the token's audience is the resource as it
 * is written, and some want the slash in it
 * (https://learn.microsoft.com/entra/identity-platform/scopes-oidc, "Trailing slash and .default").
 */
function scopesOf(query: URLSearchParams, resources: readonly string[]): Pick<TokenRequest, 'scopes'> {
  if (resources.length > 0) return { scopes: resources.map((resource) => `${resource}/.default`) };
  if (!query.has('scope')) return {};
  // `scope=` with nothing behind it asks for none, which the agent refuses by name.
  return { scopes: query.getAll('scope').flatMap((text) => text.split(' ').filter((scope) => scope !== '')) };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
