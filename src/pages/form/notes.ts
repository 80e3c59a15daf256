import { element } from '../elements/element.ts';

/** What is to be known of a whole form, above it: said when it comes, and not again with each letter. */
export class FormNotes {
  readonly node = element('div', { class: 'form-notes', role: 'status' });
  #shown = '';

  show(sentences: readonly string[]): void {
    const shown = sentences.join('\n');
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.node.replaceChildren(...sentences.map((each) => element('p', { class: 'hint', dir: 'auto' }, each)));
  }
}
