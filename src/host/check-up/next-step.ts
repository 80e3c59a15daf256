import type { Problem } from '../../words/problem.ts';
import { say, sayProblem, type ProblemCode } from '../../words/say.ts';

/** What is done in the form about problems whose own next step is to import a file again. */
const IN_FORM: Readonly<Partial<Record<ProblemCode, string>>> = {
  'wrong-secret': say('checkup.form.secret'),
  'expired-secret': say('checkup.form.expired-secret'),
  'wrong-certificate': say('checkup.form.certificate'),
  'expired-certificate': say('checkup.form.certificate'),
  'wrong-client': say('checkup.form.client'),
  'client-refused': say('checkup.form.provider'),
  'port-in-use': say('checkup.form.port'),
  untrusted: say('checkup.form.untrusted'),
  throttled: say('checkup.form.later'),
  'authority-down': say('checkup.form.later'),
  unknown: say('checkup.form.unknown'),
};

/** Passing troubles whose own next step does not say that it is tried again without anybody. */
const PASSING_WITH_OWN_STEP: readonly ProblemCode[] = ['proxy.refused'];

/**
 * What to do about a problem for somebody who has the form before them: nothing is imported there, and nobody but
 * them tests again. Otherwise the problem's own next step.
 */
export function nextStepInForm(problem: Problem): string {
  const { code, kind } = problem;
  const isPassing = kind === 'transient' && !PASSING_WITH_OWN_STEP.includes(code);
  return IN_FORM[code] ?? (isPassing ? say('checkup.form.again') : sayProblem(problem).next);
}

/** What was found, for the same reader: the sentence of an unknown reason speaks of a refresh. */
export function sentenceInForm(problem: Problem): string {
  const { code, params } = problem;
  return code === 'unknown'
    ? say('checkup.form.refused', { detail: String(params['detail'] ?? '') })
    : sayProblem(problem).sentence;
}
