import type { Problem } from '../words/problem.ts';
import { exitCodeOf } from '../outlets/answer/answer.ts';

/**
 * What to do: `transient` ask again later, `interaction` the user must sign in, `admin` a setting or the
 * registration must be changed, `storage` the keyring must be checked, `usage` the calling program must be changed.
 */
export type TroubleKind = 'transient' | 'interaction' | 'admin' | 'storage' | 'usage' | 'unexpected';

/** A problem: why there is no token, or why what was left of the old one was returned. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** The stable name of the problem: `agent-not-running`, `signed-out`, `offline` … */
  readonly code: string;
  /** What happened, as a sentence. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly next: string;
  /** When to ask again; only if `kind` is `transient`. */
  readonly retryAfterSeconds: number | undefined;
}

/** Why there is no token. The message says what happened and what to do next. It holds no secret. */
export class TokentrayError extends Error implements Trouble {
  override readonly name: string = 'TokentrayError';
  readonly kind: TroubleKind;
  readonly code: string;
  readonly next: string;
  readonly retryAfterSeconds: number | undefined;
  /**
   * The exit code of `tokentray token`: 1 failure, 2 usage, 10 sign-in needed, 11 try again later, 12 settings or
   * registration, 13 Tokentray is not running, 14 keyring or file system.
   */
  readonly exitCode: 1 | 2 | 10 | 11 | 12 | 13 | 14;

  constructor(trouble: Trouble, options?: { readonly cause?: unknown }) {
    super(`${trouble.message} ${trouble.next}`.trim(), options);
    this.kind = trouble.kind;
    this.code = trouble.code;
    this.next = trouble.next;
    this.retryAfterSeconds = trouble.retryAfterSeconds;
    this.exitCode = exitCodeOfTrouble(trouble);
  }
}

function exitCodeOfTrouble({ kind, code }: Trouble): TokentrayError['exitCode'] {
  if (kind === 'unexpected') return 1;
  // Compared with the few codes that have their own exit code. A newer owner may send codes that are unknown here.
  const exitCode = exitCodeOf({ kind, code: code as Problem['code'] });
  return exitCode === 0 ? 1 : exitCode;
}
