import { describe, expect, test } from 'vitest';
import { problem } from '../../src/agent/problem.ts';
import type { Activity, Health, Session, Status, StorageHealth } from '../../src/agent/status.ts';
import { trayView, type IconName, type MenuAction, type TrayFacts } from '../../src/tray/projection.ts';
import { sayTime } from '../../src/words/time.ts';
import { ada } from '../agent/fake-authority.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 0);
const LATER = NOW + 30 * 60_000;
const EARLIER = NOW - 30 * 60_000;
const at = (time: number): string => sayTime(time, NOW);

const revoked = problem('interaction', 'revoked', { detail: 'AADSTS50173' });
const unreachable = problem('transient', 'offline', { host: 'login.example', detail: 'ENOTFOUND' });
const wrongSecret = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });
const noKeyring = problem('storage', 'storage.unavailable', { detail: 'no bus' });

const REVOKED = 'Your session was ended at the authority (AADSTS50173).';
const UNREACHABLE = 'login.example cannot be reached (ENOTFOUND).';
const WRONG_SECRET = 'The authority does not accept the client secret (AADSTS7000215).';
const NO_KEYRING = 'The place where secrets are kept cannot be used (no bus).';

const signedOut: Session = { kind: 'signed-out' };
const good: Session = { kind: 'signed-in', account: ada, expiresOn: LATER };
const expired: Session = { kind: 'signed-in', account: ada, expiresOn: EARLIER };
const tokenless: Session = { kind: 'signed-in', account: ada, expiresOn: undefined };
const needed: Session = { kind: 'sign-in-needed', account: ada, expiresOn: LATER, reason: revoked };

const idle: Activity = { kind: 'idle' };
const signingIn: Activity = { kind: 'signing-in' };
const refreshing: Activity = { kind: 'refreshing', cause: 'schedule' };
const waiting: Activity = { kind: 'waiting', nextTryAt: LATER };

const ok: Health = { kind: 'ok' };
const offline: Health = { kind: 'offline', since: EARLIER, reason: unreachable };
const configuration: Health = { kind: 'configuration', reason: wrongSecret };
const stored: StorageHealth = { kind: 'ok' };
const storage: StorageHealth = { kind: 'trouble', reason: noKeyring };

const IS_SIGNED_IN = `Signed in as ${ada.username}`;
const IS_NEEDED = `Sign-in needed for ${ada.username}`;
const GOOD = `Token good until ${at(LATER)}`;

const factsOf = (status: Status | undefined, more: Partial<TrayFacts> = {}): TrayFacts => ({
  status,
  nextScheduledAt: undefined,
  news: undefined,
  now: NOW,
  ...more,
});

interface Case {
  readonly name: string;
  readonly parts: readonly [Session, Activity, Health, StorageHealth?] | undefined;
  readonly icon: IconName;
  readonly lines: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'nothing configured', parts: undefined, icon: 'signed-out', lines: ['Not set up yet'] },
  { name: 'signed out', parts: [signedOut, idle, ok], icon: 'signed-out', lines: ['Signed out'] },
  {
    name: 'the first sign-in under way',
    parts: [signedOut, signingIn, ok],
    icon: 'refreshing',
    lines: ['Signed out', 'Signing in…'],
  },
  {
    name: 'signed out without a keyring',
    parts: [signedOut, idle, ok, storage],
    icon: 'signed-out',
    lines: ['Signed out', NO_KEYRING],
  },
  {
    name: 'signed out with a registration to mend',
    parts: [signedOut, idle, configuration],
    icon: 'attention',
    lines: ['Signed out', WRONG_SECRET],
  },
  { name: 'signed in', parts: [good, idle, ok], icon: 'signed-in', lines: [IS_SIGNED_IN, GOOD] },
  {
    name: 'signed in, refreshing',
    parts: [good, refreshing, ok],
    icon: 'refreshing',
    lines: [IS_SIGNED_IN, GOOD, 'Refreshing…'],
  },
  {
    name: 'signed in, signing in once more',
    parts: [good, signingIn, ok],
    icon: 'refreshing',
    lines: [IS_SIGNED_IN, GOOD, 'Signing in…'],
  },
  {
    name: 'signed in, the authority away',
    parts: [good, waiting, offline],
    icon: 'offline',
    lines: [IS_SIGNED_IN, GOOD, `Trying again at ${at(LATER)}`, UNREACHABLE],
  },
  {
    name: 'the authority away, and tried right now',
    parts: [good, refreshing, offline],
    icon: 'refreshing',
    lines: [IS_SIGNED_IN, GOOD, 'Refreshing…', UNREACHABLE],
  },
  {
    name: 'a token that ran out',
    parts: [expired, idle, ok],
    icon: 'offline',
    lines: [IS_SIGNED_IN, `Token expired at ${at(EARLIER)}`],
  },
  {
    name: 'a token that runs out this instant',
    parts: [{ ...expired, expiresOn: NOW }, idle, ok],
    icon: 'offline',
    lines: [IS_SIGNED_IN, `Token expired at ${at(NOW)}`],
  },
  {
    name: 'an account without a token yet',
    parts: [tokenless, idle, ok],
    icon: 'signed-in',
    lines: [IS_SIGNED_IN, 'No token'],
  },
  {
    name: 'signed in with a registration to mend',
    parts: [good, waiting, configuration],
    icon: 'attention',
    lines: [IS_SIGNED_IN, GOOD, `Trying again at ${at(LATER)}`, WRONG_SECRET],
  },
  {
    name: 'signed in without a keyring',
    parts: [good, idle, ok, storage],
    icon: 'signed-in',
    lines: [IS_SIGNED_IN, GOOD, NO_KEYRING],
  },
  {
    name: 'offline without a keyring: both are said',
    parts: [good, waiting, offline, storage],
    icon: 'offline',
    lines: [IS_SIGNED_IN, GOOD, `Trying again at ${at(LATER)}`, UNREACHABLE, NO_KEYRING],
  },
  { name: 'sign-in needed', parts: [needed, idle, ok], icon: 'attention', lines: [IS_NEEDED, GOOD, REVOKED] },
  {
    name: 'sign-in needed and under way',
    parts: [needed, signingIn, ok],
    icon: 'attention',
    lines: [IS_NEEDED, GOOD, 'Signing in…', REVOKED],
  },
  {
    name: 'sign-in needed while the authority is away: what to do counts',
    parts: [needed, waiting, offline],
    icon: 'attention',
    lines: [IS_NEEDED, GOOD, `Trying again at ${at(LATER)}`, REVOKED],
  },
];

const statusOf = (parts: Case['parts']): Status | undefined =>
  parts === undefined
    ? undefined
    : { session: parts[0], activity: parts[1], health: parts[2], storage: parts[3] ?? stored };

const linesOf = (facts: TrayFacts): string[] =>
  trayView(facts).menu.flatMap((entry) => (entry.kind === 'line' ? [entry.text] : []));

const enabledIn = (facts: TrayFacts): MenuAction[] =>
  trayView(facts).menu.flatMap((entry) =>
    entry.kind === 'action' && entry.state === 'enabled' ? [entry.action] : [],
  );

describe.each(cases)('$name', ({ parts, icon, lines }) => {
  const facts = factsOf(statusOf(parts));

  test(`is shown by the icon “${icon}”`, () => expect(trayView(facts).icon).toBe(icon));
  test('is said in the lines of the menu', () => expect(linesOf(facts)).toEqual(lines));
  test('is said in the tooltip, by the application’s name and the first two lines', () =>
    expect(trayView(facts).tooltip.split('\n')).toEqual(['Tokentray', ...lines.slice(0, 2)]));
});

describe('what can be chosen', () => {
  const whole: readonly MenuAction[] = ['copy', 'refresh', 'sign-in', 'sign-out', 'import', 'quit'];
  test.each([
    ['nothing configured', undefined, ['import', 'quit']],
    ['signed out', signedOut, ['sign-in', 'import', 'quit']],
    ['signed in', good, whole],
    ['signed in without a token', tokenless, whole],
    ['signed in with a token that ran out', expired, whole],
    ['sign-in needed', needed, whole],
  ] as const)('%s', (_name, session, wanted) => {
    expect(enabledIn(factsOf(session && { session, activity: idle, health: ok, storage: stored }))).toEqual(
      wanted,
    );
  });

  test('every entry is always there, in the same order and words', () => {
    for (const { parts } of cases) {
      const { menu } = trayView(factsOf(statusOf(parts)));
      const shape = menu.flatMap((entry) =>
        entry.kind === 'line' ? [] : [entry.kind === 'action' ? `${entry.action}: ${entry.text}` : '---'],
      );
      expect(shape).toEqual([
        '---',
        'copy: Copy access token',
        'refresh: Refresh now',
        '---',
        'sign-in: Sign in…',
        'sign-out: Sign out',
        'import: Import .env file…',
        '---',
        'quit: Quit',
      ]);
    }
  });
});

describe('beside the status', () => {
  const signedIn: Status = { session: good, activity: idle, health: ok, storage: stored };

  test('the next scheduled refresh stands last, while somebody is signed in', () => {
    const scheduled = { nextScheduledAt: LATER };
    const line = `Next scheduled refresh: ${at(LATER)}`;
    expect(linesOf(factsOf(signedIn, scheduled)).at(-1)).toBe(line);
    expect(linesOf(factsOf({ ...signedIn, session: needed }, scheduled)).at(-1)).toBe(line);
    expect(linesOf(factsOf({ ...signedIn, session: signedOut }, scheduled))).toEqual(['Signed out']);
  });

  test('news stands below what is lasting, and not in the tooltip of a longer story', () => {
    const facts = factsOf(signedIn, { news: 'Copied, good until 12:30', nextScheduledAt: LATER });
    expect(linesOf(facts)).toEqual([
      IS_SIGNED_IN,
      GOOD,
      'Copied, good until 12:30',
      `Next scheduled refresh: ${at(LATER)}`,
    ]);
    expect(trayView(facts).tooltip).not.toContain('Copied');
  });

  test('the same facts give the same view, so nothing flickers', () => {
    const facts = factsOf(signedIn, { news: 'news', nextScheduledAt: LATER });
    expect(trayView({ ...facts, now: NOW + 1_000 })).toEqual(trayView(facts));
  });
});
