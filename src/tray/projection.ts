import type { Problem } from '../agent/problem.ts';
import type { Session, Status } from '../agent/status.ts';
import { say, sayProblem } from '../words/say.ts';
import { sayTime } from '../words/time.ts';

/** The icons of assets/tray, distinct by shape. */
export type IconName = 'signed-out' | 'signed-in' | 'refreshing' | 'attention' | 'offline';

export type MenuAction = 'copy' | 'refresh' | 'sign-in' | 'sign-out' | 'import' | 'quit';

export type MenuEntry =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'action';
      readonly action: MenuAction;
      readonly text: string;
      readonly state: 'enabled' | 'disabled';
    };

/** Everything the tray shows. */
export interface TrayView {
  readonly icon: IconName;
  readonly tooltip: string;
  readonly menu: readonly MenuEntry[];
}

/** What the view depends on. `status` is undefined while nothing is configured. */
export interface TrayFacts {
  readonly status: Status | undefined;
  readonly nextScheduledAt: number | undefined;
  /** A sentence for a moment (“Copied, good until 15:10”), or how the last sign-in failed. */
  readonly news: string | undefined;
  readonly now: number;
}

function iconOf(status: Status | undefined, now: number): IconName {
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

function tokenLine(session: Session | undefined, now: number): string | undefined {
  if (session === undefined || session.kind === 'signed-out') return undefined;
  if (session.expiresOn === undefined) return say('token.none');
  const time = sayTime(session.expiresOn, now);
  return session.expiresOn > now ? say('token.good-until', { time }) : say('token.expired', { time });
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

type Available = Extract<MenuEntry, { kind: 'action' }>['state'];

function action(name: MenuAction, text: string, state: Available): MenuEntry {
  return { kind: 'action', action: name, text, state };
}

/** The tray as a pure function of what is known: the same facts give the same view. */
export function trayView({ status, nextScheduledAt, news, now }: TrayFacts): TrayView {
  const session = status?.session;
  const lines = [
    sessionLine(session),
    tokenLine(session, now),
    activityLine(status, now),
    ...troublesOf(status).map((trouble) => sayProblem(trouble).sentence),
    news,
  ].filter((line) => line !== undefined);
  const hasAccount = session !== undefined && session.kind !== 'signed-out';
  const withAccount: Available = hasAccount ? 'enabled' : 'disabled';
  const configured: Available = status === undefined ? 'disabled' : 'enabled';
  const separator: MenuEntry = { kind: 'separator' };
  const schedule: MenuEntry[] =
    hasAccount && nextScheduledAt !== undefined
      ? [{ kind: 'line', text: say('schedule.next', { time: sayTime(nextScheduledAt, now) }) }]
      : [];
  return {
    icon: iconOf(status, now),
    tooltip: [say('app.name'), ...lines.slice(0, 2)].join('\n'),
    menu: [
      ...lines.map((text): MenuEntry => ({ kind: 'line', text })),
      ...schedule,
      separator,
      action('copy', say('menu.copy'), withAccount),
      action('refresh', say('menu.refresh'), withAccount),
      separator,
      action('sign-in', say('menu.sign-in'), configured),
      action('sign-out', say('menu.sign-out'), withAccount),
      action('import', say('menu.import'), 'enabled'),
      separator,
      action('quit', say('menu.quit'), 'enabled'),
    ],
  };
}
