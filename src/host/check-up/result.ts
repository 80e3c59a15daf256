import type { Problem } from '../../words/problem.ts';

export type CheckName =
  'network' | 'discovery' | 'clock' | 'redirect-uri' | 'credential' | 'credential-age' | 'storage';

export interface Trouble {
  readonly kind: 'trouble';
  readonly problem: Problem;
}

/** `detail` is a sentence of the catalogue and holds no secret. */
export type CheckOutcome =
  | { readonly kind: 'ok'; readonly detail: string }
  | { readonly kind: 'skipped'; readonly detail: string }
  | Trouble;

export interface CheckResult {
  readonly name: CheckName;
  readonly outcome: CheckOutcome;
  /** The duration in milliseconds. */
  readonly ms: number;
}

export function ok(detail: string): CheckOutcome {
  return { kind: 'ok', detail };
}

export function skipped(detail: string): CheckOutcome {
  return { kind: 'skipped', detail };
}

export function trouble(problem: Problem): Trouble {
  return { kind: 'trouble', problem };
}
