import type { TokenRequest } from '../agent/lifetime.ts';
import { problem, type Problem } from '../agent/problem.ts';
import { showFound } from '../config/issue.ts';

/** What can be asked for; anything else is a mistake that would otherwise go unnoticed. */
const KNOWN = new Set(['scope', 'min_lifetime', 'refresh']);

/** Names under which a key is put into a URL, where logs and histories keep it. */
const KEY_NAMES = /key|token|secret|auth|code|password/iu;

/** A request for a token read from a query, or what is wrong with it. */
export type TokenQuery =
  | { readonly kind: 'ok'; readonly request: TokenRequest }
  | { readonly kind: 'wrong'; readonly problem: Problem };

/**
 * Reads `scope` (may be repeated, or hold several with spaces between), `min_lifetime` (whole seconds, a
 * demand) and `refresh=1` (a new token, whatever is left of the old one).
 */
export function readTokenQuery(query: URLSearchParams): TokenQuery {
  const wrong = (reason: Problem): TokenQuery => ({ kind: 'wrong', problem: reason });
  const unknown = [...query.keys()].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    return wrong(
      KEY_NAMES.test(unknown)
        ? problem('usage', 'request.key-in-url')
        : problem('usage', 'request.unknown', { name: showFound(unknown) ?? '' }),
    );
  }
  const lifetime = query.getAll('min_lifetime').at(-1);
  if (lifetime !== undefined && !/^\d{1,9}$/u.test(lifetime)) {
    return wrong(problem('usage', 'request.min-lifetime', { found: showFound(lifetime) ?? '' }));
  }
  const refresh = query.getAll('refresh').at(-1);
  if (refresh !== undefined && refresh !== '0' && refresh !== '1') {
    return wrong(problem('usage', 'request.refresh', { found: showFound(refresh) ?? '' }));
  }
  const scopes = query.getAll('scope').flatMap((text) => text.split(' ').filter((scope) => scope !== ''));
  return {
    kind: 'ok',
    request: {
      // `scope=` with nothing behind it asks for none, which the agent refuses by name.
      ...(query.has('scope') ? { scopes } : {}),
      ...(lifetime === undefined ? {} : { minLifetimeMs: Number(lifetime) * 1000 }),
      ...(refresh === '1' ? { fresh: 'always' as const } : {}),
    },
  };
}
