import type { Unavailable } from '../../vault/store/vault.ts';
import { problem, type Problem } from '../../words/problem.ts';

/** What it means to a person that the wanted store is not used. */
export function storageProblem({ kind, detail }: Unavailable): Problem {
  switch (kind) {
    case 'absent':
      return problem('storage', 'storage.absent', { detail });
    case 'locked':
      return problem('storage', 'storage.locked', { detail });
    case 'silent':
      return problem('storage', 'storage.silent', { detail });
    case 'failed':
      return problem('storage', 'storage.unavailable', { detail });
  }
}
