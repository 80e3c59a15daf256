import type { Problem } from '../../words/problem.ts';
import type { Session, Status } from '../../agent/status/status.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import { say, sayProblem } from '../../words/say.ts';
import { sayTime, sayTimeLeft } from '../../words/time.ts';
import type { IconName } from './icons.ts';
import { line, separator, type Availability, type MenuAction, type MenuEntry } from './menu-entry.ts';

/** What is shown of one profile. */
export interface ProfileFacts extends Pick<
  Profile,
  'id' | 'name' | 'extraScopes' | 'redirectUri' | 'signIn'
> {
  readonly status: Status;
  readonly nextScheduledAt: number | undefined;
}

/**
 * When words are read: `drawn` ones stand until something changes, and must stay true that long; `opened`
 * ones are read at this moment.
 */
export type Occasion = 'drawn' | 'opened';

/** One profile's state as an icon; `undefined` while nothing is configured. */
export function iconOf(status: Status | undefined, now: number): IconName {
  if (status === undefined) return 'signed-out';
  const { session, activity, health } = status;
  if (session.kind === 'sign-in-needed' || health.kind === 'configuration') return 'attention';
  if (activity.kind === 'refreshing' || activity.kind === 'signing-in') return 'refreshing';
  if (session.kind === 'signed-out') return 'signed-out';
  if (health.kind === 'offline') return 'offline';
  return session.expiresOn !== undefined && session.expiresOn <= now ? 'offline' : 'signed-in';
}

function sessionLine(session: Session | undefined): string {
  switch (session?.kind) {
    case undefined:
      return say('session.not-configured');
    case 'signed-out':
      return say('session.signed-out');
    case 'signed-in':
      return say('session.signed-in', { name: session.account.username });
    case 'sign-in-needed':
      return say('session.sign-in-needed', { name: session.account.username });
  }
}

function tokenLine(session: Session | undefined, now: number, occasion: Occasion): string | undefined {
  if (session === undefined || session.kind === 'signed-out') return undefined;
  if (session.expiresOn === undefined) return say('token.none');
  const time = sayTime(session.expiresOn, now);
  if (session.expiresOn <= now) return say('token.expired', { time });
  return occasion === 'opened'
    ? say('token.good-until.left', { time, left: sayTimeLeft(session.expiresOn - now) })
    : say('token.good-until', { time });
}

function activityLine(status: Status | undefined, now: number): string | undefined {
  switch (status?.activity.kind) {
    case 'signing-in':
      return say('activity.signing-in');
    case 'refreshing':
      return say('activity.refreshing');
    case 'waiting':
      return say('activity.waiting', { time: sayTime(status.activity.nextTryAt, now) });
    case 'idle':
    case undefined:
      return undefined;
  }
}

/** What to do comes first; that nothing can be stored stands beside whatever else is wrong. */
function troublesOf(status: Status | undefined): readonly Problem[] {
  if (status === undefined) return [];
  const { session, health, storage } = status;
  const troubles: Problem[] = [];
  if (session.kind === 'sign-in-needed') troubles.push(session.reason);
  else if (health.kind !== 'ok') troubles.push(health.reason);
  if (storage.kind !== 'ok') troubles.push(storage.reason);
  return troubles;
}

/** A profile's status in words, what matters most first. */
export function statusLines(status: Status | undefined, now: number, occasion: Occasion): readonly string[] {
  return [
    sessionLine(status?.session),
    tokenLine(status?.session, now, occasion),
    activityLine(status, now),
    ...troublesOf(status).map((trouble) => sayProblem(trouble).sentence),
  ].filter((text) => text !== undefined);
}

/** Whether there is somebody whose token could be had, or whose session could be ended. */
export function hasAccount(status: Status | undefined): boolean {
  return status !== undefined && status.session.kind !== 'signed-out';
}

/** The next instant of the schedule, which says nothing while nobody is signed in. */
export function scheduleLines(facts: ProfileFacts | undefined, now: number): readonly string[] {
  if (facts?.nextScheduledAt === undefined || !hasAccount(facts.status)) return [];
  return [say('schedule.next', { time: sayTime(facts.nextScheduledAt, now) })];
}

/** What can be done with a profile's session; all greyed out while there is none. */
export function profileEntries(facts: ProfileFacts | undefined, prefix = ''): readonly MenuEntry[] {
  const withAccount: Availability = hasAccount(facts?.status) ? 'enabled' : 'disabled';
  const configured: Availability = facts === undefined ? 'disabled' : 'enabled';
  const target = { profile: facts?.id };
  const entry = (action: MenuAction, text: string, state: Availability): MenuEntry => ({
    kind: 'action',
    id: `${prefix}${action}`,
    action,
    target,
    text,
    state,
  });
  const copyAs: MenuEntry = {
    kind: 'submenu',
    id: `${prefix}copy-as`,
    text: say('menu.copy-as'),
    state: withAccount,
    entries: [
      entry('copy-header', say('menu.copy-header'), withAccount),
      entry('copy-curl', say('menu.copy-curl'), withAccount),
      entry('copy-json', say('menu.copy-json'), withAccount),
    ],
  };
  return [
    entry('copy', say('menu.copy'), withAccount),
    copyAs,
    ...extraScopeEntries(facts, withAccount, prefix),
    entry('refresh', say('menu.refresh'), withAccount),
    separator,
    entry('sign-in', say('menu.sign-in'), configured),
    entry('switch-account', say('menu.switch-account'), withAccount),
    entry('sign-out', say('menu.sign-out'), withAccount),
    browserEntry(facts, prefix),
  ];
}

/** Can always be switched off, and on where the browser's answer could be received. */
function browserEntry(facts: ProfileFacts | undefined, prefix: string): MenuEntry {
  const isOn = facts?.signIn === 'browser';
  const canBeOn = facts !== undefined && receivablePort(facts.redirectUri) !== undefined;
  return {
    kind: 'action',
    id: `${prefix}sign-in-with-browser`,
    action: 'sign-in-with-browser',
    target: { profile: facts?.id },
    text: say('menu.sign-in-with-browser'),
    state: isOn || canBeOn ? 'enabled' : 'disabled',
    mark: isOn ? 'on' : 'off',
  };
}

/** A submenu with the further resources of the profile, where it has any. */
function extraScopeEntries(
  facts: ProfileFacts | undefined,
  state: Availability,
  prefix: string,
): readonly MenuEntry[] {
  if (facts === undefined || facts.extraScopes.length === 0) return [];
  const entries = facts.extraScopes.map((scopes, index): MenuEntry => ({
    kind: 'action',
    id: `${prefix}copy-scopes-${index}`,
    action: 'copy',
    target: { profile: facts.id, scopes },
    text: scopes.join(' '),
    state,
  }));
  return [{ kind: 'submenu', id: `${prefix}copy-scopes`, text: say('menu.copy-scopes'), state, entries }];
}

/** One of several profiles as a submenu of its own. */
export function profileSubmenu(
  facts: ProfileFacts,
  rank: 'default' | 'further',
  now: number,
  occasion: Occasion,
): MenuEntry {
  const { id, name, status } = facts;
  const lines = [...statusLines(status, now, occasion), ...scheduleLines(facts, now)];
  return {
    kind: 'submenu',
    id: `profile/${id}`,
    text: rank === 'default' ? say('menu.profile.default', { name }) : name,
    state: 'enabled',
    entries: [...lines.map(line), separator, ...profileEntries(facts, `${id}/`)],
  };
}
