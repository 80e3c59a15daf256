import { say } from '../../words/say.ts';
import type { BarState } from './save-bar.ts';

/** What a form is about. `removed`: a profile that was removed; saving creates another one. */
export type FormSubject =
  | { readonly kind: 'new' }
  | { readonly kind: 'stored'; readonly profile: string }
  | { readonly kind: 'removed' };

/** This many names fit into one line of the bar in a narrow window. */
const NAMED_MAX_PARTS = 2;

/** Whether closing a form with these changed parts would lose something. Pure. */
export function standingOf(subject: FormSubject, changes: readonly string[]): 'clean' | 'unsaved' {
  return changes.length === 0 && subject.kind !== 'removed' ? 'clean' : 'unsaved';
}

/** What the form's bar shows. `changes`: the names of the changed parts. Pure. */
export function barOf(subject: FormSubject, changes: readonly string[]): BarState {
  if (changes.length > 0) return { kind: 'unsaved', said: sayUnsaved(changes), discard: 'yes' };
  if (subject.kind === 'stored') return { kind: 'clean' };
  return {
    kind: 'unsaved',
    said: say('settings-page.unsaved.new'),
    discard: subject.kind === 'removed' ? 'yes' : 'no',
  };
}

/** Short, since the bar covers part of the form; the question before discarding names all parts. */
function sayUnsaved(parts: readonly string[]): string {
  return parts.length > NAMED_MAX_PARTS
    ? say('settings-page.unsaved.parts', { count: parts.length })
    : say('settings-page.unsaved.what', { parts: parts.join(', ') });
}

/** The notes about the stored profile above the form. `contested`: the names of those parts. Pure. */
export function notesOf(subject: FormSubject, contested: readonly string[]): readonly string[] {
  if (subject.kind === 'removed') return [say('settings-page.gone.note')];
  return contested.length === 0 ? [] : [say('settings-page.contested', { parts: contested.join(', ') })];
}
