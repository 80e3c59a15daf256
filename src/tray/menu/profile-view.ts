import type { Problem } from '../../words/problem.ts';
import type { Session, Status } from '../../agent/status/status.ts';
import type { Profile } from '../../config/profile/profile.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import { say, sayReason } from '../../words/say.ts';
import { sayTime, sayTimeLeft } from '../../words/time.ts';
import type { IconName } from './icons.ts';
import {
  line,
  separator,
  type ActionEntry,
  type Availability,
  type MenuAction,
  type MenuEntry,
} from './menu-entry.ts';

/** What one profile's menu and icon depend on. */
export interface ProfileFacts extends Pick<
  Profile,
  'id' | 'name' | 'extraScopes' | 'redirectUri' | 'signIn'
> {
  readonly status: Status;
  readonly nextScheduledAt: number | undefined;
}

/** `drawn`: the text stays until something changes, so it must stay true that long. `opened`: it is read now. */
export type Occasion = 'drawn' | 'opened';

/**
 * One profile's state as an icon.
 * @param status undefined if nothing is configured
 */
export function iconOf(status: Status | undefined, now: number): IconName {
  if (status === undefined) return 'signed-out';
  const { session, activity, health } = status;
  if (session.kind === 'sign-in-needed' || health.kind === 'configuration') return 'attention';
  if (activity.kind === 'refreshing' || activity.kind === 'signing-in') return 'refreshing';
  if (session.kind === 'signed-out') return 'signed-out';
  if (health.kind === 'offline' || health.kind === 'failing') return 'offline';
  return session.expiresOn !== undefined && session.expiresOn <= now ? 'offline' : 'signed-in';
}

function sessionLine(session: Session | undefined): string {
  if (session === undefined) return say('session.not-configured');
  if (session.kind === 'signed-out') return say('session.signed-out');
  return say(`session.${session.kind}`, { name: session.account.username });
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
  const activity = status?.activity;
  if (activity === undefined || activity.kind === 'idle') return undefined;
  if (activity.kind !== 'waiting') return say(`activity.${activity.kind}`);
  return say('activity.waiting', { time: sayTime(activity.nextTryAt, now) });
}

/** What the user has to do comes first; a storage problem is listed beside any other. */
function troublesOf(status: Status | undefined): readonly Problem[] {
  if (status === undefined) return [];
  const { session, health, storage } = status;
  const troubles: Problem[] = [];
  if (session.kind === 'sign-in-needed') troubles.push(session.reason);
  else if (health.kind !== 'ok') troubles.push(health.reason);
  if (storage.kind !== 'ok') troubles.push(storage.reason);
  return troubles;
}

/** A profile's status in words, most important first. */
export function statusLines(status: Status | undefined, now: number, occasion: Occasion): readonly string[] {
  return [
    sessionLine(status?.session),
    tokenLine(status?.session, now, occasion),
    activityLine(status, now),
    ...troublesOf(status).map((trouble) => sayReason(trouble)),
  ].filter((text) => text !== undefined);
}

/** Whether there is a session, even if it needs a sign-in. */
function hasAccount(status: Status | undefined): boolean {
  return status !== undefined && status.session.kind !== 'signed-out';
}

/** The next scheduled refresh; none without a session. */
export function scheduleLines(facts: ProfileFacts | undefined, now: number): readonly string[] {
  if (facts?.nextScheduledAt === undefined || !hasAccount(facts.status)) return [];
  return [say('schedule.next', { time: sayTime(facts.nextScheduledAt, now) })];
}

/** The actions on a profile; disabled without a profile, most of them also without a session. */
export function profileEntries(facts: ProfileFacts | undefined, prefix = ''): readonly MenuEntry[] {
  const withAccount: Availability = hasAccount(facts?.status) ? 'enabled' : 'disabled';
  const configured: Availability = facts === undefined ? 'disabled' : 'enabled';
  const entry = (
    action: MenuAction,
    text: string,
    state: Availability,
    more: Partial<ActionEntry> = {},
  ): ActionEntry => ({
    kind: 'action',
    id: `${prefix}${action}`,
    action,
    target: { profile: facts?.id },
    text,
    state,
    ...more,
  });
  const submenu = (name: string, text: string, entries: readonly MenuEntry[]): MenuEntry => ({
    kind: 'submenu',
    id: `${prefix}${name}`,
    text,
    state: withAccount,
    entries,
  });
  const furtherScopes = (facts?.extraScopes ?? []).map((scopes, index) =>
    entry('copy', scopes.join(' '), withAccount, {
      id: `${prefix}copy-scopes-${index}`,
      target: { profile: facts?.id, scopes },
    }),
  );
  const usesBrowser = facts?.signIn === 'browser';
  // Can always be switched off, but on only if the browser's answer can be received.
  const canSwitch = usesBrowser || (facts !== undefined && receivablePort(facts.redirectUri) !== undefined);
  return [
    entry('copy', say('menu.copy'), withAccount),
    submenu('copy-as', say('menu.copy-as'), [
      entry('copy-header', say('menu.copy-header'), withAccount),
      entry('copy-curl', say('menu.copy-curl'), withAccount),
      entry('copy-json', say('menu.copy-json'), withAccount),
    ]),
    ...(furtherScopes.length > 0 ? [submenu('copy-scopes', say('menu.copy-scopes'), furtherScopes)] : []),
    entry('refresh', say('menu.refresh'), withAccount),
    separator,
    entry('sign-in', say('menu.sign-in'), configured),
    entry('switch-account', say('menu.switch-account'), withAccount),
    entry('sign-out', say('menu.sign-out'), withAccount),
    entry('sign-in-with-browser', say('menu.sign-in-with-browser'), canSwitch ? 'enabled' : 'disabled', {
      mark: usesBrowser ? 'on' : 'off',
    }),
  ];
}

/** One of several profiles as a submenu. */
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
