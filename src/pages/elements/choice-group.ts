import { element } from './element.ts';

/** One of the things to choose between. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly help?: string;
}

/** Every group is one of its own, however many forms there are. */
let made = 0;

/** A few things of which one is chosen, all in sight: radio buttons with a name for all of them. */
export class ChoiceGroup<Value extends string> {
  readonly node: HTMLElement;
  readonly #inputs = new Map<Value, HTMLInputElement>();
  #chosen: Value;

  /** The first choice is the one that is chosen. */
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
      input.checked = index === 0;
      input.addEventListener('change', () => {
        this.#chosen = value;
        onChange(value);
      });
      this.#inputs.set(value, input);
      const row = element('div', { class: 'choice' }, input, element('label', { for: id }, label));
      if (help !== undefined) {
        input.setAttribute('aria-describedby', `${id}-help`);
        row.append(element('p', { class: 'help soft', id: `${id}-help` }, help));
      }
      return row;
    });
    // No `fieldset`: its legend cannot stand beside what it names.
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
