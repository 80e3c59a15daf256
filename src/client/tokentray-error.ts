import type { Problem } from '../words/problem.ts';
import { exitCodeOf } from '../outlets/answer/answer.ts';

/**
 * What decides what to do: `transient` asks again later, `interaction` needs the user to sign in, `admin`
 * somebody to change settings or registration, `storage` the keyring, `usage` the program that asked.
 */
export type TroubleKind = 'transient' | 'interaction' | 'admin' | 'storage' | 'usage' | 'unexpected';

/** A trouble as it is told: why there is no token, or why what was left of the old one came instead. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** The name of the trouble, which does not change: `agent-not-running`, `signed-out`, `offline` … */
  readonly code: string;
  /** What happened, for people. */
  readonly message: string;
  /** What to do about it, for people. */
  readonly next: string;
  /** When asking again makes sense; only where `kind` is `transient`. */
  readonly retryAfterSeconds: number | undefined;
}

/** Why there is no token. Its message says what happened and what to do next; no secret is in it. */
export class TokentrayError extends Error implements Trouble {
  override readonly name: string = 'TokentrayError';
  readonly kind: TroubleKind;
  readonly code: string;
  readonly next: string;
  readonly retryAfterSeconds: number | undefined;
  /**
   * What `tokentray token` would exit with: 1 failure, 2 usage, 10 sign-in needed, 11 try again later,
   * 12 settings or registration, 13 Tokentray is not running, 14 keyring or file system.
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
  // Compared with the few codes that have an exit code of their own; an owner may know more than we do.
  const exitCode = exitCodeOf({ kind, code: code as Problem['code'] });
  return exitCode === 0 ? 1 : exitCode;
}
