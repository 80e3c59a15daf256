import { problemBody, type ExitCode, type ProblemBody } from '../../outlets/answer/answer.ts';
import type { CheckUpLine } from '../../outlets/answer/host.ts';
import type { Problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { exitCodeOfBody, textField } from '../output/report.ts';

/** What `doctor` found in one check. */
export type Finding = CheckUpLine;

interface Result {
  readonly name: string;
  readonly outcome: Outcome;
  readonly ms: number;
}

/** Called with each finding when it is made. */
export type OnFinding = (finding: Finding) => void;

/** The result of a check, without its name. A problem may come as JSON. */
export type Outcome =
  | { readonly kind: 'ok' | 'skipped'; readonly detail: string }
  | { readonly kind: 'trouble'; readonly problem: Problem | ProblemBody };

/** The longest name (`credential-age`) and a colon, so that the details are aligned. */
const NAME_WIDTH = 15;
/** The longest mark (`skipped`). */
const MARK_WIDTH = 7;

/**
 * Makes a check, and reports what it found and how long it took.
 * @param profile the profile that a next step must name; undefined for the default one
 */
export async function find(
  name: string,
  onFinding: OnFinding,
  look: () => Promise<Outcome> | Outcome,
  profile?: string,
): Promise<Finding> {
  const startedAt = performance.now();
  const outcome = await look();
  const found = findingOf({ name, outcome, ms: Math.round(performance.now() - startedAt) }, profile);
  onFinding(found);
  return found;
}

/** A result of a check, as a finding; `profile` as in {@link find}. */
export function findingOf({ name, outcome, ms }: Result, profile?: string): Finding {
  if (outcome.kind !== 'trouble') return { name, ...outcome, ms };
  const { kind, problem } = outcome;
  return {
    name,
    kind,
    problem:
      'message' in problem ? problem : problemBody({ ...problem, during: 'check-up' }, 'terminal', profile),
    ms,
  };
}

/** A finding in lines: its mark, its name and what was found; the next step below. */
export function sayFinding({ name, kind, detail, problem }: Finding): readonly string[] {
  const line = say('doctor.line', {
    mark: say(`doctor.mark.${kind}`).padEnd(MARK_WIDTH),
    name: `${name}:`.padEnd(NAME_WIDTH),
    detail: problem?.message ?? detail ?? '',
  });
  if (problem === undefined) return [line];
  const { next, reference } = problem;
  const more = reference === undefined ? [next] : [next, say('administrator.reference', { ...reference })];
  return [line, ...more.map((text) => say('doctor.next', { next: text }))];
}

/** 0 if nothing is wrong, otherwise the exit code of the first problem. */
export function exitCodeOfFindings(findings: readonly Finding[]): ExitCode {
  const trouble = findings.find(({ kind }) => kind === 'trouble');
  return trouble === undefined ? 0 : exitCodeOfBody(trouble.problem);
}

/** A finding that came as JSON; undefined if it is not one. */
export function readFinding(value: unknown): Finding | undefined {
  const kind = textField(value, 'kind');
  const isKnown = kind === 'ok' || kind === 'trouble' || kind === 'skipped';
  return isKnown && textField(value, 'name') !== undefined ? (value as Finding) : undefined;
}
