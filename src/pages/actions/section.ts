import { say } from '../../words/say.ts';
import { messageOf } from './actions.ts';
import { element } from '../elements/element.ts';
import { problemElement } from '../elements/problems.ts';
import type { Read } from './reading.ts';

/** A part of the page with a heading, and in place of its content what there is to say while there is none. */
export class Section {
  readonly node: HTMLElement;
  readonly #note = element('div', { class: 'note' });
  readonly #content: readonly HTMLElement[];
  readonly #again: () => void;

  /** `again` reads anew what could not be read. */
  constructor(title: string, content: readonly HTMLElement[], again: () => void) {
    this.#content = content;
    this.#again = again;
    this.node = element('section', { class: 'card' }, element('h2', {}, title), this.#note, ...content);
  }

  /** Shows content, that it is being read, or why it could not be. */
  show(read: Read<unknown>): void {
    const isRead = read.kind === 'read';
    this.node.setAttribute('aria-busy', String(read.kind === 'loading'));
    for (const part of this.#content) part.hidden = !isRead;
    if (isRead) this.#note.replaceChildren();
    else if (read.kind === 'loading') this.#note.replaceChildren(loadingElement());
    else this.#note.replaceChildren(...failureParts(read.error, this.#again));
  }
}

/** That something is being read. */
export function loadingElement(): HTMLElement {
  return element('p', { class: 'loading' }, say('page.loading'));
}

/** Why something could not be read, and the button that tries again. */
export function failureParts(error: unknown, again: () => void): readonly HTMLElement[] {
  const button = element('button', { type: 'button', class: 'button' }, say('window.again'));
  button.addEventListener('click', again);
  return [problemElement({ message: say('page.failed'), next: messageOf(error) }), button];
}
