import type { ProblemBody } from '../../outlets/answer/answer.ts';
import { element, present, type Parts } from './element.ts';

/** Screen readers announce only changes: clearing and filling at once would be a single one. */
const APART_MS = 50;

/** The part of {@link Announcements} that other code needs to report results. */
export type Announcer = Pick<Announcements, 'say' | 'fail' | 'clear'>;

/** The line that shows results, and announces them to screen readers (WCAG 2.2, 4.1.3). */
export class Announcements {
  readonly node = element('div', { class: 'said', role: 'status' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Announces a result, even if it is the same sentence as before. */
  say(sentence: string): void {
    this.#put('done', [element('p', {}, sentence)]);
  }

  /** Announces a failure: a heading, what happened, and the next step. */
  fail(
    heading: string,
    { message = '', next = '' }: Partial<Pick<ProblemBody, 'message' | 'next'>> = {},
  ): void {
    this.#put('failed', [
      element('p', { class: 'strong' }, heading),
      message !== '' && element('p', {}, message),
      next !== '' && element('p', { class: 'soft' }, next),
    ]);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.node.replaceChildren();
    delete this.node.dataset['kind'];
  }

  #put(kind: 'done' | 'failed', parts: Parts): void {
    this.clear();
    this.#timer = setTimeout(() => {
      this.node.dataset['kind'] = kind;
      this.node.replaceChildren(...present(parts));
    }, APART_MS);
  }
}
