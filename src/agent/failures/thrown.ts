import { errorCode } from '../../system/files/error-code.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';

/**
 * The problem if a file of the program is missing, because an upgrade replaced or removed the files while it was running.
 * Undefined for any other error.
 */
export function replacedProblem(error: unknown): Problem | undefined {
  const code = errorCode(error);
  const isGone = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isGone ? problem('admin', 'program-replaced') : undefined;
}

/** The problem to report for an unexpected throw. Messages of other code are not repeated: they may hold secrets. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const replaced = replacedProblem(error);
  if (replaced !== undefined) return replaced;
  if (error instanceof VaultError) return problem('storage', 'storage.write', { detail: error.message });
  if (error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error) {
    return problem('storage', 'file-system', { path: String(error.path), detail: String(error.code) });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const name = error instanceof Error ? error.name : typeof error;
  return problem('usage', 'unexpected', { detail: code ?? name });
}
