import { say } from '../../words/say.ts';
import { worstIcon, type IconName } from './icons.ts';
import { line, separator, type ActionEntry, type AppAction, type MenuEntry } from './menu-entry.ts';
import type { News } from './news.ts';
import type { StartAtLoginState } from '../lifecycle/start-at-login.ts';
import {
  iconOf,
  profileEntries,
  profileSubmenu,
  scheduleLines,
  statusLines,
  type Occasion,
  type ProfileFacts,
} from './profile-view.ts';

/** Windows truncates a longer tooltip (szTip of NOTIFYICONDATAW holds 128 characters with the terminating null). */
const TOOLTIP_MAX_CHARACTERS = 127;

/** Everything the tray shows. */
export interface TrayView {
  readonly icon: IconName;
  readonly tooltip: string;
  readonly menu: readonly MenuEntry[];
}

/** What the view is derived from. */
export interface TrayFacts {
  /** In the settings' order; empty while nothing is configured. */
  readonly profiles: readonly ProfileFacts[];
  /** The default profile's ID. */
  readonly defaultProfile: string | undefined;
  readonly news: News | undefined;
  readonly startAtLogin: StartAtLoginState;
  readonly now: number;
}

/** The tray as a pure function of the facts. */
export function trayView(facts: TrayFacts): TrayView {
  const { profiles, now } = facts;
  return {
    icon: worstIcon(profiles.map(({ status }) => iconOf(status, now))),
    tooltip: tooltipOf([say('app.name'), ...topLines(facts, 'drawn')].join('\n')),
    menu: menuOf(facts, 'drawn'),
  };
}

/** The menu for a platform that asks for it when it opens: it may say what is true only for this minute. */
export function openedMenu(facts: TrayFacts): readonly MenuEntry[] {
  return menuOf(facts, 'opened');
}

function menuOf(facts: TrayFacts, occasion: Occasion): readonly MenuEntry[] {
  const { profiles, startAtLogin, now } = facts;
  return [
    ...[...topLines(facts, occasion), ...newsLines(facts)].map(line),
    ...(profiles.length > 1 ? severalEntries(facts, occasion) : onlyEntries(profiles[0], now)),
    appEntry('import', say('menu.import')),
    ...(startAtLogin === 'not-offered'
      ? []
      : [{ ...appEntry('start-at-login', say('menu.start-at-login')), mark: startAtLogin }]),
    separator,
    appEntry('status', say('menu.status')),
    // The Settings window starts with setting up if there is no profile.
    appEntry('settings', profiles.length === 0 ? say('menu.set-up') : say('menu.settings')),
    appEntry('about', say('menu.about')),
    appEntry('quit', say('menu.quit')),
  ];
}

function appEntry(action: AppAction, text: string): ActionEntry {
  return { kind: 'action', id: action, action, target: {}, state: 'enabled', text };
}

function topLines(facts: TrayFacts, occasion: Occasion): readonly string[] {
  const { profiles, now } = facts;
  return profiles.length > 1 ? summaryLines(facts) : statusLines(profiles[0]?.status, now, occasion);
}

/** One profile, or none yet: its lines and actions without a submenu. */
function onlyEntries(only: ProfileFacts | undefined, now: number): readonly MenuEntry[] {
  return [...scheduleLines(only, now).map(line), separator, ...profileEntries(only)];
}

function severalEntries(
  { profiles, defaultProfile, now }: TrayFacts,
  occasion: Occasion,
): readonly MenuEntry[] {
  const isDefault = ({ id }: ProfileFacts): boolean => id === defaultProfile;
  const defaultFirst = [...profiles.filter(isDefault), ...profiles.filter((facts) => !isDefault(facts))];
  const submenus = defaultFirst.map((facts) =>
    profileSubmenu(facts, isDefault(facts) ? 'default' : 'further', now, occasion),
  );
  return [separator, ...submenus, separator];
}

/** Several profiles in words: first the names of those with problems, then how many are signed in. */
function summaryLines({ profiles, now }: TrayFacts): readonly string[] {
  const namesOf = (icon: IconName): readonly string[] =>
    profiles.filter(({ status }) => iconOf(status, now) === icon).map(({ name }) => name);
  const attention = namesOf('attention');
  const offline = namesOf('offline');
  const count = profiles.filter(({ status }) => status.session.kind === 'signed-in').length;
  return [
    ...(attention.length === 0 ? [] : [say('menu.summary.attention', { names: attention.join(', ') })]),
    ...(offline.length === 0 ? [] : [say('menu.summary.offline', { names: offline.join(', ') })]),
    say('menu.summary.signed-in', { count, all: profiles.length }),
  ];
}

function newsLines({ profiles, news }: TrayFacts): readonly string[] {
  if (news === undefined) return [];
  const { sentence } = news;
  const name = profiles.find(({ id }) => id === news.profile)?.name;
  return [
    profiles.length < 2 || name === undefined ? sentence : say('menu.profile.news', { name, sentence }),
  ];
}

function tooltipOf(text: string): string {
  return text.length <= TOOLTIP_MAX_CHARACTERS ? text : `${text.slice(0, TOOLTIP_MAX_CHARACTERS - 1)}…`;
}
