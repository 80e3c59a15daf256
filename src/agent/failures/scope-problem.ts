import type { Protocol } from '../../config/profile/profile.ts';
import { checkScopes } from '../../config/profile/scopes.ts';
import { problem, type Problem } from '../../words/problem.ts';

/** Why no authority would grant these scopes in one request, if so (facts: AADSTS28000, 70011). */
export function scopeProblem(scopes: readonly string[], protocol: Protocol): Problem | undefined {
  const check = checkScopes(scopes, protocol);
  switch (check.kind) {
    case 'ok':
      return undefined;
    case 'empty':
      return problem('usage', 'scope.empty');
    case 'two-resources':
      return problem('usage', 'scope.two-resources', { first: check.first, second: check.second });
    case 'default-mixed':
      return problem('usage', 'scope.default-mixed', { first: check.first, second: check.second });
  }
}
