import { say } from '../../words/say.ts';
import { messageOf } from './actions.ts';
import type { Announcements, Announcer } from '../elements/announce.ts';
import type { Acted } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { choiceOf, Field, type FieldWords } from '../elements/field.ts';

/** Runs what a button or a control does, and says what became of it. Where it fails, under which heading. */
export async function actAndSay(
  act: () => Promise<Acted>,
  announcements: Announcer,
  words: { readonly failed: string; readonly done?: string },
): Promise<Acted['kind']> {
  announcements.clear();
  const acted = await act().catch((error: unknown): Acted & { readonly kind: 'failed' } => ({
    kind: 'failed',
    problem: { kind: 'unexpected', code: 'unexpected', message: messageOf(error), next: '' },
  }));
  const said = acted.kind === 'done' ? (acted.said ?? words.done) : undefined;
  if (acted.kind === 'failed') announcements.fail(words.failed, acted.problem);
  else if (said !== undefined) announcements.say(said);
  return acted.kind;
}

/** How a setting is shown and changed: what its control holds, as one of its values. */
interface Held<Value> {
  readonly node: HTMLElement;
  readonly control: HTMLInputElement | HTMLSelectElement;
  readonly read: () => Value;
  readonly write: (value: Value) => void;
}

/**
 * One setting that is saved as soon as it is changed. One save at a time: what is chosen meanwhile is saved after
 * it, and what could not be saved goes back to what is set.
 */
export class SavedSetting<Value extends string> {
  readonly node: HTMLElement;
  readonly #held: Held<Value>;
  readonly #save: (value: Value) => Promise<Acted>;
  readonly #announcements: Announcements;
  #set: Value;
  #isSaving = false;

  constructor(held: Held<Value>, save: (value: Value) => Promise<Acted>, announcements: Announcements) {
    this.#held = held;
    this.#save = save;
    this.#announcements = announcements;
    this.#set = held.read();
    this.node = held.node;
    held.control.addEventListener('change', () => void this.#saveAll());
  }

  /** What is set by now; a choice that is being saved stays. */
  show(value: Value): void {
    this.#set = value;
    if (!this.#isSaving) this.#held.write(value);
  }

  /** Whether it can be changed at all. */
  offer(offered: 'yes' | 'no'): void {
    this.#held.control.disabled = offered === 'no';
  }

  async #saveAll(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    while (this.#held.read() !== this.#set) {
      const wanted = this.#held.read();
      const kind = await actAndSay(() => this.#save(wanted), this.#announcements, {
        failed: say('settings-page.not-saved'),
        done: say('settings-page.saved'),
      });
      if (kind === 'failed') break;
      this.#set = wanted;
    }
    this.#isSaving = false;
    this.#held.write(this.#set);
  }
}

/** A setting that is on or off. */
export function savedSwitch(
  words: FieldWords,
  save: (value: 'on' | 'off') => Promise<Acted>,
  announcements: Announcements,
): SavedSetting<'on' | 'off'> {
  const control = element('input', { type: 'checkbox' });
  const field = new Field(words, control);
  field.node.classList.add('switch');
  return new SavedSetting(
    {
      node: field.node,
      control,
      read: () => (control.checked ? 'on' : 'off'),
      write: (value) => {
        control.checked = value === 'on';
      },
    },
    save,
    announcements,
  );
}

/** A setting of which one of several values is chosen; another one that is set joins them. */
export function savedChoice<Value extends string>(
  words: FieldWords,
  options: readonly (readonly [value: Value, said: string])[],
  save: (value: Value) => Promise<Acted>,
  announcements: Announcements,
  sayOther: (value: Value) => string = String,
): SavedSetting<Value> {
  const control = choiceOf(options);
  const { node } = new Field(words, control);
  return new SavedSetting(
    {
      node,
      control,
      // Every option is one of the values, and one is always chosen.
      read: () => control.value as Value,
      write: (value) => {
        if (![...control.options].some((option) => option.value === value))
          control.append(element('option', { value }, sayOther(value)));
        control.value = value;
      },
    },
    save,
    announcements,
  );
}
