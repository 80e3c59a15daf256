import type { ProblemBody } from '../../outlets/answer/answer.ts';
import { element } from './element.ts';

/** A screen reader says only what changes; what is there and changes at once is one change to it. */
const APART_MS = 50;

/** What others need of {@link Announcements} to say what became of something. */
export type Announcer = Pick<Announcements, 'say' | 'fail' | 'clear'>;

/** The line under the actions where their results are said, to the eye and to screen readers (WCAG 2.2, 4.1.3). */
export class Announcements {
  readonly node = element('div', { class: 'said', role: 'status' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says it, and says it again where it is the same as before. */
  say(sentence: string): void {
    this.#put('done', [element('p', {}, sentence)]);
  }

  /** What went wrong: under which heading, what happened, and the next step. */
  fail(heading: string, problem: Pick<ProblemBody, 'message' | 'next'>): void {
    this.#put('failed', [
      element('p', { class: 'strong' }, heading),
      ...(problem.message === '' ? [] : [element('p', {}, problem.message)]),
      ...(problem.next === '' ? [] : [element('p', { class: 'soft' }, problem.next)]),
    ]);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.node.replaceChildren();
    delete this.node.dataset['kind'];
  }

  #put(kind: 'done' | 'failed', parts: readonly HTMLElement[]): void {
    this.clear();
    this.#timer = setTimeout(() => {
      this.node.dataset['kind'] = kind;
      this.node.replaceChildren(...parts);
    }, APART_MS);
  }
}
