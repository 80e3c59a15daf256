import { say } from '../../words/say.ts';
import { element } from '../elements/element.ts';
import { textInput } from '../elements/field.ts';
import { findZones, homeZone, offsetOf, zoneNames } from './zones.ts';

/** A list of this length can still be scrolled through; the other zones are found by typing. */
const LIST_MAX_ZONES = 40;

/** Keeps the ids of several lists apart. */
let made = 0;

/**
 * A time zone, found by its name (WAI-ARIA APG, Combobox with a listbox). The typed text is always the value, so that
 * a name this browser does not know can be entered too.
 */
export class ZoneChoice {
  readonly input = textInput({
    maxlength: '1000',
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
  });
  /** The list, to be placed right after the input. */
  readonly list = element('div', { class: 'zone-list' });
  readonly #options = element('ul', { role: 'listbox', 'aria-label': say('settings-page.zone.list') });
  readonly #note = element('p', { class: 'soft', 'aria-live': 'polite' });
  readonly #onChange: () => void;
  #names: readonly string[] = [];
  #active = -1;

  /** `onChange` is called after each letter and each choice. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    made += 1;
    this.#options.id = `zones-${made}`;
    this.input.setAttribute('aria-controls', this.#options.id);
    this.list.append(this.#options, this.#note);
    this.list.hidden = true;
    this.input.addEventListener('input', () => {
      this.#open(this.input.value);
      this.#onChange();
    });
    this.input.addEventListener('click', () => this.#open(''));
    this.input.addEventListener('blur', () => this.#close());
    this.input.addEventListener('keydown', (event) => this.#press(event));
    // Keeps the focus in the input: its blur would close the list before the click arrives.
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#options.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest<HTMLElement>('[role="option"]') : null;
      if (option !== null) this.#pick(option);
    });
  }

  /** `query`: typed since the list was opened; empty for the whole list. */
  #open(query: string): void {
    if (this.#names.length === 0) this.#names = zoneNames();
    const found = query === '' ? likely(this.input.value, this.#names) : findZones(query, this.#names);
    const now = Date.now();
    const options = found.slice(0, LIST_MAX_ZONES).map((name, index) => this.#option(name, index, now));
    this.#options.replaceChildren(...options);
    this.#options.hidden = options.length === 0;
    this.#note.textContent = noteOf(found.length);
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', String(options.length > 0));
    this.#activate(query === '' ? -1 : 0);
  }

  #option(name: string, index: number, now: number): HTMLElement {
    const id = `${this.#options.id}-${index}`;
    return element(
      'li',
      { role: 'option', id, 'data-zone': name, 'aria-selected': 'false' },
      element('span', {}, name.replaceAll('_', ' ')),
      element('span', { class: 'soft' }, offsetOf(name, now)),
    );
  }

  #activate(index: number): void {
    this.#options.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    const option = this.#options.children.item(index);
    this.#active = option === null ? -1 : index;
    if (option === null) {
      this.input.removeAttribute('aria-activedescendant');
      return;
    }
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option.id);
  }

  #press(event: KeyboardEvent): void {
    const isOpen = !this.list.hidden;
    const count = this.#options.children.length;
    const isDown = event.key === 'ArrowDown';
    if (isDown || event.key === 'ArrowUp') {
      event.preventDefault();
      if (isOpen)
        this.#activate((this.#active + (isDown ? 1 : count + Number(this.#active < 0) - 1)) % count);
      else this.#open('');
    } else if (event.key === 'Enter' && isOpen) {
      // Otherwise Enter would save the form.
      event.preventDefault();
      const option = this.#options.children.item(this.#active);
      if (option instanceof HTMLElement) this.#pick(option);
      else this.#close();
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      this.#close();
    }
  }

  #pick(option: HTMLElement): void {
    this.input.value = option.dataset['zone'] ?? this.input.value;
    this.#close();
    this.#onChange();
  }

  #close(): void {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.#activate(-1);
  }
}

/** The likeliest first: the chosen zone, this machine's, UTC, then the others. */
function likely(chosen: string, names: readonly string[]): readonly string[] {
  const first = [chosen, homeZone()].filter((name) => names.includes(name));
  return [...new Set([...first, ...names])];
}

function noteOf(count: number): string {
  if (count === 0) return say('settings-page.zone.none');
  return count > LIST_MAX_ZONES ? say('settings-page.zone.more', { count: count - LIST_MAX_ZONES }) : '';
}
