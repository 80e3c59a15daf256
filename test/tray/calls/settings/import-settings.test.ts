import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { firstSettings } from '../../../../src/config/settings/registrations.ts';
import type { Profile, TokenFile } from '../../../../src/config/profile/profile.ts';
import type { Registration } from '../../../../src/config/settings/registrations.ts';

type Options = Readonly<Record<string, unknown>>;
interface Answer {
  readonly response?: number;
  readonly checkboxChecked?: boolean;
  readonly filePath?: string;
}

/** The dialogs that were shown, and the user's answers to the questions: schedule, then places. */
const desk = vi.hoisted(() => ({
  envFile: '',
  /** Runs while a question is open. */
  onQuestion: (): void => undefined,
  shown: [] as { kind: 'open' | 'save' | 'message'; options: Options }[],
  answers: [] as Answer[],
}));

vi.mock('electron', () => {
  const show = (kind: 'open' | 'save' | 'message', options: Options): void =>
    void desk.shown.push({ kind, options });
  const answer = (): Answer => {
    const next = desk.answers.shift();
    if (next === undefined) throw new Error('a dialog that nobody expects');
    return next;
  };
  return {
    BrowserWindow: { getAllWindows: () => [] },
    dialog: {
      showOpenDialog: (options: Options) => {
        show('open', options);
        return Promise.resolve({ canceled: false, filePaths: [desk.envFile] });
      },
      showSaveDialog: (options: Options) => {
        show('save', options);
        const { filePath } = answer();
        return Promise.resolve({ canceled: filePath === undefined, filePath: filePath ?? '' });
      },
      showMessageBox: (options: Options) => {
        show('message', options);
        const given = options.type === 'question' ? answer() : {};
        if (options.type === 'question') desk.onQuestion();
        return Promise.resolve({ response: 0, checkboxChecked: false, ...given });
      },
    },
  };
});

const { importProfile } = await import('../../../../src/tray/calls/settings/import-settings.ts');

/** The buttons of the schedule question on a system in another zone than the old application’s. */
const [SYSTEM_ZONE, SEOUL, NONE, CANCEL] = [0, 1, 2, 3];

const TEXT = `CLIENT_ID=11111111-2222-3333-4444-55555555abcd
CLIENT_SECRET=aBc8Q~notarealsecretnotarealsecret12345
TENANT_ID=contoso.com
REDIRECT_URI=http://localhost:5000/getAToken
SCOPE=User.Read
`;

let directory: string;
let stored: Registration[];
let registered: readonly Profile[];
let kept: readonly TokenFile[];
let session: 'signed-in' | 'signed-out';

beforeEach(() => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  directory = mkdtempSync(path.join(os.tmpdir(), 'tray-import-'));
  desk.envFile = path.join(directory, '.env');
  writeFileSync(desk.envFile, TEXT);
  desk.onQuestion = () => undefined;
  desk.shown.length = 0;
  desk.answers.length = 0;
  stored = [];
  registered = [];
  kept = [];
  session = 'signed-out';
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

async function importWith(...answers: Answer[]): Promise<void> {
  desk.answers.push(...answers);
  const put = (registration: Registration): Promise<void> => Promise.resolve(void stored.push(registration));
  await importProfile({
    changes: { put },
    profiles: {
      list: registered.map((profile) => ({ profile })),
      get: () => ({ status: { session: { kind: session } } }),
    },
    currentSettings: () => ({ settings: { ...firstSettings, tokenFiles: kept }, trouble: undefined }),
    configured: { vault: { backend: 'secret-service' } },
  } as unknown as Parameters<typeof importProfile>[0]);
  expect(desk.answers).toEqual([]);
}

const kinds = (): string[] => desk.shown.map(({ kind }) => kind);
const lastDetail = (): string => String(desk.shown.at(-1)?.options.detail);

describe('the old application’s hard-coded settings are offered', () => {
  test.each([
    [SYSTEM_ZONE, { cron: '0 7 * * *', timeZone: 'Europe/Berlin' }],
    [SEOUL, { cron: '0 7 * * *', timeZone: 'Asia/Seoul' }],
    [NONE, undefined],
  ])('07:00 in a time zone, or no schedule: button %i', async (response, schedule) => {
    await importWith({ response });
    expect(stored).toMatchObject([{ profile: { schedule }, rank: 'further' }]);
  });

  test('a token file, beside the settings by default', async () => {
    const chosen = path.join(directory, 'elsewhere.txt');
    await importWith({ response: NONE, checkboxChecked: true }, { filePath: chosen });
    const [, question, save] = desk.shown;
    expect(question?.options).toMatchObject({ checkboxLabel: 'Also keep a fresh token in a file…' });
    expect(question?.options.checkboxChecked).toBeUndefined();
    expect(save).toMatchObject({
      kind: 'save',
      options: { defaultPath: path.join(directory, 'access_token.txt') },
    });
    const id = stored[0]?.profile.id;
    expect(stored[0]?.tokenFiles).toEqual([{ path: chosen, profile: id, scopes: undefined, format: 'bare' }]);
    expect(lastDetail()).toContain(`${chosen} contains a fresh token`);
  });
});

describe('importing the same registration again', () => {
  const file = (name: string, more: Partial<TokenFile> = {}): TokenFile => ({
    path: path.join(directory, name),
    profile: 'default',
    scopes: undefined,
    format: 'json',
    ...more,
  });

  test('adds a token file to the existing ones, replacing one at the same path', async () => {
    const [other, same] = [file('other.json'), file('same.txt')];
    kept = [other, same, file('of-another.txt', { profile: 'rd' })];
    await importWith({ response: NONE, checkboxChecked: true }, { filePath: same.path });
    expect(stored[0]?.tokenFiles).toEqual([other, { ...same, format: 'bare' }]);
  });

  test('asks only users who are not signed in to sign in', async () => {
    await importWith({ response: NONE });
    expect(lastDetail()).toContain('“Sign in…”');
    session = 'signed-in';
    await importWith({ response: NONE });
    expect(lastDetail()).toContain('You are still signed in');
    expect(lastDetail()).not.toContain('“Sign in…”');
  });
});

test('the contents read before the questions are imported, even if the file changes', async () => {
  desk.onQuestion = () => rmSync(desk.envFile);
  await importWith({ response: SEOUL });
  expect(stored).toMatchObject([{ profile: { schedule: { timeZone: 'Asia/Seoul' } } }]);
  expect(desk.shown.at(-1)?.options).toMatchObject({ message: 'Settings imported' });
});

describe('no token file is written', () => {
  test('unless the user asks for one; existing ones are kept', async () => {
    await importWith({ response: SEOUL });
    expect(kinds()).toEqual(['open', 'message', 'message']);
    expect(stored[0]).toHaveProperty('tokenFiles', undefined);
    expect(lastDetail()).not.toContain('contains a fresh token');
  });

  test('if the file dialog is cancelled; the rest is imported', async () => {
    await importWith({ response: NONE, checkboxChecked: true }, {});
    expect(stored[0]).toHaveProperty('tokenFiles', undefined);
  });

  test('because of anything in the imported file', async () => {
    writeFileSync(desk.envFile, `${TEXT}TOKEN_FILE=/tmp/x\nACCESS_TOKEN_FILE=/tmp/x\nTOKEN_PATH=/tmp/x\n`);
    await importWith({ response: NONE });
    expect(stored[0]).toHaveProperty('tokenFiles', undefined);
  });

  test('at an unsuitable place: that is reported, and the dialog opens again there', async () => {
    const open = path.join(directory, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const refused = path.join(open, 'token.txt');
    const good = path.join(directory, 'token.txt');
    await importWith({ response: NONE, checkboxChecked: true }, { filePath: refused }, { filePath: good });
    expect(kinds()).toEqual(['open', 'message', 'save', 'message', 'save', 'message']);
    expect(desk.shown[3]?.options).toMatchObject({ message: 'The token cannot be kept there' });
    expect(String(desk.shown[3]?.options.detail)).toContain(refused);
    expect(desk.shown[4]?.options).toMatchObject({ defaultPath: refused });
    expect(stored[0]?.tokenFiles?.map((file) => file.path)).toEqual([good]);
  });
});

test('importing the same registration again keeps what a .env does not say, except the schedule, which is asked', async () => {
  await importWith({ response: SEOUL });
  const [first] = stored.splice(0);
  registered = [{ ...first!.profile, name: 'At work', signIn: 'browser', extraScopes: [['api://b/Read']] }];
  await importWith({ response: NONE });
  expect(stored[0]?.profile).toEqual({ ...registered[0], schedule: undefined });
});

test.each(['Nowhere/AtAll', ''])(
  'on a system with an unknown time zone (TZ=%s) its zone is not offered',
  async (zone) => {
    vi.stubEnv('TZ', zone);
    await importWith({ response: 0 });
    const buttons = ['07:00 in Asia/Seoul', 'Only before it expires', 'Cancel'];
    expect(desk.shown[1]?.options).toMatchObject({ buttons, cancelId: 2 });
    expect(stored).toMatchObject([{ profile: { schedule: { timeZone: 'Asia/Seoul' } } }]);
  },
);

test('cancelling the question imports nothing, with or without a token file', async () => {
  await importWith({ response: CANCEL, checkboxChecked: true });
  expect(stored).toEqual([]);
  expect(kinds()).toEqual(['open', 'message']);
});
