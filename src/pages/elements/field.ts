import { element } from './element.ts';

/** What a person types into or chooses from. */
export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What stands at a field: its name, and one line that explains it. */
export interface FieldWords {
  readonly label: string;
  readonly help?: string;
}

/** Every id on the page is its own, however many fields there are. */
let made = 0;

/**
 * One field of a form: label, control, a line of help, and what is wrong with it. Help and errors are connected
 * by `aria-describedby`; an error that appears is also said (WCAG 2.2, 1.3.1, 3.3.1 and 4.1.3).
 */
export class Field<Of extends Control = Control> {
  readonly node: HTMLElement;
  readonly control: Of;
  readonly #errors: HTMLElement;
  readonly #describedBy: string;
  #shown: readonly string[] = [];

  /** `beside`: what stands in one line with the control, like a button that copies it. */
  constructor(words: FieldWords, control: Of, ...beside: readonly HTMLElement[]) {
    made += 1;
    const id = `field-${made}`;
    control.id = id;
    control.classList.add('control');
    this.control = control;
    this.#errors = element('div', { class: 'field-errors', id: `${id}-errors`, 'aria-live': 'polite' });
    const help =
      words.help === undefined ? [] : [element('p', { class: 'help soft', id: `${id}-help` }, words.help)];
    this.#describedBy = help.map((line) => line.id).join(' ');
    this.node = element(
      'div',
      { class: 'field' },
      element('label', { for: id }, words.label),
      beside.length === 0 ? control : element('div', { class: 'control-row' }, control, ...beside),
      ...help,
      this.#errors,
    );
    this.#describe();
  }

  /** Other words for the same field, as what it is for depends on another one. */
  reword({ label, help = '' }: FieldWords): void {
    const [name, line] = [this.node.querySelector('label'), this.node.querySelector('.help')];
    if (name !== null) name.textContent = label;
    if (line !== null) line.textContent = help;
  }

  /** Says what is wrong, a sentence a line; nothing where all is well. */
  problems(sentences: readonly string[]): void {
    if (sentences.join('\n') === this.#shown.join('\n')) return;
    this.#shown = sentences;
    this.#errors.replaceChildren(
      ...sentences.map((sentence) => element('p', { class: 'field-error', dir: 'auto' }, sentence)),
    );
    this.#describe();
  }

  #describe(): void {
    const isWrong = this.#shown.length > 0;
    const ids = [this.#describedBy, isWrong ? this.#errors.id : ''].filter((id) => id !== '').join(' ');
    if (ids === '') this.control.removeAttribute('aria-describedby');
    else this.control.setAttribute('aria-describedby', ids);
    if (isWrong) this.control.setAttribute('aria-invalid', 'true');
    else this.control.removeAttribute('aria-invalid');
  }
}

/** A list to choose one of. */
export function choiceOf(options: readonly (readonly [value: string, said: string])[]): HTMLSelectElement {
  return element('select', {}, ...options.map(([value, said]) => element('option', { value }, said)));
}
