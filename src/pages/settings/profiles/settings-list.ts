import { say } from '../../../words/say.ts';
import { drawn, element, type Part } from '../../elements/element.ts';
import { foreign } from '../../elements/foreign-text.ts';
import { nextIndex } from '../../elements/roving.ts';
import { scrollWithin } from '../../elements/scroll-within.ts';

export const SETTINGS_PANEL_ID = 'settings-panel';

/** What has a form: a profile, or a new one. */
export type FormEntry = { readonly kind: 'profile'; readonly id: string } | { readonly kind: 'new' };

/** What can be looked at: a form, or a section of what is set for all. */
export type Entry = FormEntry | { readonly kind: 'general' | 'outlets' | 'transfer' };

/** An entry as it stands in the list. */
export interface Listed {
  readonly entry: Entry;
  /** How the profile is called (profile-name.ts). */
  readonly name?: string;
  readonly isDefault?: boolean;
  readonly standing: 'clean' | 'unsaved';
}

/** Drawn in a square of 16. */
const SHAPES = {
  profile:
    'M8 8.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5M2.75 14c.6-2.3 2.7-3.5 5.25-3.5s4.65 1.2 5.25 3.5',
  new: 'M8 3v10M3 8h10',
  general: 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.75v3.5M6 9.75v3.5',
  outlets: 'M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0ZM8 12.5V15',
  transfer: 'M5 13V3M2.5 5.5 5 3l2.5 2.5M11 3v10M8.5 10.5 11 13l2.5-2.5',
} as const satisfies Record<Entry['kind'], string>;

const TITLES = {
  new: 'settings-page.add',
  general: 'settings-page.general',
  outlets: 'settings-page.outlets',
  transfer: 'settings-page.transfer',
} as const satisfies Record<Exclude<Entry['kind'], 'profile'>, string>;

/** Names an entry among all others. */
export function keyOf(entry: Entry): string {
  return entry.kind === 'profile' ? `profile ${entry.id}` : entry.kind;
}

/** How an entry is called. */
export function titleOf({ entry, name }: Pick<Listed, 'entry' | 'name'>): string {
  return entry.kind === 'profile' ? (name ?? entry.id) : say(TITLES[entry.kind]);
}

/** What can be set, as tabs (WAI-ARIA APG, Tabs): one stop of the Tab key, and arrows between them. */
export class SettingsList {
  readonly node = element('div', {
    class: 'entries',
    role: 'tablist',
    'aria-orientation': 'vertical',
    'aria-label': say('settings-page.list'),
  });
  readonly #choose: (entry: Entry) => void;
  #listed: readonly Listed[] = [];
  #shown = '';
  #chosen = '';

  /** `choose` is told of what a person wants to see. */
  constructor(choose: (entry: Entry) => void) {
    this.#choose = choose;
    this.node.addEventListener('click', (event) => this.#pick(this.#indexOf(event.target)));
    this.node.addEventListener('keydown', (event) => {
      const to = nextIndex(event.key, this.#indexOf(event.target), this.#listed.length);
      if (to === undefined) return;
      event.preventDefault();
      this.#pick(to);
    });
  }

  show(listed: readonly Listed[], chosen: Entry): void {
    const shown = JSON.stringify(listed);
    const key = keyOf(chosen);
    if (shown === this.#shown && key === this.#chosen) return;
    const isAnother = key !== this.#chosen;
    const hadFocus = this.node.contains(document.activeElement);
    if (shown !== this.#shown) this.node.replaceChildren(...listed.map(tab));
    this.#shown = shown;
    this.#chosen = key;
    this.#listed = listed;
    for (const [index, { entry }] of listed.entries()) {
      const isChosen = keyOf(entry) === key;
      this.node.children[index]?.setAttribute('aria-selected', String(isChosen));
      this.node.children[index]?.setAttribute('tabindex', isChosen ? '0' : '-1');
    }
    const current = this.node.querySelector<HTMLElement>('[aria-selected="true"]');
    if (current === null) return;
    if (isAnother) scrollWithin(this.node, current);
    if (hadFocus) current.focus({ preventScroll: !isAnother });
  }

  #pick(index: number): void {
    const listed = this.#listed[index];
    if (listed === undefined) return;
    this.#choose(listed.entry);
    this.node.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  #indexOf(target: EventTarget | null): number {
    const found = target instanceof Element ? target.closest('.entry') : null;
    return found === null ? -1 : [...this.node.children].indexOf(found);
  }
}

function tab(listed: Listed): HTMLElement {
  const { entry, isDefault, standing } = listed;
  const title = titleOf(listed);
  const shown: Part = entry.kind === 'profile' ? foreign(title) : element('span', {}, title);
  const marks = [
    ...(isDefault === true ? [element('span', { class: 'chip' }, say('page.default'))] : []),
    ...(standing === 'unsaved' ? [element('span', { class: 'unsaved' }, say('settings-page.unsaved'))] : []),
  ];
  return element(
    'button',
    {
      type: 'button',
      class: 'entry',
      role: 'tab',
      title,
      'aria-controls': SETTINGS_PANEL_ID,
      'data-kind': entry.kind,
    },
    drawn(
      'svg',
      { class: 'entry-mark', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
      drawn('path', { d: SHAPES[entry.kind] }),
    ),
    element('span', { class: 'entry-name' }, shown),
    ...(marks.length === 0 ? [] : [element('span', { class: 'entry-marks' }, ...marks)]),
  );
}
