import { say } from '../../words/say.ts';
import { worstIcon, type IconName } from './icons.ts';
import { line, separator, type MenuEntry } from './menu-entry.ts';
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

/** Windows cuts a longer tooltip off (szTip of NOTIFYICONDATAW holds 128 with its end). */
const TOOLTIP_MAX_CHARACTERS = 127;

/** Everything the tray shows. */
export interface TrayView {
  readonly icon: IconName;
  readonly tooltip: string;
  readonly menu: readonly MenuEntry[];
}

/** A sentence for a moment (“Copied, good until 15:10”), or how the last action failed. */
export interface News {
  readonly sentence: string;
  /** The id of the profile it is about. */
  readonly profile: string | undefined;
}

/** What the view depends on. */
export interface TrayFacts {
  /** In the settings' order; empty while nothing is configured. */
  readonly profiles: readonly ProfileFacts[];
  /** The id of the one that is meant where none is named. */
  readonly defaultProfile: string | undefined;
  readonly news: News | undefined;
  readonly startAtLogin: StartAtLoginState;
  readonly now: number;
}

/** The tray as a pure function of what is known: the same facts give the same view. */
export function trayView(facts: TrayFacts): TrayView {
  const { profiles, now } = facts;
  return {
    icon: worstIcon(profiles.map(({ status }) => iconOf(status, now))),
    tooltip: tooltipOf([say('app.name'), ...topLines(facts, 'drawn')].join('\n')),
    menu: menuOf(facts, 'drawn'),
  };
}

/** The same menu for a platform that asks for it as it opens: it may say what is true for this minute only. */
export function openedMenu(facts: TrayFacts): readonly MenuEntry[] {
  return menuOf(facts, 'opened');
}

function menuOf(facts: TrayFacts, occasion: Occasion): readonly MenuEntry[] {
  const { profiles, now } = facts;
  return [
    ...[...topLines(facts, occasion), ...newsLines(facts)].map(line),
    ...(profiles.length > 1 ? severalEntries(facts, occasion) : onlyEntries(profiles[0], now)),
    { ...applicationEntry, id: 'import', action: 'import', text: say('menu.import') },
    ...startAtLoginEntries(facts.startAtLogin),
    separator,
    { ...applicationEntry, id: 'status', action: 'status', text: say('menu.status') },
    { ...applicationEntry, id: 'settings', action: 'settings', text: settingsText(facts) },
    { ...applicationEntry, id: 'about', action: 'about', text: say('menu.about') },
    { ...applicationEntry, id: 'quit', action: 'quit', text: say('menu.quit') },
  ];
}

/** The same window: where nothing is set up it begins with that. */
function settingsText({ profiles }: TrayFacts): string {
  return profiles.length === 0 ? say('menu.set-up') : say('menu.settings');
}

function topLines(facts: TrayFacts, occasion: Occasion): readonly string[] {
  const { profiles, now } = facts;
  return profiles.length > 1 ? summaryLines(facts) : statusLines(profiles[0]?.status, now, occasion);
}

const applicationEntry = { kind: 'action', target: {}, state: 'enabled' } as const;

/** One profile, or none yet: its own words and actions, and nothing of profiles. */
function onlyEntries(only: ProfileFacts | undefined, now: number): readonly MenuEntry[] {
  return [...scheduleLines(only, now).map(line), separator, ...profileEntries(only)];
}

function severalEntries(
  { profiles, defaultProfile, now }: TrayFacts,
  occasion: Occasion,
): readonly MenuEntry[] {
  const isDefault = ({ id }: ProfileFacts): boolean => id === defaultProfile;
  const submenuOf = (facts: ProfileFacts, rank: 'default' | 'further'): MenuEntry =>
    profileSubmenu(facts, rank, now, occasion);
  const submenus = [
    ...profiles.filter(isDefault).map((facts) => submenuOf(facts, 'default')),
    ...profiles.filter((facts) => !isDefault(facts)).map((facts) => submenuOf(facts, 'further')),
  ];
  return [separator, ...submenus, separator];
}

function startAtLoginEntries(state: StartAtLoginState): readonly MenuEntry[] {
  if (state === 'not-offered') return [];
  const id = 'start-at-login';
  return [{ ...applicationEntry, id, action: id, text: say('menu.start-at-login'), mark: state }];
}

/** What several profiles come to: what needs somebody by name first, then how many are signed in. */
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
