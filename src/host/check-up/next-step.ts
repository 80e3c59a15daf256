import type { Problem } from '../../words/problem.ts';
import { say, sayProblem, type ProblemCode } from '../../words/say.ts';

/** Next steps in the form, for problems whose own next step is to import a file again. */
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

/** Transient problems whose own next step does not say that Tokentray retries automatically. */
const PASSING_WITH_OWN_STEP: readonly ProblemCode[] = ['proxy.refused'];

/**
 * The next step for a user who has the form open: nothing is imported there, and nothing is retried automatically.
 * Otherwise the problem's own next step.
 */
export function nextStepInForm(problem: Problem): string {
  const { code, kind } = problem;
  const isPassing = kind === 'transient' && !PASSING_WITH_OWN_STEP.includes(code);
  return IN_FORM[code] ?? (isPassing ? say('checkup.form.again') : sayProblem(problem).next);
}

/** The finding for the same user. The catalogue's sentence for an unknown reason is about a refresh. */
export function sentenceInForm(problem: Problem): string {
  const { code, params } = problem;
  return code === 'unknown'
    ? say('checkup.form.refused', { detail: String(params['detail'] ?? '') })
    : sayProblem(problem).sentence;
}
