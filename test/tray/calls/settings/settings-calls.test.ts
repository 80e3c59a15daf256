import { beforeEach, describe, expect, test } from 'vitest';
import { problem } from '../../../../src/words/problem.ts';
import { SettingsError, settingsIssue } from '../../../../src/config/rules/issue.ts';
import type { SettingsHandlers } from '../../../../src/tray/calls/ipc/handlers.ts';
import { settingsCalls, type SettingsCallParts } from '../../../../src/tray/calls/settings/settings-calls.ts';
import { memoryLog } from '../../../agent/fixtures/fixture.ts';

let made: unknown[][];
let logged: unknown[];

const note =
  (name: string) =>
  (...args: unknown[]): Promise<void> => {
    made.push([name, ...args]);
    return Promise.resolve();
  };
const changes: NonNullable<SettingsCallParts['changes']> = {
  setDefault: note('setDefault'),
  remove: (id) => note('remove')(id).then(() => undefined),
  change: note('change'),
  addTokenFile: note('addTokenFile'),
  removeTokenFile: note('removeTokenFile'),
};

const unused = (): never => {
  throw new Error('not asked for here');
};

function callsWith(more: Partial<SettingsCallParts> = {}): SettingsHandlers {
  return settingsCalls({
    read: unused,
    drafts: { check: unused, save: unused, test: unused, read: unused },
    changes,
    startAtLogin: { set: note('startAtLogin') },
    exportSettings: unused,
    importSettings: unused,
    chooseDraftText: unused,
    chooseCredential: unused,
    chooseTokenFile: () => Promise.resolve('/home/ada/token'),
    confirmRemoval: () => Promise.resolve('yes'),
    copy: note('copy'),
    log: memoryLog(logged),
    ...more,
  });
}

beforeEach(() => {
  made = [];
  logged = [];
});

describe('a single setting', () => {
  test('is changed, and no other', async () => {
    const acted = await callsWith()['settings.change']({ clipboardClearSeconds: 0, loopback: true });
    expect(acted).toEqual({ kind: 'done' });
    expect(made).toEqual([['change', { clipboardClearSeconds: 0, loopback: true }]]);
  });

  test.each([{ network: 'node' } as const, { logLevel: 'debug' } as const])(
    'that is read at startup says when it takes effect: %j',
    async (change) => {
      const acted = await callsWith()['settings.change'](change);
      expect(acted).toMatchObject({
        said: expect.stringContaining('the next time Tokentray starts') as string,
      });
    },
  );

  test('that breaks a rule changes nothing, not even a valid setting beside it', async () => {
    const acted = await callsWith()['settings.change']({ clipboardClearSeconds: -1, startAtLogin: 'on' });
    expect(acted).toMatchObject({ kind: 'failed', problem: { code: 'profile.unchanged' } });
    expect(made).toEqual([]);
  });

  test('for starting at login is kept by the system, even if this run stores no settings', async () => {
    const calls = callsWith({ changes: undefined });
    expect(await calls['settings.change']({ startAtLogin: 'on' })).toEqual({ kind: 'done' });
    expect(made).toEqual([['startAtLogin', 'on']]);
    expect(await calls['settings.change']({ loopback: true })).toMatchObject({
      kind: 'failed',
      problem: { code: 'profile.not-kept' },
    });
  });

  test('that the file refuses is reported with the file’s issues', async () => {
    const change = (): never => {
      throw new SettingsError([
        settingsIssue('settings.json', undefined, 'settings.rule.file.broken'),
        settingsIssue('profiles.0.clientId', 'x', 'settings.rule.client-id'),
      ]);
    };
    const acted = await callsWith({ changes: { ...changes, change } })['settings.change']({ loopback: true });
    expect(acted.kind === 'failed' && acted.problem.message).toMatch(
      /settings\.json.*profiles\.0\.clientId/u,
    );
  });
});

describe('removing a profile', () => {
  test('asks first, and reports when it is done', async () => {
    expect(await callsWith()['profile.remove']({ profile: 'work' })).toMatchObject({
      kind: 'done',
      said: expect.any(String) as string,
    });
    const no = callsWith({ confirmRemoval: () => Promise.resolve('no') });
    expect(await no['profile.remove']({ profile: 'work' })).toEqual({ kind: 'done' });
    expect(made).toEqual([['remove', 'work']]);
  });

  test('does not ask if it is impossible, and says why it failed', async () => {
    const passing = callsWith({ changes: undefined, confirmRemoval: unused });
    expect(await passing['profile.remove']({ profile: 'work' })).toMatchObject({
      problem: { code: 'profile.not-kept' },
    });
    const trouble = problem('storage', 'storage.write', { detail: 'locked' });
    const remove = (): Promise<typeof trouble> => Promise.resolve(trouble);
    const locked = callsWith({ changes: { ...changes, remove } });
    expect(await locked['profile.remove']({ profile: 'work' })).toMatchObject({
      kind: 'failed',
      problem: { code: 'storage.write' },
    });
  });
});

describe('token files', () => {
  test('are added only at the path chosen in the native dialog', async () => {
    const calls = callsWith();
    expect(await calls['token-file.add']({ profile: 'work', format: 'env' })).toMatchObject({
      kind: 'done',
      said: expect.stringContaining('/home/ada/token') as string,
    });
    const cancelled = callsWith({ chooseTokenFile: () => Promise.resolve(undefined) });
    expect(await cancelled['token-file.add']({ profile: 'work', format: 'env' })).toEqual({ kind: 'done' });
    expect(made).toEqual([
      ['addTokenFile', { path: '/home/ada/token', profile: 'work', scopes: undefined, format: 'env' }],
    ]);
  });

  test('are removed by their path', async () => {
    await callsWith()['token-file.remove']({ path: '/home/ada/token' });
    expect(made).toEqual([['removeTokenFile', '/home/ada/token']]);
  });
});

test('the default profile is set, and a text is copied', async () => {
  await callsWith()['profile.set-default']({ profile: 'work' });
  await callsWith()['text.copy']({ text: 'http://localhost:5000/getAToken' });
  expect(made).toEqual([
    ['setDefault', 'work'],
    ['copy', 'http://localhost:5000/getAToken'],
  ]);
});

test('a schedule shows its next times, or its issues', async () => {
  const preview = callsWith()['schedule.preview'];
  const comes = await preview({ kind: 'at', at: '07:00', timeZone: 'Asia/Seoul' });
  expect(comes.kind === 'comes' && comes.at.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual(
    Array.from({ length: 5 }, () => '22:00'),
  );
  expect(await preview({ kind: 'cron', cron: '0 7 * *', timeZone: 'Asia/Seoul' })).toMatchObject({
    kind: 'refused',
    issues: [{ field: 'schedule.cron' }],
  });
});

test('a failure is logged with its call, and shown without an unknown error’s message', async () => {
  const copy = (): Promise<never> => Promise.reject(new Error('a secret in a message'));
  const acted = await callsWith({ copy })['text.copy']({ text: 'x' });
  expect(acted).toMatchObject({ kind: 'failed', problem: { code: 'unexpected' } });
  expect(JSON.stringify(acted)).not.toContain('a secret');
  expect(logged).toMatchObject([['error', 'a call of a page failed', { call: 'text.copy' }]]);
});
