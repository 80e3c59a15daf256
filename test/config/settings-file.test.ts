import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from '../../src/config/issue.ts';
import type { Settings } from '../../src/config/profile.ts';
import { openSettingsStore, readSettings, type BackingOptions } from '../../src/config/settings-file.ts';

const settings: Settings = {
  schemaVersion: 1,
  profiles: [
    {
      id: 'default',
      authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
      clientId: '11111111-2222-3333-4444-55555555abcd',
      redirectUri: 'http://localhost:5000/getAToken',
      scopes: ['User.Read'],
      schedule: { cron: '0 7 * * *', timeZone: 'Asia/Seoul' },
    },
  ],
  storage: 'auto',
  clipboardClearSeconds: 60,
};

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'tokentray-settings-'));
  file = path.join(directory, 'tokentray', 'settings.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(content: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

function stored(): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function permissions(place: string): string {
  return (statSync(place).mode & 0o777).toString(8);
}

describe('reading the settings', () => {
  it('gives what the file holds, also with a byte order mark', () => {
    write(`\uFEFF${JSON.stringify(settings)}`);
    expect(readSettings(file)).toEqual({ kind: 'ok', settings });
  });

  it('says that there are none', () => {
    expect(readSettings(file)).toEqual({ kind: 'absent' });
  });

  it('names what is wrong and leaves the file alone', () => {
    write({ ...settings, storage: 'plain' });
    const read = readSettings(file);
    expect(read.kind === 'invalid' && read.issues.map(({ field, found }) => [field, found])).toEqual([
      ['storage', 'plain'],
    ]);
    expect(stored()).toMatchObject({ storage: 'plain' });
  });

  it.each(['', '{"schemaVersion":1,', 'not json'])('sets aside what is not JSON: %j', (text) => {
    write(text);
    const setAsideAs = `${file}.corrupt-2026-11-22T08-15-30.123Z`;
    expect(readSettings(file, Date.UTC(2026, 10, 22, 8, 15, 30, 123))).toEqual({
      kind: 'unreadable',
      setAsideAs,
      reason: 'JSON',
    });
    expect(readFileSync(setAsideAs, 'utf8')).toBe(text);
    expect(readSettings(file)).toEqual({ kind: 'absent' });
  });

  it('says why when the file system refuses, and sets nothing aside', () => {
    mkdirSync(file, { recursive: true });
    expect(readSettings(file)).toEqual({ kind: 'unreadable', setAsideAs: undefined, reason: 'EISDIR' });
  });
});

describe('saving the settings', () => {
  it('writes a file that reads back the same', async () => {
    const store = await openSettingsStore(file);
    expect(store.get()).toEqual({ kind: 'absent' });
    store.save(settings);
    expect(store.get()).toEqual({ kind: 'ok', settings });
    expect(readSettings(file)).toEqual({ kind: 'ok', settings });
  });

  it.skipIf(process.platform === 'win32')('keeps file and directory from other users', async () => {
    write({});
    chmodSync(path.dirname(file), 0o755);
    chmodSync(file, 0o644);
    (await openSettingsStore(file)).save(settings);
    expect([permissions(file), permissions(path.dirname(file))]).toEqual(['600', '700']);
  });

  it('keeps what a newer version has added, in every place', async () => {
    const [profile] = settings.profiles;
    const schedule = { ...profile?.schedule, spread: 5 };
    write({ ...settings, theme: 'dark', profiles: [{ ...profile, certificate: { path: 'x' }, schedule }] });
    (await openSettingsStore(file)).save({ ...settings, storage: 'memory' });
    expect(stored()).toEqual({
      ...settings,
      storage: 'memory',
      theme: 'dark',
      profiles: [{ ...profile, certificate: { path: 'x' }, schedule }],
    });
  });

  it('removes a schedule that is switched off', async () => {
    const store = await openSettingsStore(file);
    store.save(settings);
    const changed = {
      ...settings,
      profiles: settings.profiles.map((one) => ({ ...one, schedule: undefined })),
    };
    store.save(changed);
    expect(store.get()).toEqual({ kind: 'ok', settings: changed });
  });

  it.each<[string, Settings]>([
    ['a broken rule', { ...settings, clipboardClearSeconds: -1 }],
    [
      'a schedule that never comes',
      {
        ...settings,
        profiles: settings.profiles.map((one) => ({
          ...one,
          schedule: { cron: '0 7 30 2 *', timeZone: 'UTC' },
        })),
      },
    ],
  ])('refuses %s and leaves the file as it was', async (_, wrong) => {
    const store = await openSettingsStore(file);
    store.save(settings);
    expect(() => store.save(wrong)).toThrow(SettingsError);
    expect(stored()).toEqual(settings);
  });

  it('does not write over the settings of a newer version', async () => {
    const newer = { schemaVersion: 2, accounts: [] };
    write(newer);
    const store = await openSettingsStore(file);
    expect(() => store.save(settings)).toThrow(/Version 1/u);
    expect(stored()).toEqual(newer);
  });

  it.each(['not json', '[]', '7'])(
    'goes on after the file was spoilt, before or after opening: %j',
    async (text) => {
      write(text);
      const store = await openSettingsStore(file);
      store.save(settings);
      write(text);
      store.save(settings);
      expect(stored()).toEqual(settings);
      const aside = readdirSync(path.dirname(file)).filter((name) => name.includes('.corrupt-'));
      expect(aside.length > 0).toBe(text === 'not json');
    },
  );

  it('writes through the store it is handed, as the tray does with electron-store', async () => {
    const opened: BackingOptions[] = [];
    const backing = { path: file, store: { theme: 'dark' } as Record<string, unknown> };
    const store = await openSettingsStore(file, (options) => {
      opened.push(options);
      return backing;
    });
    store.save(settings);
    expect(opened).toMatchObject([{ cwd: path.dirname(file), name: 'settings', configFileMode: 0o600 }]);
    expect(backing.store).toEqual({ theme: 'dark', ...settings });
  });
});
