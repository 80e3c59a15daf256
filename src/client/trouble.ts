import { problem, type ProblemError } from '../words/problem.ts';
import { problemBody } from '../outlets/answer/answer.ts';
import { TokentrayError, type Trouble, type TroubleKind } from './tokentray-error.ts';

/** A problem found by this side. */
export function troubleOf({ problem: found }: Pick<ProblemError, 'problem'>): Trouble {
  const { kind, code, message, next, retryAfterSeconds } = problemBody(found);
  return { kind, code, message, next, retryAfterSeconds };
}

/** An answer in another form: from another program, or another version. */
export function garbled(detail: string): TokentrayError {
  return new TokentrayError(troubleOf({ problem: problem('transient', 'agent-garbled', { detail }) }));
}

const KINDS: ReadonlySet<string> = new Set<TroubleKind>([
  'transient',
  'interaction',
  'admin',
  'storage',
  'usage',
  'unexpected',
]);

/**
 * A problem that came as JSON; undefined if it is something else. A newer owner may send a kind that is unknown
 * here: asking again later is never wrong.
 */
export function readTrouble(value: unknown): Trouble | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, code, message, next, retryAfterSeconds } = value as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return {
    kind: typeof kind === 'string' && KINDS.has(kind) ? (kind as TroubleKind) : 'transient',
    code,
    message,
    next: typeof next === 'string' ? next : '',
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined,
  };
}
