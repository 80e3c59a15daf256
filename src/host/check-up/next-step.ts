import type { Problem } from '../../words/problem.ts';
import { say, sayProblem, sayReason, type ProblemCode } from '../../words/say.ts';

/** Transient problems whose own next step is also right in the form, where nothing is retried automatically. */
const PASSING_WITH_OWN_STEP: readonly ProblemCode[] = [
  'other-answer',
  'proxy.refused',
  'untrusted',
  'untrusted.date',
  'untrusted.name',
  'untrusted.renew',
  'throttled',
  'authority-down',
  'unknown',
];

/** The next step for a user who has the form open: nothing is retried automatically there. */
export function nextStepInForm(problem: Problem): string {
  const isPassing = problem.kind === 'transient' && !PASSING_WITH_OWN_STEP.includes(problem.code);
  return isPassing ? say('checkup.form.again') : sayProblem(problem, 'form').next;
}

/** The finding for the same user. The catalogue's sentence for an unknown reason is about a refresh. */
export function sentenceInForm(problem: Problem): string {
  const { code, params } = problem;
  return code === 'unknown'
    ? say('checkup.form.refused', { detail: String(params['detail'] ?? '') })
    : sayReason(problem);
}
