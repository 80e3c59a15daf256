import { execFileSync } from 'node:child_process';
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
import { SettingsError } from '../../../src/config/rules/issue.ts';
import { NO_HOOKS, type Settings } from '../../../src/config/profile/profile.ts';
import {
  openSettingsStore,
  readSettings,
  type BackingOptions,
} from '../../../src/config/settings/settings-file.ts';
import { until } from '../../house/fixtures/until.ts';

const settings: Settings = {
  schemaVersion: 1,
  profiles: [
    {
      id: 'default',
      name: 'default',
      protocol: 'entra',
      extraScopes: [],
      authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
      clientId: '11111111-2222-3333-4444-55555555abcd',
      redirectUri: 'http://localhost:5000/getAToken',
      scopes: ['User.Read'],
      schedule: { cron: '0 7 * * *', timeZone: 'Asia/Seoul' },
      continuousAccess: true,
      signIn: 'window',
    },
  ],
  defaultProfile: undefined,
  storage: 'auto',
  tokenFiles: [],
  extraCaFile: undefined,
  logLevel: 'info',
  network: 'system',
  loopback: false,
  shellCache: true,
  hooks: NO_HOOKS,
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

/** As in JSON: without undefined members. */
function written(value: Settings): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

function permissions(place: string): string {
  return (statSync(place).mode & 0o777).toString(8);
}

describe('reading the settings', () => {
  it('gives the file’s settings, even with a byte order mark', () => {
    write(`\uFEFF${JSON.stringify(settings)}`);
    expect(readSettings(file)).toEqual({ kind: 'ok', settings });
  });

  it('says that the file is absent', () => {
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

  it.each(['', '{"schemaVersion":1,', 'not json', '\0'.repeat(200), '\x89PNG\r\n'])(
    'sets aside what is not JSON: %j',
    (text) => {
      write(text);
      const setAsideAs = `${file}.corrupt-2026-11-22T08-15-30.123Z`;
      expect(readSettings(file, Date.UTC(2026, 10, 22, 8, 15, 30, 123))).toEqual({
        kind: 'unreadable',
        setAsideAs,
        reason: 'JSON',
      });
      expect(readFileSync(setAsideAs, 'utf8')).toBe(text);
      expect(readSettings(file)).toEqual({ kind: 'absent' });
    },
  );

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
    write(settings);
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
      ...written(settings),
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
    expect(stored()).toEqual(written(settings));
  });

  it('keeps a stored schedule that a newer rule refuses, so that everything else can be changed', async () => {
    const [first] = settings.profiles;
    const schedule = { cron: '*/90 * * * *', timeZone: 'UTC' };
    const older = { ...settings, profiles: [{ ...first, schedule }] };
    write(older);
    const store = await openSettingsStore(file);
    const read = store.get();
    if (read.kind !== 'ok') throw new Error(read.kind);
    const changed = { ...read.settings, logLevel: 'debug' } as const;
    store.check(changed);
    store.save(changed);
    expect(stored()).toMatchObject({ logLevel: 'debug', profiles: [{ schedule }] });
    const another = { cron: '*/91 * * * *', timeZone: 'UTC' };
    const worse = { ...changed, profiles: changed.profiles.map((one) => ({ ...one, schedule: another })) };
    expect(() => store.save(worse)).toThrow(/A step must be at most/u);
  });

  it('does not write over the settings of a newer version', async () => {
    const newer = { schemaVersion: 2, accounts: [] };
    write(newer);
    const store = await openSettingsStore(file);
    expect(() => store.save(settings)).toThrow(/version 1/u);
    expect(stored()).toEqual(newer);
  });

  it.each(['not json', '', '\0\0'])(
    'says where a file went that was spoilt, before opening and after: %j',
    async (text) => {
      write(text);
      const store = await openSettingsStore(file);
      expect(readFileSync(store.setAsideAs ?? '', 'utf8')).toBe(text);
      store.save(settings);
      expect(stored()).toEqual(written(settings));
      write(text);
      expect(() => store.save(settings)).toThrow(/was kept as/u);
      store.save(settings);
      expect(readdirSync(path.dirname(file)).filter((name) => name.includes('.corrupt-'))).toHaveLength(2);
    },
  );

  it.each(['[]', '7', '{"window":{"x":1}}', '{}'])(
    'does not write over what breaks a rule or is another program’s: %s',
    async (text) => {
      write(text);
      const store = await openSettingsStore(file);
      expect(() => store.save(settings)).toThrow(SettingsError);
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('is refused in words where a directory is in the file’s place', async () => {
    mkdirSync(file, { recursive: true });
    await expect(openSettingsStore(file)).rejects.toThrow(/It is a directory/u);
  });

  it('leaves nothing of a schedule of another kind, and keeps unknown keys of token files', async () => {
    const tokenFiles = [
      { path: '/run/t', profile: 'default', scopes: undefined, format: 'bare', owner: 'me' },
    ];
    write({ ...settings, tokenFiles });
    const schedule = { at: '07:00', timeZone: 'UTC' };
    const changed: Settings = {
      ...settings,
      profiles: settings.profiles.map((one) => ({ ...one, schedule })),
      tokenFiles: [{ path: '/run/t', profile: 'default', scopes: undefined, format: 'json' }],
    };
    const store = await openSettingsStore(file);
    store.save(changed);
    expect(store.get()).toEqual({ kind: 'ok', settings: changed });
    expect(stored()).toMatchObject({
      profiles: [{ schedule }],
      tokenFiles: [{ format: 'json', owner: 'me' }],
    });
  });

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

/** A full or read-only disk needs a separate mount, because file modes do not stop root. */
describe.skipIf(process.platform !== 'linux')('a disk that refuses (tmpfs)', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', directory]);
    mkdirSync(path.dirname(file), { mode: 0o700 });
  });
  afterEach(() => execFileSync('umount', [directory]));

  const changed: Settings = { ...settings, clipboardClearSeconds: 5 };

  it('because it is full leaves the settings as they were, without litter', async () => {
    const store = await openSettingsStore(file);
    store.save(settings);
    expect(() => writeFileSync(path.join(directory, 'ballast'), Buffer.alloc(100_000))).toThrow(/ENOSPC/u);
    expect(() => store.save(changed)).toThrow(/ENOSPC/u);
    expect(store.get()).toEqual({ kind: 'ok', settings });
    // conf removes its temporary file a moment after it has thrown.
    await until(() => expect(readdirSync(path.dirname(file))).toEqual(['settings.json']));
    rmSync(path.join(directory, 'ballast'));
    store.save(changed);
    expect(store.get()).toEqual({ kind: 'ok', settings: changed });
  });

  it('because it is read-only leaves the settings as they were', async () => {
    const store = await openSettingsStore(file);
    store.save(settings);
    execFileSync('mount', ['-o', 'remount,ro', directory]);
    expect(() => store.save(changed)).toThrow(/EROFS/u);
    expect((await openSettingsStore(file)).get()).toEqual({ kind: 'ok', settings });
  });
});
