import { VaultError } from '../../vault/store/vault.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';

/** The problem to report for an unexpected throw. Messages of other code are not repeated: they may hold secrets. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof VaultError) return problem('storage', 'storage.write', { detail: error.message });
  if (error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error) {
    return problem('storage', 'file-system', { path: String(error.path), detail: String(error.code) });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const name = error instanceof Error ? error.name : typeof error;
  return problem('usage', 'unexpected', { detail: code ?? name });
}
