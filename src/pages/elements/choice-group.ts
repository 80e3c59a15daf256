import { element } from './element.ts';

/** One of the options. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly help?: string;
}

/** Keeps the group names unique across all forms of the page. */
let made = 0;

/** A few options, all visible, of which one is selected: radio buttons under a common label. */
export class ChoiceGroup<Value extends string> {
  readonly node: HTMLElement;
  readonly #inputs = new Map<Value, HTMLInputElement>();
  #chosen: Value;

  /** The first choice is selected initially. */
  constructor(
    legend: string,
    choices: readonly [Choice<Value>, ...(readonly Choice<Value>[])],
    onChange: (value: Value) => void,
  ) {
    made += 1;
    const group = `choice-${made}`;
    this.#chosen = choices[0].value;
    const rows = choices.map(({ value, label, help }, index) => {
      const id = `${group}-${index}`;
      const input = element('input', { type: 'radio', id, name: group, value });
      input.addEventListener('change', () => {
        this.#chosen = value;
        onChange(value);
      });
      this.#inputs.set(value, input);
      if (help !== undefined) input.setAttribute('aria-describedby', `${id}-help`);
      return element(
        'div',
        { class: 'choice' },
        input,
        element('label', { for: id }, label),
        help !== undefined && element('p', { class: 'help soft', id: `${id}-help` }, help),
      );
    });
    this.show(this.#chosen);
    // Not a `fieldset`: its legend cannot be placed beside the options.
    this.node = element(
      'div',
      { class: 'field choices', role: 'radiogroup', 'aria-labelledby': group },
      element('span', { class: 'field-name', id: group }, legend),
      element('div', { class: 'choice-rows' }, ...rows),
    );
  }

  get value(): Value {
    return this.#chosen;
  }

  show(value: Value): void {
    this.#chosen = value;
    const input = this.#inputs.get(value);
    if (input !== undefined) input.checked = true;
  }
}
