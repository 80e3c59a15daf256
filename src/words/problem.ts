import type { ProblemCode, ProblemParams } from './say.ts';

/**
 * The class of a problem, which determines what happens next. `transient`: everything is kept and tried again.
 * `interaction`: the user must sign in. `admin`: the registration or the settings must be changed. `storage`: the keyring
 * must be fixed. `usage`: the caller must change the request.
 */
export type ProblemKind = 'transient' | 'interaction' | 'admin' | 'storage' | 'usage';

/** A problem, created where its cause is known and put into words by {@link sayProblem}. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** Milliseconds to wait, as requested by the authority (Retry-After), or until the next attempt. */
  readonly retryAfterMs?: number;
  /** A claims challenge for the next sign-in (OpenID Connect Core 5.5, Entra CAE). */
  readonly claims?: string;
}

/** Makes a problem; the compiler requires the placeholders of its sentences. */
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
