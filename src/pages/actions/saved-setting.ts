import { say } from '../../words/say.ts';
import type { Acted } from '../bridge/contract.ts';
import type { Announcements } from '../elements/announce.ts';
import { element } from '../elements/element.ts';
import { choiceOf, Field, type FieldWords } from '../elements/field.ts';
import { actAndSay } from './act.ts';

/** Reads and writes a control as one of the setting's values. */
interface Held<Value> {
  readonly node: HTMLElement;
  readonly control: HTMLInputElement | HTMLSelectElement;
  readonly read: () => Value;
  readonly write: (value: Value) => void;
}

/**
 * One setting that is saved as soon as it is changed. One save at a time: a choice made during a save is saved after
 * it. If a save fails, the control returns to the stored value.
 */
export class SavedSetting<Value extends string> {
  readonly node: HTMLElement;
  readonly #held: Held<Value>;
  readonly #save: (value: Value) => Promise<Acted>;
  readonly #announcements: Announcements;
  #stored: Value;
  #isSaving = false;

  constructor(held: Held<Value>, save: (value: Value) => Promise<Acted>, announcements: Announcements) {
    this.#held = held;
    this.#save = save;
    this.#announcements = announcements;
    this.#stored = held.read();
    this.node = held.node;
    held.control.addEventListener('change', () => void this.#saveAll());
  }

  /** Shows the stored value; a choice that is being saved stays. */
  show(value: Value): void {
    this.#stored = value;
    if (!this.#isSaving) this.#held.write(value);
  }

  /** Whether the setting can be changed on this system. */
  offer(offered: 'yes' | 'no'): void {
    this.#held.control.disabled = offered === 'no';
  }

  async #saveAll(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    const words = { failed: say('settings-page.not-saved'), done: say('settings-page.saved') };
    while (this.#held.read() !== this.#stored) {
      const chosen = this.#held.read();
      const kind = await actAndSay(() => this.#save(chosen), this.#announcements, words);
      if (kind === 'failed') break;
      this.#stored = chosen;
    }
    this.#isSaving = false;
    this.#held.write(this.#stored);
  }
}

/** A setting that is on or off. */
export function savedSwitch(
  words: FieldWords,
  save: (value: 'on' | 'off') => Promise<Acted>,
  announcements: Announcements,
): SavedSetting<'on' | 'off'> {
  const control = element('input', { type: 'checkbox' });
  const { node } = new Field(words, control);
  node.classList.add('switch');
  const read = (): 'on' | 'off' => (control.checked ? 'on' : 'off');
  const write = (value: 'on' | 'off'): void => {
    control.checked = value === 'on';
  };
  return new SavedSetting({ node, control, read, write }, save, announcements);
}

/** A setting with a few values to choose from; a stored value that is not among them is added. */
export function savedChoice<Value extends string>(
  words: FieldWords,
  options: readonly (readonly [value: Value, said: string])[],
  save: (value: Value) => Promise<Acted>,
  announcements: Announcements,
  sayOther: (value: Value) => string = String,
): SavedSetting<Value> {
  const control = choiceOf(options);
  const { node } = new Field(words, control);
  // Each option is one of the values, and one is always selected.
  const read = (): Value => control.value as Value;
  const write = (value: Value): void => {
    if (![...control.options].some((option) => option.value === value))
      control.append(element('option', { value }, sayOther(value)));
    control.value = value;
  };
  return new SavedSetting({ node, control, read, write }, save, announcements);
}
