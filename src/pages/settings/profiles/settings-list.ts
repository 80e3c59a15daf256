import { say } from '../../../words/say.ts';
import { element, icon, type Part } from '../../elements/element.ts';
import { foreign } from '../../elements/foreign-text.ts';
import { TabList } from '../../elements/tabs.ts';

export const SETTINGS_PANEL_ID = 'settings-panel';

/** An entry with a form: a profile, or a new one. */
export type FormEntry = { readonly kind: 'profile'; readonly id: string } | { readonly kind: 'new' };

/** An entry of the list: a form, or a section that applies to all profiles. */
export type Entry = FormEntry | { readonly kind: 'general' | 'outlets' | 'transfer' };

/** An entry as shown in the list. */
export interface Listed {
  readonly entry: Entry;
  /** The profile's name (profile-name.ts). */
  readonly name?: string;
  readonly isDefault?: boolean;
  readonly standing: 'clean' | 'unsaved';
}

/** Drawn in a square of 16 units. */
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

/** Identifies an entry in the list. */
export function keyOf(entry: Entry): string {
  return entry.kind === 'profile' ? `profile ${entry.id}` : entry.kind;
}

/** The title of an entry. */
export function titleOf({ entry, name }: Pick<Listed, 'entry' | 'name'>): string {
  return entry.kind === 'profile' ? (name ?? entry.id) : say(TITLES[entry.kind]);
}

/** The entries as tabs. `choose` is called with the entry the user picked. */
export function settingsList(choose: (entry: Entry) => void): TabList<Listed> {
  return new TabList({
    look: 'entries',
    label: say('settings-page.list'),
    panel: SETTINGS_PANEL_ID,
    keyOf: ({ entry }) => keyOf(entry),
    make: tab,
    choose: ({ entry }) => choose(entry),
  });
}

function tab(listed: Listed): HTMLElement {
  const { entry, isDefault, standing } = listed;
  const title = titleOf(listed);
  const shown: Part = entry.kind === 'profile' ? foreign(title) : element('span', {}, title);
  const marks = [
    isDefault === true && element('span', { class: 'chip' }, say('page.default')),
    standing === 'unsaved' && element('span', { class: 'unsaved' }, say('settings-page.unsaved')),
  ];
  return element(
    'button',
    { type: 'button', class: 'tab', title, 'data-kind': entry.kind },
    icon(SHAPES[entry.kind], { class: 'entry-mark', 'aria-hidden': 'true' }),
    element('span', { class: 'tab-name' }, shown),
    marks.some((mark) => mark !== false) && element('span', { class: 'entry-marks' }, ...marks),
  );
}
