import { say } from '../../words/say.ts';
import { element } from '../elements/element.ts';
import { findZones, homeZone, offsetOf, zoneNames } from './zones.ts';

/** As many as fit into a list that is scrolled a few times; whoever looks for another types its name. */
const LIST_MAX_ZONES = 40;

/** More of one list would have the same ids. */
let made = 0;

/**
 * A time zone, searched for by its name (WAI-ARIA APG, Combobox with a listbox). What is typed is the value at any
 * time, so that a name which only another program knows can be written too.
 */
export class ZoneChoice {
  readonly input = element('input', {
    type: 'text',
    maxlength: '1000',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
  });
  /** The list; it stands right after the input. */
  readonly list: HTMLElement;
  readonly #options = element('ul', { role: 'listbox', 'aria-label': say('settings-page.zone.list') });
  readonly #note = element('p', { class: 'soft', 'aria-live': 'polite' });
  readonly #onChange: () => void;
  #names: readonly string[] = [];
  #active = -1;

  /** `onChange` is told after each letter and each choice. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    made += 1;
    this.#options.id = `zones-${made}`;
    this.input.setAttribute('aria-controls', this.#options.id);
    this.list = element('div', { class: 'zone-list' }, this.#options, this.#note);
    this.list.hidden = true;
    this.input.addEventListener('input', () => {
      this.#open(this.input.value);
      this.#onChange();
    });
    this.input.addEventListener('click', () => this.#open(''));
    this.input.addEventListener('blur', () => this.#close());
    this.input.addEventListener('keydown', (event) => this.#press(event));
    // The input keeps the focus, or its blur would close the list before the click comes.
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#options.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest<HTMLElement>('[role="option"]') : null;
      if (option !== null) this.#pick(option);
    });
  }

  #isOpen(): boolean {
    return !this.list.hidden;
  }

  /** `query`: what was typed since the list was opened; the whole list where nothing was. */
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
    return element(
      'li',
      {
        role: 'option',
        id: `${this.#options.id}-${index}`,
        'data-zone': name,
        'aria-selected': 'false',
      },
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
    const count = this.#options.children.length;
    const isDown = event.key === 'ArrowDown';
    if (isDown || event.key === 'ArrowUp') {
      event.preventDefault();
      if (this.#isOpen())
        this.#activate((this.#active + (isDown ? 1 : count + Number(this.#active < 0) - 1)) % count);
      else this.#open('');
    } else if (event.key === 'Enter' && this.#isOpen()) {
      // The form is not saved by it.
      event.preventDefault();
      const option = this.#options.children.item(this.#active);
      if (option instanceof HTMLElement) this.#pick(option);
      else this.#close();
    } else if (event.key === 'Escape' && this.#isOpen()) {
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

/** What is looked for most: the one that is chosen, this machine's, UTC, and the others. */
function likely(chosen: string, names: readonly string[]): readonly string[] {
  const first = [chosen, homeZone()].filter((name) => names.includes(name));
  return [...new Set([...first, ...names])];
}

function noteOf(count: number): string {
  if (count === 0) return say('settings-page.zone.none');
  return count > LIST_MAX_ZONES ? say('settings-page.zone.more', { count: count - LIST_MAX_ZONES }) : '';
}
