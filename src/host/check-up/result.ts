import type { Problem } from '../../words/problem.ts';

export type CheckName = 'network' | 'discovery' | 'clock' | 'credential' | 'credential-age' | 'storage';

/** `detail` is a sentence of the catalogue; nothing in it is secret. */
export type CheckOutcome =
  | { readonly kind: 'ok'; readonly detail: string }
  | { readonly kind: 'trouble'; readonly problem: Problem }
  | { readonly kind: 'skipped'; readonly detail: string };

export interface CheckResult {
  readonly name: CheckName;
  readonly outcome: CheckOutcome;
  /** Milliseconds it took. */
  readonly ms: number;
}
