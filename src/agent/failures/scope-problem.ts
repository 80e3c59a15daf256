import type { Protocol } from '../../config/profile/profile.ts';
import { checkScopes } from '../../config/profile/scopes.ts';
import type { Problem } from '../../words/problem.ts';

/** Why no authority would grant these scopes in one request, if so (AADSTS28000, AADSTS70011). */
export function scopeProblem(scopes: readonly string[], protocol: Protocol): Problem | undefined {
  const { kind, ...found } = checkScopes(scopes, protocol);
  if (kind === 'ok') return undefined;
  return { kind: 'usage', code: `scope.${kind}`, params: found };
}
