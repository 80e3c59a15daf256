import type { ProblemBody } from '../../src/outlets/answer.ts';
import type { StatusBody } from '../../src/outlets/status-body.ts';
import type { ClaimView, HistoryEntry, HistoryView, TokenView } from '../../src/windows/contract.ts';
import type { PageState } from './fake-api.ts';

/** A Thursday, so that the week has a weekend in it. */
export const NOW = Date.parse('2026-01-15T13:02:00Z');

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const iso = (at: number): string => new Date(at).toISOString();

const trouble = (
  kind: ProblemBody['kind'],
  code: ProblemBody['code'],
  message: string,
  next: string,
): ProblemBody => ({
  kind,
  code,
  message,
  next,
});
const offline = trouble(
  'transient',
  'offline',
  'login.microsoftonline.com cannot be reached (ENOTFOUND).',
  'Check the network connection; Tokentray tries again by itself.',
);
const revoked = trouble(
  'interaction',
  'revoked',
  'Your session was ended at the authority (AADSTS50173).',
  'Choose “Sign in…” in the tray menu, or run tokentray sign-in.',
);
const wrongSecret = trouble(
  'admin',
  'wrong-secret',
  'The authority does not accept the client secret (AADSTS7000215).',
  'Import the .env file with the right one.',
);
const noKeyring = trouble(
  'storage',
  'storage.unavailable',
  'No keyring can be used (no D-Bus session).',
  'Start one, or choose another storage.',
);
const tokenFile = trouble(
  'storage',
  'token-file.write',
  '/home/ada/.token could not be written (EACCES).',
  'See that the directory is yours.',
);

/** A profile who is signed in, and well. */
export function profile(
  more: Partial<StatusBody> = {},
  named: Partial<StatusBody['profile']> = {},
): StatusBody {
  return {
    profile: {
      id: 'work',
      name: 'Work',
      isDefault: true,
      protocol: 'entra',
      authority: 'https://login.microsoftonline.com/contoso.example',
      clientId: '4f3a1c52-6f0e-4f6f-9d0e-1d2c3b4a5e6f',
      redirectUri: 'http://localhost:5000/getAToken',
      source: 'stored',
      scopes: ['User.Read', 'Mail.Read', 'https://vault.azure.net/user_impersonation'],
      ...named,
    },
    session: session(NOW - 27 * MINUTE_MS, NOW + 48 * MINUTE_MS),
    activity: { kind: 'idle' },
    health: { kind: 'ok' },
    storage: { kind: 'ok' },
    lastRefresh: { kind: 'refreshed', at: iso(NOW - 27 * MINUTE_MS) },
    nextRefreshAt: iso(NOW + 43 * MINUTE_MS),
    nextScheduledAt: iso(NOW + 17 * HOUR_MS - 2 * MINUTE_MS),
    ...more,
  };
}

export const account = {
  username: 'ada@contoso.example',
  name: 'Ada Lovelace',
  tenantId: '9d8c7b6a-1111-4222-8333-444455556666',
  homeAccountId: 'a.b',
};

function session(obtainedOn: number, expiresOn: number): StatusBody['session'] {
  return { kind: 'signed-in', account, obtainedOn: iso(obtainedOn), expiresOn: iso(expiresOn) };
}

/** Nobody; nothing is known of a token then, and nothing would be refreshed. */
export const signedOut: StatusBody = {
  profile: profile().profile,
  session: { kind: 'signed-out' },
  activity: { kind: 'idle' },
  health: { kind: 'ok' },
  storage: { kind: 'ok' },
};

const good: TokenView = {
  kind: 'jwt',
  expiresOn: NOW + 48 * MINUTE_MS,
  signature: 'verified',
  header: [
    claim('alg', 'RS256', 'How it is signed.'),
    claim('kid', 'nOo3ZDrODXEK1jKWhXslHR_KXEg', 'Which of the authority’s keys signed it.'),
    claim('typ', 'JWT'),
  ],
  claims: [
    claim('aud', 'api://8d1f0c52-2222-4333-8444-555566667777', 'The resource that it is for.'),
    claim(
      'iss',
      'https://login.microsoftonline.com/9d8c7b6a-1111-4222-8333-444455556666/v2.0',
      'Who gave it.',
    ),
    claim('exp', '1768484880', 'When it ends.', NOW + 48 * MINUTE_MS),
    claim('iat', '1768480380', 'When it was given.', NOW - 27 * MINUTE_MS),
    claim('scp', 'User.Read Mail.Read', 'What it allows in the name of the user.'),
    claim('roles', '["Reader","Task.Write"]', 'The roles of the user in the resource.'),
    claim('xms_unknown', '{"a":[1,2,3]}'),
  ],
};

function claim(name: string, value: string, meaning?: string, at?: number): ClaimView {
  return { name, value, meaning, at };
}

/** Seven days with everything in them: a weekend's gap, a policy that asked for a sign-in, a bad network. */
export const week: HistoryView = {
  from: NOW - 7 * DAY_MS,
  to: NOW,
  gaps: [
    { from: NOW - 5.2 * DAY_MS, to: NOW - 3.6 * DAY_MS },
    { from: NOW - 26 * HOUR_MS, to: NOW - 25.5 * HOUR_MS },
  ],
  entries: weekEntries(),
};

function weekEntries(): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  const refresh = (at: number, cause: 'user' | 'schedule' | 'expiry' | 'asked' | 'retry'): void =>
    void entries.push({ at, kind: 'refreshed', cause, expiresOn: at + 75 * MINUTE_MS });
  entries.push({ at: NOW - 6.9 * DAY_MS, kind: 'signed-in', expiresOn: NOW - 6.9 * DAY_MS + 75 * MINUTE_MS });
  for (let at = NOW - 6.85 * DAY_MS; at < NOW - 5.25 * DAY_MS; at += 68 * MINUTE_MS) refresh(at, 'expiry');
  for (let at = NOW - 5.2 * DAY_MS; at < NOW - 5 * DAY_MS; at += HOUR_MS)
    entries.push({ at, kind: 'failed', cause: 'expiry', problem: 'offline' });
  entries.push({ at: NOW - 4.9 * DAY_MS, kind: 'sign-in-needed', problem: 'interaction' });
  entries.push({ at: NOW - 3.6 * DAY_MS, kind: 'signed-in', expiresOn: NOW - 3.6 * DAY_MS + 75 * MINUTE_MS });
  for (let at = NOW - 3.55 * DAY_MS; at < NOW - 26.5 * HOUR_MS; at += 68 * MINUTE_MS) refresh(at, 'expiry');
  entries.push({ at: NOW - 26.2 * HOUR_MS, kind: 'failed', cause: 'schedule', problem: 'throttled' });
  entries.push({ at: NOW - 25.8 * HOUR_MS, kind: 'failed', cause: 'retry', problem: 'wrong-secret' });
  refresh(NOW - 25.5 * HOUR_MS, 'retry');
  refresh(NOW - 24.3 * HOUR_MS, 'asked');
  for (let at = NOW - 23 * HOUR_MS; at < NOW - 8 * HOUR_MS; at += 68 * MINUTE_MS) refresh(at, 'expiry');
  entries.push({ at: NOW - 7.9 * HOUR_MS, kind: 'signed-out' });
  entries.push({ at: NOW - 7.2 * HOUR_MS, kind: 'signed-in', expiresOn: NOW - 6 * HOUR_MS });
  refresh(NOW - 7 * HOUR_MS, 'schedule');
  for (let at = NOW - 5.9 * HOUR_MS; at < NOW - 2 * HOUR_MS; at += 68 * MINUTE_MS) refresh(at, 'expiry');
  refresh(NOW - 27 * MINUTE_MS, 'user');
  return entries.toSorted((one, other) => one.at - other.at);
}

const nothing: HistoryView = { ...week, entries: [], gaps: [] };
/** A few hours of it, for the states that are about something else: axe-core looks at every entry. */
const today: HistoryView = {
  ...week,
  entries: week.entries.filter(({ at }) => at > NOW - 8 * HOUR_MS),
  gaps: [],
};
const never = { kind: 'never' } as const;
const well: PageState = { profiles: [profile()], token: good, history: today };

const HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
export const RIGHT_TO_LEFT = '\u202egnorw\u2069\u2069 שלום \u202e';

export const LONG = `Very-long-${'x'.repeat(300)}`;

const hostile: PageState = {
  profiles: [
    profile(
      {
        session: {
          ...session(NOW - 27 * MINUTE_MS, NOW + 48 * MINUTE_MS),
          account: { ...account, name: RIGHT_TO_LEFT, username: HOSTILE, tenantId: LONG },
        },
        health: {
          kind: 'configuration',
          reason: { ...wrongSecret, message: `${HOSTILE}${LONG}`, next: RIGHT_TO_LEFT },
        },
      },
      { name: HOSTILE, scopes: [HOSTILE, LONG, RIGHT_TO_LEFT], clientId: LONG },
    ),
    profile({}, { id: 'rtl', name: RIGHT_TO_LEFT, isDefault: false }),
    profile({}, { id: 'long', name: LONG, isDefault: false }),
  ],
  token: {
    ...good,
    claims: [
      claim(HOSTILE, HOSTILE, undefined),
      claim(RIGHT_TO_LEFT, RIGHT_TO_LEFT),
      claim(LONG, LONG),
      claim('exp', '1e99', 'When it ends.', 1e99),
    ],
  },
  history: { ...week, entries: [{ at: NOW - HOUR_MS, kind: 'failed', cause: 'user', problem: HOSTILE }] },
  acted: { kind: 'failed', problem: { ...wrongSecret, message: HOSTILE, next: RIGHT_TO_LEFT } },
};

/** Every state of the Status page. */
export const states = {
  loading: { ...well, profiles: never },
  failed: { ...well, profiles: { kind: 'fails', message: 'Tokentray ends. Start it again.' } },
  empty: { ...well, profiles: [] },
  'signed-out': { profiles: [signedOut], token: { kind: 'none' }, history: nothing },
  'signing-in': {
    profiles: [{ ...signedOut, activity: { kind: 'signing-in' } }],
    token: { kind: 'none' },
    history: nothing,
  },
  'signed-in': { ...well, history: week },
  refreshing: { ...well, profiles: [profile({ activity: { kind: 'refreshing', cause: 'user' } })] },
  soon: { ...well, profiles: [profile({ session: session(NOW - 70 * MINUTE_MS, NOW + 5 * MINUTE_MS) })] },
  offline: {
    ...well,
    profiles: [
      profile({
        session: session(NOW - 90 * MINUTE_MS, NOW - 12 * MINUTE_MS),
        activity: { kind: 'waiting', nextTryAt: iso(NOW + 2 * MINUTE_MS) },
        health: { kind: 'offline', since: iso(NOW - 30 * MINUTE_MS), reason: offline },
        lastRefresh: { kind: 'failed', at: iso(NOW - MINUTE_MS), reason: offline },
      }),
    ],
    token: { kind: 'opaque', expiresOn: NOW - 12 * MINUTE_MS },
  },
  'sign-in-needed': {
    ...well,
    profiles: [
      profile({
        session: {
          ...session(NOW - 55 * MINUTE_MS, NOW + 20 * MINUTE_MS),
          kind: 'sign-in-needed',
          reason: revoked,
        },
      }),
    ],
    token: { ...good, signature: 'not-verifiable' },
  },
  troubled: {
    ...well,
    profiles: [
      profile(
        {
          health: { kind: 'configuration', reason: wrongSecret },
          storage: { kind: 'trouble', reason: noKeyring },
          tokenFileTroubles: [tokenFile],
        },
        { source: 'passing' },
      ),
    ],
    token: { ...good, signature: 'wrong' },
  },
  'parts-loading': { ...well, token: never, history: never },
  'parts-failed': {
    ...well,
    token: { kind: 'fails', message: 'The token could not be read. Try again.' },
    history: { kind: 'fails', message: 'The history could not be read. Try again.' },
  },
  several: {
    ...well,
    token: { ...good, signature: 'unknown' },
    profiles: [
      profile(),
      { ...signedOut, profile: { ...signedOut.profile, id: 'home', name: 'Home', isDefault: false } },
      profile(
        { storage: { kind: 'trouble', reason: noKeyring } },
        { id: 'rd', name: 'R&D <b>', isDefault: false },
      ),
      profile(
        {
          session: {
            ...session(NOW - 99 * MINUTE_MS, NOW - 9 * MINUTE_MS),
            kind: 'sign-in-needed',
            reason: revoked,
          },
        },
        { id: 'client', name: 'Client in another tenant', isDefault: false },
      ),
    ],
  },
  hostile,
  'hundred-profiles': {
    ...well,
    profiles: Array.from({ length: 100 }, (_, index) =>
      profile({}, { id: `p${index}`, name: `Profile number ${index}`, isDefault: index === 0 }),
    ),
  },
} as const satisfies Record<string, PageState>;

export type StateName = keyof typeof states;
export const stateNames = Object.keys(states) as readonly StateName[];
