import { say } from '../../words/say.ts';
import { card } from '../elements/card.ts';
import { button, element } from '../elements/element.ts';
import { problemElement } from '../elements/problems.ts';
import { messageOf } from './act.ts';
import type { Read } from './reading.ts';

/** A part of the page with a heading, and a note in place of its content while there is none. */
export class Section {
  readonly node: HTMLElement;
  readonly #note = element('div', { class: 'note' });
  readonly #content: readonly HTMLElement[];
  readonly #again: () => void;

  /** `again` retries a failed read. */
  constructor(title: string, content: readonly HTMLElement[], again: () => void) {
    this.#content = content;
    this.#again = again;
    this.node = card(title, this.#note, ...content);
  }

  /** Shows the content, that it is being read, or why it could not be read. */
  show(read: Read<unknown>): void {
    const isRead = read.kind === 'read';
    this.node.setAttribute('aria-busy', String(read.kind === 'loading'));
    for (const part of this.#content) part.hidden = !isRead;
    if (isRead) this.#note.replaceChildren();
    else if (read.kind === 'loading') this.#note.replaceChildren(loadingElement());
    else this.#note.replaceChildren(...failureParts(read.error, this.#again));
  }
}

/** Says that something is being read. */
export function loadingElement(): HTMLElement {
  return element('p', { class: 'loading' }, say('page.loading'));
}

/** Why something could not be read, and a button to try again. */
export function failureParts(error: unknown, again: () => void): readonly HTMLElement[] {
  return [
    problemElement({ message: say('page.failed'), next: messageOf(error) }),
    button(say('window.again'), again),
  ];
}
