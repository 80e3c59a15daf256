/** The Settings page: what can be set at the left, and one of it at the right. */
import { say } from '../../words/say.ts';
import { messageOf } from '../actions/actions.ts';
import { Announcements } from '../elements/announce.ts';
import type { API_NAME, PageApi } from '../bridge/api.ts';
import { ask } from '../elements/confirm-dialog.ts';
import type { SettingsView } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { dropFiles } from './file-drop.ts';
import { isolated } from '../elements/foreign-text.ts';
import { GeneralSection } from './general-section.ts';
import { OutletsSection } from './outlets-section.ts';
import { profileName } from './profiles/profile-name.ts';
import { ProfilePanels } from './profiles/profile-panels.ts';
import { failureParts, loadingElement } from '../actions/section.ts';
import {
  keyOf,
  SETTINGS_PANEL_ID,
  SettingsList,
  titleOf,
  type Entry,
  type FormEntry,
  type Listed,
} from './profiles/settings-list.ts';
import { TransferSection } from './transfer-section.ts';
import { keepFromClosing } from './unsaved-close.ts';

declare global {
  interface Window {
    readonly [API_NAME]: PageApi;
  }
}

const api = window.tokentray;
const page = document.querySelector('#page') ?? document.body;

const announcements = new Announcements();
const list = new SettingsList(choose);
const general = new GeneralSection(api, announcements);
const outlets = new OutletsSection(api, announcements);
const transfer = new TransferSection(api, announcements);
const panels = new ProfilePanels(api, announcements, {
  shows: isPlaced,
  changed: draw,
  saved,
});

const content = element('div', { class: 'panel-content' });
const dock = element('div', { class: 'dock' });
const panel = element(
  'div',
  { id: SETTINGS_PANEL_ID, class: 'panel', role: 'tabpanel', tabindex: '-1' },
  content,
  dock,
);
const passing = element('p', { class: 'hint' }, say('settings-page.passing'));
const trouble = element('p', { class: 'hint', role: 'status', dir: 'auto' });
const side = element('div', { class: 'side' }, element('h1', {}, say('settings-page.title')), list.node);
const main = element('main');

let view: SettingsView | undefined;
/** What is looked at; undefined: nobody has chosen yet. */
let chosen: Entry | undefined;
/** What the panel shows by now. */
let placed: Entry | undefined;

function isPlaced(entry: Entry): boolean {
  return placed !== undefined && keyOf(entry) === keyOf(placed);
}

/**
 * What was chosen, or where that is gone the profile that is looked at, or the default one, or a new one where
 * there is none.
 */
function current({ profiles }: SettingsView): Entry {
  if (chosen !== undefined && chosen.kind !== 'profile') return chosen;
  const isThere = (entry: Entry | undefined): entry is FormEntry =>
    entry?.kind === 'profile' && (panels.has(entry) || profiles.some(({ id }) => id === entry.id));
  const wanted = [chosen, placed].find(isThere);
  if (wanted !== undefined) return wanted;
  const first = profiles.find(({ isDefault }) => isDefault) ?? profiles[0];
  return first === undefined ? { kind: 'new' } : { kind: 'profile', id: first.id };
}

function choose(entry: Entry): void {
  if (!isPlaced(entry)) announcements.clear();
  chosen = entry;
  draw();
}

function listedOf({ profiles }: SettingsView): readonly Listed[] {
  const further = (['new', 'general', 'outlets', 'transfer'] as const).map((kind): Entry => ({ kind }));
  return [
    ...profiles.map((profile): Listed => {
      const entry: Entry = { kind: 'profile', id: profile.id };
      const { isDefault } = profile;
      return { entry, name: profileName(profile), isDefault, standing: panels.standingOf(entry) };
    }),
    ...panels.outlived().map(({ id, name }): Listed => {
      const entry: Entry = { kind: 'profile', id };
      return { entry, name, standing: panels.standingOf(entry) };
    }),
    ...further.map((entry): Listed => ({ entry, standing: panels.standingOf(entry) })),
  ];
}

function draw(): void {
  if (view === undefined) return;
  trouble.hidden = view.trouble === undefined;
  if (trouble.textContent !== (view.trouble ?? '')) trouble.textContent = view.trouble ?? '';
  const entry = current(view);
  const listed = listedOf(view);
  list.show(listed, entry);
  if (!main.contains(panel)) main.replaceChildren(side, panel);
  place(entry, view);
  const shown = listed.find((each) => isPlaced(each.entry));
  panel.setAttribute('aria-label', shown === undefined ? say('settings-page.title') : titleOf(shown));
}

/** Puts what is looked at into the panel; what is there already stays, with whoever types in it. */
function place(entry: Entry, shown: SettingsView): void {
  const [node, bar] = partsOf(entry);
  if (isPlaced(entry) && content.contains(node)) return;
  placed = entry;
  passing.hidden = shown.source === 'stored';
  const hadFocus = panel.contains(document.activeElement);
  content.replaceChildren(passing, trouble, node);
  dock.replaceChildren(announcements.node, ...bar);
  window.scrollTo(0, 0);
  if (hadFocus && !panel.contains(document.activeElement)) panel.focus();
}

function partsOf(entry: Entry): readonly [node: HTMLElement, bar: readonly HTMLElement[]] {
  switch (entry.kind) {
    case 'general':
      return [general.node, []];
    case 'outlets':
      return [outlets.node, []];
    case 'transfer':
      return [transfer.node, []];
    case 'profile':
    case 'new': {
      const { node, form } = panels.of(entry);
      return [node, [form.bar.node]];
    }
  }
}

/** A new profile has a form of its own from now on; who looks at something else by now goes on with that. */
function saved(entry: FormEntry, profile: string, said: string): void {
  if (isPlaced(entry)) chosen = { kind: 'profile', id: profile };
  void readAgain(said);
}

function take(said: SettingsView): void {
  const before = view;
  view = said;
  page.removeAttribute('aria-busy');
  const outlived = panels.show(said);
  general.show(said);
  outlets.show(said);
  const gone = before?.profiles.find((profile) => {
    const entry = { kind: 'profile', id: profile.id } as const;
    return isPlaced(entry) && !panels.has(entry);
  });
  draw();
  const sentences = outlived.map((name) => say('settings-page.gone.kept', { name: isolated(name) }));
  if (gone !== undefined) sentences.unshift(say('settings-page.gone', { name: isolated(profileName(gone)) }));
  if (sentences.length > 0) announcements.say(sentences.join(' '));
}

/** `said`: what was said before; it holds, whether this can be read or not. */
async function readAgain(said = ''): Promise<void> {
  try {
    take(await api['settings.read']());
  } catch (error) {
    if (view !== undefined) {
      draw();
      const heading = [said, say('settings-page.stale')].join(' ').trim();
      announcements.fail(heading, { message: messageOf(error), next: '' });
      return;
    }
    page.removeAttribute('aria-busy');
    note(element('h1', {}, say('settings-page.title')), ...failureParts(error, () => void read()));
  }
}

function read(): Promise<void> {
  note(element('h1', {}, say('settings-page.title')), loadingElement());
  return readAgain();
}

/** In place of everything else. */
function note(...what: readonly HTMLElement[]): void {
  main.replaceChildren(element('div', { class: 'card' }, ...what));
}

function unsaved(): readonly Listed[] {
  return view === undefined ? [] : listedOf(view).filter(({ standing }) => standing === 'unsaved');
}

document.title = `${say('settings-page.title')} – ${say('app.name')}`;
page.replaceChildren(main);
dropFiles(page, (files) => {
  const entry = view === undefined ? undefined : current(view);
  if (entry === undefined) return;
  if (entry.kind === 'profile' || entry.kind === 'new') panels.of(entry).takeFiles(files);
  else announcements.fail(say('settings-page.bring.nowhere'), { message: '', next: '' });
});
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  // What is asked there is answered first.
  if (document.querySelector('dialog[open]') !== null) return;
  const entry = view === undefined ? undefined : current(view);
  if (entry?.kind === 'profile' || entry?.kind === 'new') void panels.of(entry).form.save();
});
keepFromClosing(
  () => unsaved().length > 0,
  () =>
    ask({
      heading: say('settings-page.close.ask'),
      detail: say('settings-page.close.what', {
        names: unsaved()
          .map((each) => isolated(titleOf(each)))
          .join(', '),
      }),
      yes: say('settings-page.close.do'),
      no: say('settings-page.keep-editing'),
    }),
);
api.on('settings.changed', take);
api.on('draft.tested', ({ run, line }) => panels.tested(run, line));
void read();
