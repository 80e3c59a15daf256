import type { ProblemCode, ProblemParams } from './say.ts';

/**
 * What kind of trouble it is, which decides what happens next (DESIGN, Failures):
 * `transient` keeps everything and tries again; `interaction` needs the user to sign in; `admin` needs
 * somebody to change the registration or the settings; `storage` the keyring; `usage` the asker.
 */
export type ProblemKind = 'transient' | 'interaction' | 'admin' | 'storage' | 'usage';

/** One trouble, made where its cause is known and put into words in one place ({@link sayProblem}). */
export interface Problem {
  readonly kind: ProblemKind;
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** Milliseconds the authority asked us to wait (Retry-After), or until our own next try. */
  readonly retryAfterMs?: number;
  /** A claims challenge to be sent with the next sign-in (OpenID Connect Core 5.5, Entra CAE). */
  readonly claims?: string;
}

/** Makes a problem; the compiler asks for whatever its sentences want filled in. */
export function problem<Code extends ProblemCode>(
  kind: ProblemKind,
  code: Code,
  ...rest: keyof ProblemParams<Code> extends never
    ? [params?: Record<string, never>, more?: Pick<Problem, 'retryAfterMs' | 'claims'>]
    : [params: ProblemParams<Code>, more?: Pick<Problem, 'retryAfterMs' | 'claims'>]
): Problem {
  const [params, more] = rest;
  return { kind, code, params: params ?? {}, ...more };
}

/** Carries a {@link Problem} through code that throws. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}
