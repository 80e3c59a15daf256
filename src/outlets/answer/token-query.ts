import type { TokenRequest } from '../../agent/refresh/lifetime.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { showFound } from '../../config/rules/issue.ts';
import { isScopeToken } from '../../config/profile/scopes.ts';

/** The known parameters. Any other is refused, because a typing mistake would otherwise go unnoticed. */
const TOKEN_NAMES = ['scope', 'resource', 'min_lifetime', 'refresh', 'claims', 'profile', 'client_id'];

/** Names that suggest a key in the URL, which logs and histories keep. */
const KEY_NAMES = /key|token|secret|auth|code|password/iu;

/** A token request read from a query, or its problem. */
export type TokenQuery =
  | { readonly kind: 'ok'; readonly request: TokenRequest }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/** The problem of the first parameter that is not in `known`. */
export function unknownName(query: URLSearchParams, known: readonly string[]): Problem | undefined {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  return KEY_NAMES.test(unknown)
    ? problem('usage', 'request.key-in-url')
    : problem('usage', 'request.unknown', { name: showFound(unknown) ?? '', wanted: known.join(', ') });
}

/**
 * Reads `scope` (repeatable, or several separated by spaces) or `resource` (everything granted for it), `min_lifetime`
 * (whole seconds; less is refused), `refresh=1` (a new token in any case) and `claims` (a resource's challenge as JSON).
 * `profile` and `client_id` are read by the caller.
 */
export function readTokenQuery(query: URLSearchParams): TokenQuery {
  const [lifetime, refresh, claims] = ['min_lifetime', 'refresh', 'claims'].map((name) =>
    query.getAll(name).at(-1),
  );
  const resources = query.getAll('resource');
  const unfit = resources.find((resource) => !isScopeToken(resource));
  const reason =
    unknownName(query, TOKEN_NAMES) ??
    refusal('request.min-lifetime', lifetime, (text) => /^\d{1,9}$/u.test(text)) ??
    refusal('request.refresh', refresh, (text) => text === '0' || text === '1') ??
    refusal('request.claims', claims, isJsonObject) ??
    (query.has('resource') && query.has('scope')
      ? problem('usage', 'request.resource-and-scope')
      : refusal('request.resource', unfit, () => false));
  if (reason !== undefined) return { kind: 'wrong', problem: reason };
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

/** The problem of a parameter's value; undefined if it is missing or valid. */
function refusal(
  code: 'request.min-lifetime' | 'request.refresh' | 'request.claims' | 'request.resource',
  value: string | undefined,
  isValid: (text: string) => boolean,
): Problem | undefined {
  if (value === undefined || isValid(value)) return undefined;
  return problem('usage', code, { found: showFound(value) ?? '' });
}

/**
 * A resource keeps its trailing slash, so that the scope has two: the token's audience is the resource as written, and
 * some resources require the slash
 * (https://learn.microsoft.com/entra/identity-platform/scopes-oidc, "Trailing slash and .default").
 */
function scopesOf(query: URLSearchParams, resources: readonly string[]): Pick<TokenRequest, 'scopes'> {
  if (resources.length > 0) return { scopes: resources.map((resource) => `${resource}/.default`) };
  if (!query.has('scope')) return {};
  // An empty `scope=` requests no scope, which the agent refuses with its own message.
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
