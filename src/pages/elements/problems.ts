import type { ProblemBody } from '../../outlets/answer/answer.ts';
import type { StatusBody } from '../../outlets/answer/status-body.ts';
import { say } from '../../words/say.ts';
import { element, paragraphs } from './element.ts';

/** A profile's problems: the one to act on first, then those of storage and token files. */
export function problemsOf({
  session,
  health,
  storage,
  tokenFileTroubles,
}: StatusBody): readonly ProblemBody[] {
  const first = session.kind === 'sign-in-needed' ? session.reason : health.reason;
  return [first, storage.reason, ...(tokenFileTroubles ?? [])].filter((problem) => problem !== undefined);
}

/** A problem in words, with its next step. */
export function problemElement({
  message,
  next,
  reference,
}: Pick<ProblemBody, 'message' | 'next' | 'reference'>): HTMLElement {
  return element(
    'div',
    { class: 'problem' },
    element('p', { class: 'strong', dir: 'auto' }, message),
    ...paragraphs([
      next,
      ...(reference === undefined ? [] : [say('administrator.reference', { ...reference })]),
    ]),
  );
}
