/** The Settings page: a list on the left, and the chosen entry's panel on the right. */
import { say } from '../../words/say.ts';
import { messageOf } from '../actions/act.ts';
import { failureParts, loadingElement } from '../actions/section.ts';
import type { API_NAME, PageApi } from '../bridge/api.ts';
import type { SettingsView } from '../bridge/contract.ts';
import { Announcements } from '../elements/announce.ts';
import { ask } from '../elements/confirm-dialog.ts';
import { element } from '../elements/element.ts';
import { isolated } from '../elements/foreign-text.ts';
import { dropFiles } from './file-drop.ts';
import { GeneralSection } from './general-section.ts';
import { OutletsSection } from './outlets-section.ts';
import { profileName } from './profiles/profile-name.ts';
import { ProfilePanels } from './profiles/profile-panels.ts';
import {
  keyOf,
  settingsList,
  SETTINGS_PANEL_ID,
  titleOf,
  type Entry,
  type FormEntry,
  type Listed,
} from './profiles/settings-list.ts';
import { TransferSection } from './transfer-section.ts';

declare global {
  interface Window {
    readonly [API_NAME]: PageApi;
  }
}

const api = window.tokentray;
const page = document.querySelector('#page') ?? document.body;

const announcements = new Announcements();
const list = settingsList(choose);
const sections = {
  general: new GeneralSection(api, announcements),
  outlets: new OutletsSection(api, announcements),
  transfer: new TransferSection(api, announcements),
};
const panels = new ProfilePanels(api, announcements, { shows: isPlaced, changed: draw, saved });

const content = element('div', { class: 'panel-content' });
const dock = element('div', { class: 'dock' });
const panelAttributes = { id: SETTINGS_PANEL_ID, class: 'panel', role: 'tabpanel', tabindex: '-1' };
const panel = element('div', panelAttributes, content, dock);
const passing = element('p', { class: 'hint' }, say('settings-page.passing'));
const trouble = element('p', { class: 'hint', role: 'status', dir: 'auto' });
const side = element('div', { class: 'side' }, element('h1', {}, say('settings-page.title')), list.node);
const main = element('main');

let view: SettingsView | undefined;
/** The entry that the user chose, if any. */
let chosen: Entry | undefined;
/** The entry that the panel shows. */
let placed: Entry | undefined;

function isPlaced(entry: Entry): boolean {
  return placed !== undefined && keyOf(entry) === keyOf(placed);
}

/** The chosen entry; if that profile was removed, the shown one, the default one, or a new one. */
function current({ profiles }: SettingsView): Entry {
  if (chosen !== undefined && chosen.kind !== 'profile') return chosen;
  const isThere = (entry: Entry | undefined): entry is FormEntry =>
    entry?.kind === 'profile' && (panels.has(entry) || profiles.some(({ id }) => id === entry.id));
  const kept = [chosen, placed].find(isThere);
  if (kept !== undefined) return kept;
  const first = profiles.find(({ isDefault }) => isDefault) ?? profiles[0];
  return first === undefined ? { kind: 'new' } : { kind: 'profile', id: first.id };
}

/** The panel of the current entry, if it has a form. */
function currentForm(): ReturnType<ProfilePanels['of']> | undefined {
  const entry = view === undefined ? undefined : current(view);
  return entry?.kind === 'profile' || entry?.kind === 'new' ? panels.of(entry) : undefined;
}

function choose(entry: Entry): void {
  if (!isPlaced(entry)) announcements.clear();
  chosen = entry;
  draw();
}

function listedOf({ profiles }: SettingsView): readonly Listed[] {
  const entries: readonly Omit<Listed, 'standing'>[] = [
    ...profiles.map((profile) => ({
      entry: { kind: 'profile', id: profile.id } as const,
      name: profileName(profile),
      isDefault: profile.isDefault,
    })),
    ...panels.outlived().map(({ id, name }) => ({ entry: { kind: 'profile', id } as const, name })),
    ...(['new', 'general', 'outlets', 'transfer'] as const).map((kind) => ({ entry: { kind } })),
  ];
  return entries.map((each) => ({ ...each, standing: panels.standingOf(each.entry) }));
}

function draw(): void {
  if (view === undefined) return;
  trouble.hidden = view.trouble === undefined;
  if (trouble.textContent !== (view.trouble ?? '')) trouble.textContent = view.trouble ?? '';
  const entry = current(view);
  const listed = listedOf(view);
  list.show(listed, keyOf(entry));
  if (!main.contains(panel)) main.replaceChildren(side, panel);
  place(entry, view);
  const shown = listed.find((each) => isPlaced(each.entry));
  panel.setAttribute('aria-label', shown === undefined ? say('settings-page.title') : titleOf(shown));
}

/** Puts an entry into the panel; if it is already there, nothing changes for a user who is typing. */
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
  if (entry.kind !== 'profile' && entry.kind !== 'new') return [sections[entry.kind].node, []];
  const { node, form } = panels.of(entry);
  return [node, [form.bar.node]];
}

/** Follows a new profile to its own form, unless the user has moved on to another entry. */
function saved(entry: FormEntry, profile: string, said: string): void {
  if (isPlaced(entry)) chosen = { kind: 'profile', id: profile };
  void readAgain(said);
}

function take(said: SettingsView): void {
  const before = view;
  view = said;
  page.removeAttribute('aria-busy');
  const outlived = panels.show(said);
  sections.general.show(said);
  sections.outlets.show(said);
  const gone = before?.profiles.find(({ id }) => {
    const entry = { kind: 'profile', id } as const;
    return isPlaced(entry) && !panels.has(entry);
  });
  draw();
  const sentences = outlived.map((name) => say('settings-page.gone.kept', { name: isolated(name) }));
  if (gone !== undefined) sentences.unshift(say('settings-page.gone', { name: isolated(profileName(gone)) }));
  if (sentences.length > 0) announcements.say(sentences.join(' '));
}

/** `said`: announced before; it stays valid even if this read fails. */
async function readAgain(said = ''): Promise<void> {
  try {
    take(await api['settings.read']());
  } catch (error) {
    if (view !== undefined) {
      draw();
      const heading = [said, say('settings-page.stale')].join(' ').trim();
      announcements.fail(heading, { message: messageOf(error) });
      return;
    }
    page.removeAttribute('aria-busy');
    note(...failureParts(error, () => void read()));
  }
}

function read(): Promise<void> {
  note(loadingElement());
  return readAgain();
}

/** Shows a note in place of everything else. */
function note(...parts: readonly HTMLElement[]): void {
  const title = element('h1', {}, say('settings-page.title'));
  main.replaceChildren(element('div', { class: 'card' }, title, ...parts));
}

function unsaved(): readonly Listed[] {
  return view === undefined ? [] : listedOf(view).filter(({ standing }) => standing === 'unsaved');
}

let closing: 'no' | 'asking' | 'yes' = 'no';

async function askToClose(): Promise<void> {
  const names = unsaved().map((each) => isolated(titleOf(each)));
  const answer = await ask({
    heading: say('settings-page.close.ask'),
    detail: say('settings-page.close.what', { names: names.join(', ') }),
    yes: say('settings-page.close.do'),
    no: say('settings-page.keep-editing'),
  });
  closing = answer === 'yes' ? 'yes' : 'no';
  if (answer === 'yes') window.close();
}

document.title = `${say('settings-page.title')} – ${say('app.name')}`;
page.replaceChildren(main);
dropFiles(page, (files) => {
  const form = currentForm();
  if (form !== undefined) form.takeFiles(files);
  else if (view !== undefined) announcements.fail(say('settings-page.bring.nowhere'));
});
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  // An open question must be answered first.
  if (document.querySelector('dialog[open]') === null) void currentForm()?.form.save();
});
// Asks before a window with unsaved changes closes. Quitting the application closes the window without this question:
// the tray then ignores this event (own-windows.ts).
window.addEventListener('beforeunload', (event) => {
  if (closing === 'yes' || unsaved().length === 0) return;
  event.preventDefault();
  if (closing === 'asking') return;
  closing = 'asking';
  // Nothing can be shown during this event.
  setTimeout(() => void askToClose());
});
api.on('settings.changed', take);
api.on('draft.tested', ({ run, line }) => panels.tested(run, line));
void read();
