import type { Protocol } from '../../config/profile/profile.ts';
import { checkScopes } from '../../config/profile/scopes.ts';
import type { Problem } from '../../words/problem.ts';

const CODES = {
  empty: 'scope.empty',
  'two-resources': 'scope.two-resources',
  'default-mixed': 'scope.default-mixed',
} as const;

/** Why no authority would grant these scopes in one request, if so (AADSTS28000, AADSTS70011). */
export function scopeProblem(scopes: readonly string[], protocol: Protocol): Problem | undefined {
  const { kind, ...found } = checkScopes(scopes, protocol);
  return kind === 'ok' ? undefined : { kind: 'usage', code: CODES[kind], params: found };
}
