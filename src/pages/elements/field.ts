import { element, paragraphs, type Attributes } from './element.ts';

/** What the user types into or chooses from. */
export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A field's label, and one line that explains it. */
export interface FieldWords {
  readonly label: string;
  readonly help?: string;
}

/** Keeps ids unique across all fields of the page. */
let made = 0;

/**
 * One field of a form: label, control, a line of help, and its errors. Help and errors are linked by
 * `aria-describedby`; new errors are also announced (WCAG 2.2, 1.3.1, 3.3.1 and 4.1.3).
 */
export class Field<Of extends Control = Control> {
  readonly node: HTMLElement;
  readonly control: Of;
  readonly #label: HTMLElement;
  readonly #help: HTMLElement | undefined;
  readonly #errors: HTMLElement;
  #shown: readonly string[] = [];

  /** `beside`: shown in one row with the control, such as a button that copies its text. */
  constructor({ label, help }: FieldWords, control: Of, ...beside: readonly HTMLElement[]) {
    made += 1;
    const id = `field-${made}`;
    control.id = id;
    control.classList.add('control');
    this.control = control;
    this.#label = element('label', { for: id }, label);
    this.#help =
      help === undefined ? undefined : element('p', { class: 'help soft', id: `${id}-help` }, help);
    this.#errors = element('div', { class: 'field-errors', id: `${id}-errors`, 'aria-live': 'polite' });
    const row = beside.length === 0 ? control : element('div', { class: 'control-row' }, control, ...beside);
    this.node = element('div', { class: 'field' }, this.#label, row, this.#help, this.#errors);
    this.#describe();
  }

  /** Replaces the label and the help, whose wording depends on another field. */
  reword({ label, help = '' }: FieldWords): void {
    this.#label.textContent = label;
    if (this.#help !== undefined) this.#help.textContent = help;
  }

  /** Shows the errors, one line each. */
  problems(sentences: readonly string[]): void {
    if (sentences.join('\n') === this.#shown.join('\n')) return;
    this.#shown = sentences;
    this.#errors.replaceChildren(...fieldErrors(sentences));
    this.#describe();
  }

  #describe(): void {
    const isWrong = this.#shown.length > 0;
    const ids = [this.#help?.id, isWrong ? this.#errors.id : undefined].filter((id) => id !== undefined);
    setOrRemove(this.control, 'aria-describedby', ids.join(' '));
    setOrRemove(this.control, 'aria-invalid', isWrong ? 'true' : '');
  }
}

function setOrRemove(control: Control, name: string, value: string): void {
  if (value === '') control.removeAttribute(name);
  else control.setAttribute(name, value);
}

/** Errors as shown below a field. */
export function fieldErrors(sentences: readonly string[]): readonly HTMLElement[] {
  return paragraphs(sentences, { class: 'field-error' });
}

/** A line of text that the browser neither completes nor corrects. */
export function textInput(attributes: Attributes = {}): HTMLInputElement {
  return element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...attributes });
}

/** A list to choose one option from. */
export function choiceOf(options: readonly (readonly [value: string, said: string])[]): HTMLSelectElement {
  return element('select', {}, ...options.map(([value, said]) => element('option', { value }, said)));
}
