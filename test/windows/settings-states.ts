import type { Page } from 'playwright-core';
import type {
  DraftIssue,
  OutletsView,
  ProfileDraft,
  ProfileSettings,
  SettingsView,
  TestLine,
} from '../../src/windows/contract.ts';
import type { SettingsState } from './fake-settings.ts';
import { LONG, RIGHT_TO_LEFT } from './states.ts';

export const HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';

const DAY_MS = 24 * 3600_000;

/** A form as it is when nobody has typed anything. */
export const fresh: ProfileDraft = {
  name: '',
  protocol: 'entra',
  authority: '',
  clientId: '',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: 'User.Read',
  extraScopes: '',
  schedule: { kind: 'none' },
  signIn: 'window',
};

const workDraft: ProfileDraft = {
  ...fresh,
  name: 'Work',
  authority: 'contoso.example',
  clientId: '4f3a1c52-6f0e-4f6f-9d0e-1d2c3b4a5e6f',
  scopes: 'User.Read Mail.Read',
  extraScopes: 'https://vault.azure.net/user_impersonation',
  schedule: { kind: 'at', at: '07:00', timeZone: 'Asia/Tokyo' },
};

/** A profile as it is set. */
export const work: ProfileSettings = {
  id: 'work',
  isDefault: true,
  draft: workDraft,
  credential: { kind: 'secret', said: 'A client secret, stored 12 days ago.' },
};

const provider: ProfileSettings = {
  id: 'lab',
  isDefault: false,
  draft: {
    ...workDraft,
    name: 'Lab <b>',
    protocol: 'oidc',
    authority: 'https://login.lab.example',
    clientId: 'tokentray-lab',
    scopes: 'openid profile api',
    extraScopes: '',
    schedule: { kind: 'cron', cron: '0 7 * * 1-5', timeZone: 'Europe/Berlin' },
    signIn: 'browser',
  },
  credential: { kind: 'certificate', said: 'A certificate, stored today; it ends on 3 May 2027.' },
};

const outlets: OutletsView = {
  socket: '/run/user/1000/tokentray/agent.sock',
  loopback: { wanted: 'on', port: 45678 },
  shellCache: { wanted: 'off', offered: 'yes' },
  tokenFiles: [
    { path: '/home/ada/.config/tool/token', profile: 'work', format: 'bare', scopes: [] },
    {
      path: '/home/ada/project/.token.json',
      profile: 'lab',
      format: 'json',
      scopes: ['openid', 'api'],
      trouble: {
        kind: 'storage',
        code: 'token-file.write',
        message: '/home/ada/project/.token.json could not be written (EACCES).',
        next: 'See that the directory is yours.',
      },
    },
  ],
  hooks: [
    { event: 'refreshed', command: ['/home/ada/bin/on-refresh', '--quiet'] },
    { event: 'sign-in-needed', command: ['/usr/bin/notify-send', 'Sign in again'] },
  ],
};

const bare: OutletsView = {
  ...outlets,
  loopback: { wanted: 'off' },
  shellCache: { wanted: 'off', offered: 'no' },
  tokenFiles: [],
  hooks: [],
};

/** Two profiles, and everything in use. */
export const view: SettingsView = {
  source: 'stored',
  profiles: [work, provider],
  fresh,
  startAtLogin: 'on',
  clipboardClearSeconds: 60,
  network: 'system',
  logLevel: 'info',
  outlets,
  storage: 'In the keyring of this desktop (Secret Service).',
  settingsFile: '/home/ada/.config/tokentray/settings.json',
};

const empty: SettingsView = { ...view, profiles: [], outlets: bare };

/** Five mornings in Tokyo, where it is eight hours later than in Berlin. */
export const preview = {
  kind: 'comes',
  at: Array.from({ length: 5 }, (_, day) => Date.parse('2026-01-15T22:00:00Z') + day * DAY_MS),
} as const;

const well: SettingsState = { view, preview };

const issues: readonly DraftIssue[] = [
  { field: 'name', sentence: 'Name: a name of 1 to 60 printable characters is wanted.' },
  { field: 'authority', sentence: 'Directory (tenant): an ID or a domain is wanted. Found: “my company”' },
  { field: 'clientId', sentence: 'Application (client) ID: a GUID is wanted. Found: “4f3a”' },
  { field: 'credential', sentence: 'A secret, a certificate with its key, or an assertion file is wanted.' },
  { field: 'scopes', sentence: 'Scopes: Those of one resource are wanted.' },
];

const lines: readonly TestLine[] = [
  { name: 'network', kind: 'ok', said: 'login.microsoftonline.com answers.' },
  { name: 'discovery', kind: 'ok', said: 'The authority describes itself.' },
  { name: 'clock', kind: 'ok', said: 'The clock agrees with the authority’s, but for 2 seconds.' },
  {
    name: 'redirect-uri',
    kind: 'skipped',
    said: 'Whether it is registered is known only after a sign-in.',
  },
  {
    name: 'credential',
    kind: 'trouble',
    said: 'The authority does not accept the client secret (AADSTS7000215).',
    next: 'Copy the secret’s value, not its ID, into the form.',
  },
  { name: 'storage', kind: 'ok', said: 'The keyring can be used.' },
];

const hostileDraft: ProfileDraft = {
  ...workDraft,
  name: HOSTILE,
  authority: `https://${LONG}`,
  clientId: RIGHT_TO_LEFT,
  scopes: `${HOSTILE} ${LONG}`,
};

const hostile: SettingsState = {
  ...well,
  view: {
    ...view,
    profiles: [
      { ...work, draft: hostileDraft, credential: { kind: 'secret', said: `${HOSTILE} ${RIGHT_TO_LEFT}` } },
      { ...work, id: 'rtl', isDefault: false, draft: { ...workDraft, name: RIGHT_TO_LEFT } },
      { ...work, id: 'long', isDefault: false, draft: { ...workDraft, name: LONG } },
    ],
    outlets: {
      ...outlets,
      socket: `/run/${LONG}/${HOSTILE}`,
      tokenFiles: [
        { path: `/home/${LONG}/${HOSTILE}`, profile: 'rtl', format: 'env', scopes: [HOSTILE, RIGHT_TO_LEFT] },
      ],
      hooks: [{ event: 'failed', command: [`/bin/${LONG}`, HOSTILE, RIGHT_TO_LEFT] }],
    },
    storage: `${HOSTILE} ${LONG}`,
    settingsFile: `/home/${RIGHT_TO_LEFT}/${LONG}`,
  },
  read: { kind: 'refused', sentences: [HOSTILE, RIGHT_TO_LEFT, LONG] },
  checked: {
    issues: issues.map(({ field }) => ({ field, sentence: `${HOSTILE}${LONG}` })),
    warnings: [HOSTILE],
  },
};

/** A state of the Settings page: what the main process answers, and what a person does before it is looked at. */
export interface SettingsScene {
  readonly state: SettingsState;
  readonly steps?: (page: Page) => Promise<void>;
}

const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Every state of the Settings page. */
export const scenes = {
  'settings-loading': { state: { view: { kind: 'never' } } },
  'settings-failed': { state: { view: { kind: 'fails', message: 'Tokentray ends. Start it again.' } } },
  'settings-first': { state: { ...well, view: empty } },
  'settings-read': {
    state: {
      ...well,
      view: empty,
      read: {
        kind: 'read',
        draft: { name: 'Contoso', authority: 'contoso.example', clientId: work.draft.clientId },
        credential: { kind: 'held', handle: 'h1' },
        said: ['The client secret was read; it is stored when you save.', 'SESSION_KEY is not used.'],
      },
    },
    steps: (page) => press(page, 'Choose file…'),
  },
  'settings-not-read': {
    state: {
      ...well,
      view: empty,
      read: { kind: 'refused', sentences: ['Found: a binary file. A .env file is text.'] },
    },
    steps: (page) => press(page, 'Choose file…'),
  },
  'settings-profile': { state: well },
  'settings-oidc': { state: well, steps: (page) => tab(page, 'Lab') },
  'settings-issues': {
    state: {
      ...well,
      view: empty,
      checked: { issues, warnings: [] },
      saved: { kind: 'refused', issues },
    },
    steps: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('x');
      await press(page, 'Save');
      await page.getByText('5 things').waitFor();
    },
  },
  'settings-tested': {
    state: { ...well, tested: lines },
    steps: async (page) => {
      await press(page, 'Test connection');
      await page.getByText('AADSTS7000215').waitFor();
    },
  },
  'settings-testing': {
    state: { ...well, tested: lines.slice(0, 2), testedAnswer: { kind: 'never' } },
    steps: async (page) => {
      await press(page, 'Test connection');
      await page.getByText('The authority describes itself.').waitFor();
    },
  },
  'settings-changed': {
    state: { ...well, checked: { issues: [], warnings: ['The name is used by another profile too.'] } },
    steps: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('Office');
      await press(page, 'Replace…');
      await page.getByLabel('Client secret', { exact: true }).last().fill('typed');
      await page.getByText('The name is used').waitFor();
    },
  },
  'settings-discard': {
    state: well,
    steps: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('Office');
      await press(page, 'Discard');
      await page.getByRole('dialog').waitFor();
    },
  },
  'settings-zone': {
    state: well,
    steps: async (page) => {
      await page.getByRole('combobox', { name: 'Time zone' }).fill('new y');
      await page.getByRole('option').first().waitFor();
    },
  },
  'settings-cron': {
    state: {
      ...well,
      preview: { kind: 'refused', issues: [{ field: 'schedule.cron', sentence: 'Five fields are wanted.' }] },
    },
    steps: async (page) => {
      await page.getByRole('radio', { name: 'By a cron line' }).check();
      await page.getByLabel('Cron line', { exact: true }).fill('7 * *');
      await page.getByText('Five fields are wanted.').waitFor();
    },
  },
  'settings-new': { state: well, steps: (page) => tab(page, 'Add profile') },
  'settings-general': { state: well, steps: (page) => tab(page, 'General') },
  'settings-passing': {
    state: {
      ...well,
      view: { ...view, source: 'passing', startAtLogin: 'not-offered', clipboardClearSeconds: 45 },
    },
    steps: (page) => tab(page, 'General'),
  },
  'settings-trouble': {
    // Its profiles are not known, so that nobody is welcomed as new.
    state: { ...well, view: { ...view, profiles: [], trouble: 'The settings file cannot be used.' } },
  },
  'settings-outlets': { state: well, steps: (page) => tab(page, 'Outlets') },
  'settings-no-outlets': {
    state: {
      ...well,
      view: {
        ...view,
        outlets: {
          ...bare,
          loopback: {
            wanted: 'on',
            trouble: {
              kind: 'storage',
              code: 'token-file.write',
              message: 'Nothing listens on 127.0.0.1: the port is taken.',
              next: 'End the other program, or switch this off.',
            },
          },
        },
      },
    },
    steps: (page) => tab(page, 'Outlets'),
  },
  'settings-transfer': { state: well, steps: (page) => tab(page, 'Export and import') },
  'settings-hostile': {
    state: hostile,
    steps: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill(`${HOSTILE}!`);
      await page.locator('.form-notes').getByText('<img').waitFor();
    },
  },
  'settings-hostile-outlets': { state: hostile, steps: (page) => tab(page, 'Outlets') },
  'settings-hostile-general': { state: hostile, steps: (page) => tab(page, 'General') },
  'settings-hundred': { state: { ...well, moreProfiles: 98 } },
} as const satisfies Record<string, SettingsScene>;

export type SceneName = keyof typeof scenes;
export const sceneNames = Object.keys(scenes) as readonly SceneName[];

/** A scene by its name, as what all of them are. */
export function sceneOf(name: SceneName): SettingsScene {
  return scenes[name];
}
