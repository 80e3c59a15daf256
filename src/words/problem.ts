import type { ProblemCode, ProblemParams } from './say.ts';

/**
 * The kind of a problem decides what happens next: `transient` keeps everything and retries; `interaction` needs the
 * user to sign in; `admin` needs a change of the registration or the settings; `storage` needs the keyring; `usage`
 * needs a different request.
 */
export type ProblemKind = 'transient' | 'interaction' | 'admin' | 'storage' | 'usage';

/** Where Entra's sign-in logs record a refusal. `timestamp` is in UTC, like `2026-11-22 08:00:00Z`. */
export interface Reference {
  readonly correlationId: string;
  readonly traceId: string;
  readonly timestamp: string;
}

/** Made where its cause is known, and put into words in one place (`sayProblem`). */
export interface Problem {
  readonly kind: ProblemKind;
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** Milliseconds until the next attempt: as the authority asked (Retry-After), or by our own backoff. */
  readonly retryAfterMs?: number;
  /** What failed, if its words depend on that. Undefined: a request for a token, which is repeated automatically. */
  readonly during?: 'sign-in' | 'check-up';
  /** For the administrator. */
  readonly reference?: Reference;
  /** A claims challenge to be sent with the next sign-in (OpenID Connect Core 5.5, Entra CAE). */
  readonly claims?: string;
}

/** Makes a problem; the compiler checks that the params match the placeholders of its sentences. */
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
