import { say } from '../../words/say.ts';
import type { BarState } from './save-bar.ts';

/** What a form is of. `removed`: of a profile that is stored no more; saved, it is another one. */
export type FormSubject =
  | { readonly kind: 'new' }
  | { readonly kind: 'stored'; readonly profile: string }
  | { readonly kind: 'removed' };

/** As many names as fit into one line of the bar in a narrow window. */
const NAMED_MAX_PARTS = 2;

/** Whether something would be lost with a form in which these parts are changed. Pure. */
export function standingOf(subject: FormSubject, changes: readonly string[]): 'clean' | 'unsaved' {
  return changes.length === 0 && subject.kind !== 'removed' ? 'clean' : 'unsaved';
}

/** What its bar shows. `changes`: the names of the parts. Pure. */
export function barOf(subject: FormSubject, changes: readonly string[]): BarState {
  if (changes.length > 0) return { kind: 'unsaved', said: sayUnsaved(changes), discard: 'yes' };
  if (subject.kind === 'stored') return { kind: 'clean' };
  return {
    kind: 'unsaved',
    said: say('settings-page.unsaved.new'),
    discard: subject.kind === 'removed' ? 'yes' : 'no',
  };
}

/** The bar is over what somebody types in, so it stays small; the question before they are discarded names all. */
function sayUnsaved(parts: readonly string[]): string {
  return parts.length > NAMED_MAX_PARTS
    ? say('settings-page.unsaved.parts', { count: parts.length })
    : say('settings-page.unsaved.what', { parts: parts.join(', ') });
}
