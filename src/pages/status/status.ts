/**
 * The Status page. Without a framework: the page has a dozen parts that show one value each, and even the smallest
 * framework is larger than all of them.
 */
import type { StatusBody } from '../../outlets/answer/status-body.ts';
import { say } from '../../words/say.ts';
import { withoutTurning } from '../../words/turning-marks.ts';
import { Actions } from '../actions/actions.ts';
import { Announcements } from '../elements/announce.ts';
import type { API_NAME, PageApi, ReadingApi } from '../bridge/api.ts';
import { tokenParts } from './claims.ts';
import type { HistoryView, TokenView, Versions } from '../bridge/contract.ts';
import { element } from '../elements/element.ts';
import { factList } from '../elements/facts.ts';
import { HistoryTable } from '../history/table.ts';
import { everyMinute } from '../elements/minute.ts';
import { problemElement } from '../elements/problems.ts';
import { ProfileCard } from './profile-card.ts';
import { PANEL_ID, ProfileTabs } from './profile-tabs.ts';
import { Reading, type Read } from '../actions/reading.ts';
import { failureParts, loadingElement, Section } from '../actions/section.ts';
import { Timeline } from '../history/timeline.ts';

declare global {
  interface Window {
    readonly [API_NAME]: PageApi;
  }
}

/** A browser that shows the page of `tokentray serve` can only read (web-api.ts). */
const given = window.tokentray as PageApi | ReadingApi;
const api: ReadingApi = given;
const page = document.querySelector('#page') ?? document.body;

const announcements = new Announcements();
const actions = 'profile.act' in given ? new Actions(given, announcements) : undefined;
const card = new ProfileCard(...(actions === undefined ? [] : [actions.node, announcements.node]));
const tabs = new ProfileTabs(choose);

const timeline = new Timeline();
const table = new HistoryTable();
const week = new Section(say('page.week'), [timeline.node, table.node], readProfile);
const history = new Reading((profile) => api['history.read']({ profile }), showHistory);

const parts = element('div');
const token = new Section(
  say('page.token'),
  [element('p', { class: 'soft' }, say('page.token.local')), parts],
  readProfile,
);
const decoded = new Reading((profile) => api['token.read']({ profile }), showToken);

const versions = element('footer', { class: 'soft' });
const panel = element('div', { id: PANEL_ID, class: 'panel' }, card.node, week.node, token.node);
const main = element('main', {}, tabs.node, panel);
/** A frame never takes this long; a hidden page gets none at all. */
const NO_FRAME_MS = 1000;

/** Whether the page shows the panel, or a note in its place. */
let place: 'panel' | 'note' = 'note';

let profiles: readonly StatusBody[] = [];
let chosen = document.body.dataset['profile'];

/** The chosen profile; the default one if that was removed. */
function current(): StatusBody | undefined {
  return (
    profiles.find(({ profile }) => profile.id === chosen) ??
    profiles.find(({ profile }) => profile.isDefault) ??
    profiles[0]
  );
}

function choose(profile: string): void {
  if (profile !== current()?.profile.id) announcements.clear();
  chosen = profile;
  draw();
  readProfile();
}

function draw(): void {
  const status = current();
  if (status === undefined) {
    note(
      element('h1', {}, say('session.not-configured')),
      problemElement({
        message: say('problem.not-configured'),
        next: say('problem.not-configured.next.tray'),
      }),
    );
    return;
  }
  const name = withoutTurning(status.profile.name);
  document.title = `${name} – ${say('app.name')}`;
  tabs.show(profiles, status.profile.id);
  if (profiles.length > 1) {
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-label', name);
  } else {
    panel.removeAttribute('role');
    panel.removeAttribute('aria-label');
  }
  card.show(status, Date.now());
  actions?.show(status);
  if (place === 'panel') return;
  place = 'panel';
  main.replaceChildren(tabs.node, panel);
}

/** Shows a note in place of everything else. */
function note(...what: readonly HTMLElement[]): void {
  place = 'note';
  main.replaceChildren(element('div', { class: 'card' }, ...what));
}

function showHistory(read: Read<HistoryView>): void {
  week.show(read);
  if (read.kind !== 'read') return;
  timeline.show(read.value);
  table.show(read.value.entries);
}

function showToken(read: Read<TokenView>): void {
  token.show(read);
  if (read.kind === 'read') parts.replaceChildren(...tokenParts(read.value));
}

function showVersions({ tokentray, electron, chromium, node }: Versions): void {
  versions.replaceChildren(
    factList([
      [say('app.name'), tokentray],
      ['Electron', electron],
      ['Chromium', chromium],
      ['Node.js', node],
    ]),
  );
}

function readVersions(): void {
  const failed = (error: unknown): void => versions.replaceChildren(...failureParts(error, readVersions));
  if ('versions.read' in given) void given['versions.read']().then(showVersions, failed);
}

function readProfile(): void {
  const profile = current()?.profile.id;
  if (profile === undefined) return;
  void history.again(profile);
  void decoded.again(profile);
}

function take(said: readonly StatusBody[]): void {
  profiles = said;
  page.removeAttribute('aria-busy');
  draw();
  // The status is painted first: the week takes longer to draw than everything else.
  afterPaint(readProfile);
}

/** Runs `run` once, when the current state has been painted, or soon if nothing is being painted. */
function afterPaint(run: () => void): void {
  let state: 'waiting' | 'run' = 'waiting';
  const once = (): void => {
    if (state === 'waiting') run();
    state = 'run';
  };
  // A frame's callback runs before its paint.
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, NO_FRAME_MS);
}

async function readAll(): Promise<void> {
  note(element('h1', {}, say('app.name')), loadingElement());
  try {
    take(await api['profiles.read']());
  } catch (error) {
    page.removeAttribute('aria-busy');
    note(element('h1', {}, say('app.name')), ...failureParts(error, () => void readAll()));
  }
}

page.replaceChildren(main, versions);
api.on('profiles.changed', take);
everyMinute(draw);
void readAll();
readVersions();
