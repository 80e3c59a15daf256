import { describe, expect, test } from 'vitest';
import { problem } from '../../../src/words/problem.ts';
import type { Activity, Health, Session, Status, StorageHealth } from '../../../src/agent/status/status.ts';
import type { IconName } from '../../../src/tray/menu/icons.ts';
import type { ActionEntry, MenuEntry } from '../../../src/tray/menu/menu-entry.ts';
import type { ProfileFacts } from '../../../src/tray/menu/profile-view.ts';
import { openedMenu, trayView, type TrayFacts } from '../../../src/tray/menu/projection.ts';
import { sayTime } from '../../../src/words/time.ts';
import { ada } from '../../agent/fixtures/fake-authority.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 0);
const LATER = NOW + 30 * 60_000;
const EARLIER = NOW - 30 * 60_000;
const at = (time: number): string => sayTime(time, NOW);

const revoked = problem('interaction', 'revoked', { detail: 'AADSTS50173' });
const unreachable = problem('transient', 'offline', { host: 'login.example', detail: 'ENOTFOUND' });
const wrongSecret = problem('admin', 'wrong-secret', { detail: 'AADSTS7000215' });
const noKeyring = problem('storage', 'storage.unavailable', { detail: 'no bus' });

const REVOKED = 'The authority ended your session (AADSTS50173).';
const UNREACHABLE = 'login.example cannot be reached (ENOTFOUND).';
const WRONG_SECRET = 'The authority does not accept the client secret (AADSTS7000215).';
const NO_KEYRING = 'The storage for secrets is not available (no bus).';

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

const plain = {
  extraScopes: [],
  redirectUri: 'http://localhost:5000/getAToken',
  signIn: 'window',
  nextScheduledAt: undefined,
} as const;

const factsOf = (
  status: Status | undefined,
  more: Partial<TrayFacts> = {},
  profile: Partial<ProfileFacts> = {},
): TrayFacts => ({
  profiles: status === undefined ? [] : [{ ...plain, id: 'work', name: 'Work', status, ...profile }],
  defaultProfile: 'work',
  news: undefined,
  startAtLogin: 'off',
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
    name: 'during the first sign-in',
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
    name: 'signed out with an invalid registration',
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
    name: 'signed in, signing in again',
    parts: [good, signingIn, ok],
    icon: 'refreshing',
    lines: [IS_SIGNED_IN, GOOD, 'Signing in…'],
  },
  {
    name: 'signed in, the authority unreachable',
    parts: [good, waiting, offline],
    icon: 'offline',
    lines: [IS_SIGNED_IN, GOOD, `Trying again at ${at(LATER)}`, UNREACHABLE],
  },
  {
    name: 'the authority unreachable, and being retried',
    parts: [good, refreshing, offline],
    icon: 'refreshing',
    lines: [IS_SIGNED_IN, GOOD, 'Refreshing…', UNREACHABLE],
  },
  {
    name: 'an expired token',
    parts: [expired, idle, ok],
    icon: 'offline',
    lines: [IS_SIGNED_IN, `Token expired at ${at(EARLIER)}`],
  },
  {
    name: 'a token that expires at this instant',
    parts: [{ ...expired, expiresOn: NOW }, idle, ok],
    icon: 'offline',
    lines: [IS_SIGNED_IN, `Token expired at ${at(NOW)}`],
  },
  {
    name: 'an account without a token',
    parts: [tokenless, idle, ok],
    icon: 'signed-in',
    lines: [IS_SIGNED_IN, 'No token'],
  },
  {
    name: 'signed in with an invalid registration',
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
    name: 'offline without a keyring: both are shown',
    parts: [good, waiting, offline, storage],
    icon: 'offline',
    lines: [IS_SIGNED_IN, GOOD, `Trying again at ${at(LATER)}`, UNREACHABLE, NO_KEYRING],
  },
  { name: 'sign-in needed', parts: [needed, idle, ok], icon: 'attention', lines: [IS_NEEDED, GOOD, REVOKED] },
  {
    name: 'sign-in needed and running',
    parts: [needed, signingIn, ok],
    icon: 'attention',
    lines: [IS_NEEDED, GOOD, 'Signing in…', REVOKED],
  },
  {
    name: 'sign-in needed while the authority is unreachable: the sign-in is shown',
    parts: [needed, waiting, offline],
    icon: 'attention',
    lines: [IS_NEEDED, GOOD, `Trying again at ${at(LATER)}`, REVOKED],
  },
];

const statusOf = (parts: Case['parts']): Status | undefined =>
  parts === undefined
    ? undefined
    : { session: parts[0], activity: parts[1], health: parts[2], storage: parts[3] ?? stored };

const linesIn = (menu: readonly MenuEntry[]): string[] =>
  menu.flatMap((entry) => (entry.kind === 'line' ? [entry.text] : []));

const linesOf = (facts: TrayFacts): string[] => linesIn(trayView(facts).menu);

/** All actions, including those in submenus. */
const actionsIn = (menu: readonly MenuEntry[]): ActionEntry[] =>
  menu.flatMap((entry) =>
    entry.kind === 'action' ? [entry] : entry.kind === 'submenu' ? actionsIn(entry.entries) : [],
  );

const enabledIn = (facts: TrayFacts): string[] =>
  actionsIn(trayView(facts).menu).flatMap(({ id, state }) => (state === 'enabled' ? [id] : []));

/** The menu as a list of its entries, without lines. */
const shapeOf = (menu: readonly MenuEntry[]): string[] =>
  menu.flatMap((entry) => {
    switch (entry.kind) {
      case 'line':
        return [];
      case 'separator':
        return ['---'];
      case 'action':
        return [`${entry.id}: ${entry.text}`];
      case 'submenu':
        return [`${entry.id}: ${entry.text} ▸`, ...shapeOf(entry.entries).map((one) => `  ${one}`)];
    }
  });

describe.each(cases)('$name', ({ parts, icon, lines }) => {
  const facts = factsOf(statusOf(parts));

  test(`is shown as the icon “${icon}”`, () => expect(trayView(facts).icon).toBe(icon));
  test('is described by the menu’s lines', () => expect(linesOf(facts)).toEqual(lines));
  test('is described by the tooltip, up to its length limit', () => {
    const whole = ['Tokentray', ...lines].join('\n');
    const { tooltip } = trayView(facts);
    expect(tooltip).toBe(whole.length <= 127 ? whole : `${whole.slice(0, 126)}…`);
  });
});

describe('the entries', () => {
  const always = ['import', 'start-at-login', 'status', 'settings', 'about', 'quit'];
  const copies = ['copy', 'copy-header', 'copy-curl', 'copy-json'];
  const browser = 'sign-in-with-browser';
  const whole = [...copies, 'refresh', 'sign-in', 'switch-account', 'sign-out', browser, ...always];
  test.each([
    ['nothing configured', undefined, always],
    ['signed out', signedOut, ['sign-in', browser, ...always]],
    ['signed in', good, whole],
    ['signed in without a token', tokenless, whole],
    ['signed in with an expired token', expired, whole],
    ['sign-in needed', needed, whole],
  ] as const)('%s', (_name, session, wanted) => {
    expect(enabledIn(factsOf(session && { session, activity: idle, health: ok, storage: stored }))).toEqual(
      wanted,
    );
  });

  test('always exist in the same order with the same text', () => {
    for (const { parts } of cases) {
      expect(shapeOf(trayView(factsOf(statusOf(parts))).menu)).toEqual([
        '---',
        'copy: Copy access token',
        'copy-as: Copy as ▸',
        '  copy-header: Authorization header',
        '  copy-curl: curl command',
        '  copy-json: JSON',
        'refresh: Refresh now',
        '---',
        'sign-in: Sign in…',
        'switch-account: Switch account…',
        'sign-out: Sign out',
        'sign-in-with-browser: Sign in with the system browser',
        'import: Import .env file…',
        'start-at-login: Start at login',
        '---',
        'status: Status…',
        parts === undefined ? 'settings: Set up…' : 'settings: Settings…',
        'about: About Tokentray',
        'quit: Quit',
      ]);
    }
  });

  test('for further resources are in a submenu, if there are any', () => {
    const extraScopes = [['https://vault.azure.net/.default'], ['api://r&d/Read', 'api://r&d/Write']];
    const { menu } = trayView(
      factsOf({ session: good, activity: idle, health: ok, storage: stored }, {}, { extraScopes }),
    );
    const further = menu.find((entry) => entry.kind === 'submenu' && entry.id === 'copy-scopes');
    expect(further).toMatchObject({ text: 'Copy token for', state: 'enabled' });
    expect(actionsIn([further!]).map(({ action, text, target }) => ({ action, text, target }))).toEqual([
      {
        action: 'copy',
        text: 'https://vault.azure.net/.default',
        target: { profile: 'work', scopes: extraScopes[0] },
      },
      {
        action: 'copy',
        text: 'api://r&d/Read api://r&d/Write',
        target: { profile: 'work', scopes: extraScopes[1] },
      },
    ]);
  });

  test.each([
    ['in the window', {}, 'off', 'enabled'],
    ['in the browser', { signIn: 'browser' }, 'on', 'enabled'],
    [
      'in the window, because the browser is impossible',
      { redirectUri: 'https://app.example.org/back' },
      'off',
      'disabled',
    ],
    [
      'in a browser whose answer cannot be received',
      { redirectUri: 'https://app.example.org/back', signIn: 'browser' },
      'on',
      'enabled',
    ],
  ] as const)('have a check mark for signing in %s', (_name, profile, mark, state) => {
    const status: Status = { session: signedOut, activity: idle, health: ok, storage: stored };
    const facts = factsOf(status, {}, profile);
    for (const profiles of [facts.profiles, [...facts.profiles, { ...facts.profiles[0]!, id: 'home' }]]) {
      const entries = actionsIn(trayView({ ...facts, profiles }).menu);
      expect(
        entries.find(({ action, target }) => action === browser && target.profile === 'work'),
      ).toMatchObject({ mark, state });
    }
  });

  test('include starting at login with a check mark if it is on, unless it is not offered', () => {
    const entryFor = (startAtLogin: TrayFacts['startAtLogin']): ActionEntry | undefined =>
      actionsIn(trayView(factsOf(undefined, { startAtLogin })).menu).find(
        ({ id }) => id === 'start-at-login',
      );
    expect(entryFor('on')?.mark).toBe('on');
    expect(entryFor('off')?.mark).toBe('off');
    expect(entryFor('not-offered')).toBeUndefined();
  });
});

describe('beside the status', () => {
  const signedIn: Status = { session: good, activity: idle, health: ok, storage: stored };
  const scheduled = { nextScheduledAt: LATER };

  test('the next scheduled refresh is last, while there is a session', () => {
    const next = `Next scheduled refresh: ${at(LATER)}`;
    expect(linesOf(factsOf(signedIn, {}, scheduled)).at(-1)).toBe(next);
    expect(linesOf(factsOf({ ...signedIn, session: needed }, {}, scheduled)).at(-1)).toBe(next);
    expect(linesOf(factsOf({ ...signedIn, session: signedOut }, {}, scheduled))).toEqual(['Signed out']);
  });

  test('news is below the status, and not in the tooltip', () => {
    const news = { sentence: 'Copied, good until 12:30', profile: 'work' };
    const facts = factsOf(signedIn, { news }, scheduled);
    expect(linesOf(facts)).toEqual([
      IS_SIGNED_IN,
      GOOD,
      'Copied, good until 12:30',
      `Next scheduled refresh: ${at(LATER)}`,
    ]);
    expect(trayView(facts).tooltip).not.toContain('Copied');
  });

  test('the same facts give the same view, so nothing flickers', () => {
    const facts = factsOf(signedIn, { news: { sentence: 'news', profile: undefined } }, scheduled);
    expect(trayView({ ...facts, now: NOW + 1_000 })).toEqual(trayView(facts));
  });

  test('the tooltip is never longer than Windows shows', () => {
    const username = `${'long.name.'.repeat(20)}@example.test`;
    const { tooltip } = trayView(
      factsOf({ ...signedIn, session: { ...good, account: { ...ada, username } } }),
    );
    expect(tooltip).toHaveLength(127);
    expect(tooltip).toMatch(/^Tokentray\nSigned in as long\.name\..*…$/u);
  });
});

describe('a menu built when it opens', () => {
  const facts = factsOf({ session: good, activity: idle, health: ok, storage: stored });

  test('also shows the minutes left, and is otherwise the same', () => {
    const left = `Token good until ${at(LATER)} (30 min left)`;
    expect(linesIn(openedMenu(facts))).toEqual([IS_SIGNED_IN, left]);
    expect(shapeOf(openedMenu(facts))).toEqual(shapeOf(trayView(facts).menu));
    expect(linesIn(openedMenu({ ...facts, now: NOW + 90_000 }))[1]).toBe(left.replace('30 min', '28 min'));
  });

  test('shows them in each profile’s submenu', () => {
    const [only] = facts.profiles;
    const submenus = openedMenu({ ...facts, profiles: [only!, { ...only!, id: 'home' }] }).flatMap((entry) =>
      entry.kind === 'submenu' ? [entry] : [],
    );
    expect(submenus).toHaveLength(2);
    for (const { entries } of submenus) expect(linesIn(entries)[1]).toContain('(30 min left)');
  });

  test.each([
    ['that ran out', expired, `Token expired at ${at(EARLIER)}`],
    ['that does not exist', tokenless, 'No token'],
  ])('shows no minutes for a token %s', (_name, session, line) => {
    expect(linesIn(openedMenu(factsOf({ session, activity: idle, health: ok, storage: stored })))[1]).toBe(
      line,
    );
  });
});

describe('several profiles', () => {
  const of = (
    id: string,
    name: string,
    ...[session, activity, health]: [Session, Activity?, Health?]
  ): ProfileFacts => ({
    ...plain,
    id,
    name,
    status: { session, activity: activity ?? idle, health: health ?? ok, storage: stored },
  });
  const severalOf = (...profiles: ProfileFacts[]): TrayFacts => ({
    ...factsOf(undefined),
    profiles,
    defaultProfile: 'home',
  });
  const work = of('work', 'R&D <b>', good);
  const home = of('home', 'Home', good);

  test('are submenus, the default first and marked, each with its lines and actions', () => {
    const { menu } = trayView(severalOf(work, home));
    expect(shapeOf(menu).filter((entry) => !entry.startsWith(' '))).toEqual([
      '---',
      'profile/home: Home (default) ▸',
      'profile/work: R&D <b> ▸',
      '---',
      'import: Import .env file…',
      'start-at-login: Start at login',
      '---',
      'status: Status…',
      'settings: Settings…',
      'about: About Tokentray',
      'quit: Quit',
    ]);
    const submenu = menu.find((entry) => entry.kind === 'submenu' && entry.id === 'profile/work');
    expect(submenu?.kind === 'submenu' && linesIn(submenu.entries)).toEqual([IS_SIGNED_IN, GOOD]);
    expect(new Set(actionsIn([submenu!]).map(({ target }) => target.profile))).toEqual(new Set(['work']));
  });

  test('have a unique ID for each entry', () => {
    const ids = actionsIn(trayView(severalOf(work, home)).menu).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each<[IconName, ProfileFacts, readonly string[]]>([
    ['signed-in', work, ['2 of 2 profiles signed in']],
    ['refreshing', of('work', 'R&D <b>', good, refreshing), ['2 of 2 profiles signed in']],
    ['signed-out', of('work', 'R&D <b>', signedOut), ['1 of 2 profiles signed in']],
    [
      'offline',
      of('work', 'R&D <b>', good, waiting, offline),
      ['No fresh token: R&D <b>', '2 of 2 profiles signed in'],
    ],
    ['attention', of('work', 'R&D <b>', needed), ['Needs attention: R&D <b>', '1 of 2 profiles signed in']],
    [
      'attention',
      of('work', 'R&D <b>', signedOut, idle, configuration),
      ['Needs attention: R&D <b>', '1 of 2 profiles signed in'],
    ],
  ])('are shown as the worst of their icons: %s', (icon, worse, lines) => {
    for (const profiles of [
      [worse, home],
      [home, worse],
    ]) {
      const view = trayView(severalOf(...profiles));
      expect(view.icon).toBe(icon);
      expect(linesIn(view.menu)).toEqual(lines);
      expect(view.tooltip).toBe(['Tokentray', ...lines].join('\n'));
    }
  });

  test('are named in their news', () => {
    const news = { sentence: 'Copied, good until 12:30', profile: 'work' };
    expect(linesOf({ ...severalOf(work, home), news }).at(-1)).toBe('R&D <b>: Copied, good until 12:30');
  });
});
