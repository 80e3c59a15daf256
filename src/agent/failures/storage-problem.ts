import type { Unavailable } from '../../vault/store/vault.ts';
import type { Problem } from '../../words/problem.ts';
import type { ProblemCode } from '../../words/say.ts';

const CODES: Readonly<Record<Unavailable['kind'], ProblemCode>> = {
  absent: 'storage.absent',
  locked: 'storage.locked',
  silent: 'storage.silent',
  failed: 'storage.unavailable',
};

/** The problem to report when the configured store cannot be used. */
export function storageProblem({ kind, detail }: Unavailable): Problem {
  return { kind: 'storage', code: CODES[kind], params: { detail } };
}
