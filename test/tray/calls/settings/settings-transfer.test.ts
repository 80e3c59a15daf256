import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SettingsError } from '../../../../src/config/rules/issue.ts';
import type { Settings } from '../../../../src/config/profile/profile.ts';
import { firstSettings, type Adoption } from '../../../../src/config/settings/registrations.ts';
import { settingsNow } from '../../../../src/tray/sessions/current-settings.ts';
import type { Acted } from '../../../../src/pages/bridge/contract.ts';
import { profile } from '../../../agent/fixtures/fixture.ts';

interface Box {
  readonly message: string;
  readonly detail: string;
  readonly defaultId: number;
}
const desktop = vi.hoisted(() => ({
  file: undefined as string | undefined,
  response: 1,
  asked: [] as Box[],
}));
vi.mock('electron', () => ({
  BrowserWindow: { getAllWindows: () => [] },
  dialog: {
    showOpenDialog: () =>
      Promise.resolve({
        canceled: desktop.file === undefined,
        filePaths: desktop.file === undefined ? [] : [desktop.file],
      }),
    showSaveDialog: () =>
      Promise.resolve({ canceled: desktop.file === undefined, filePath: desktop.file ?? '' }),
    showMessageBox: (box: Box) => {
      desktop.asked.push(box);
      return Promise.resolve({ response: desktop.response });
    },
  },
}));
const { exportToFile, importFromFile } =
  await import('../../../../src/tray/calls/settings/settings-transfer.ts');
const { confirmRemoval } = await import('../../../../src/tray/dialogs/removal.ts');

let directory: string;
let adopted: Adoption[];
let current: Settings;
const now = (): Settings => current;
const importFile = (): Promise<Acted> =>
  importFromFile(now, {
    adopt: (adoption) => {
      adopted.push(adoption);
      return Promise.resolve();
    },
  });

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'settings-transfer-'));
  desktop.file = path.join(directory, 'settings.json');
  desktop.response = 1;
  desktop.asked = [];
  adopted = [];
  current = firstSettings;
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Writes an export of another machine. */
async function exported(settings: Partial<Settings>): Promise<void> {
  await exportToFile(() => ({ ...firstSettings, ...settings }));
}

describe('an export', () => {
  test('is a file that only its user can read', async () => {
    const acted = await exportToFile(() => ({ ...firstSettings, profiles: [profile] }));
    expect(acted).toMatchObject({ said: expect.stringContaining(desktop.file!) as string });
    expect(JSON.parse(readFileSync(desktop.file!, 'utf8'))).toMatchObject({ profiles: [{ id: 'default' }] });
    expect(statSync(desktop.file!).mode & 0o777).toBe(0o600);
  });

  test('does not touch neighboring files, and keeps a link a link', async () => {
    const target = path.join(directory, 'elsewhere.json');
    const neighbours = [`${desktop.file!}.new`, `${target}.new`];
    for (const file of [target, ...neighbours]) writeFileSync(file, 'mine');
    symlinkSync(target, desktop.file!);
    await exportToFile(now);
    expect(lstatSync(desktop.file!).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain('tokentray-settings');
    expect(neighbours.map((file) => readFileSync(file, 'utf8'))).toEqual(['mine', 'mine']);
    expect(readdirSync(directory)).toHaveLength(4);
  });

  test('of an unusable settings file is refused before the file dialog, and writes nothing', async () => {
    const settingsFile = path.join(directory, 'tokentray', 'settings.json');
    mkdirSync(path.dirname(settingsFile));
    const configured = { source: 'stored', settings: firstSettings } as const;
    for (const text of ['{ "half', JSON.stringify({ ...firstSettings, profiles: [{ id: 'default' }] })]) {
      writeFileSync(settingsFile, text);
      const found = settingsNow({ settingsFile }, configured);
      expect(found).toMatchObject({
        trouble: expect.any(SettingsError) as SettingsError,
        settings: firstSettings,
      });
      const current = (): never => {
        throw found.trouble ?? new Error('it is usable');
      };
      await expect(exportToFile(current)).rejects.toBeInstanceOf(SettingsError);
      // Reading does not set the file aside.
      expect(readFileSync(settingsFile, 'utf8')).toBe(text);
    }
    expect(readdirSync(directory)).toEqual(['tokentray']);
    rmSync(settingsFile);
    expect(settingsNow({ settingsFile }, configured)).toMatchObject({ trouble: undefined });
    mkdirSync(settingsFile);
    expect(settingsNow({ settingsFile }, configured).trouble).toBeInstanceOf(SettingsError);
  });

  test('that is cancelled says nothing', async () => {
    desktop.file = undefined;
    expect(await exportToFile(now)).toEqual({ kind: 'done' });
  });
});

describe('an import', () => {
  test('of profiles asks nothing: without a secret and a sign-in they have no effect', async () => {
    await exported({ profiles: [profile] });
    expect(await importFile()).toMatchObject({
      kind: 'done',
      said: expect.stringMatching(/^Imported\. /u) as string,
    });
    expect(adopted).toMatchObject([{ before: current, settings: { profiles: [{ id: 'default' }] } }]);
    expect(desktop.asked).toEqual([]);
  });

  test('of settings that give access to tokens asks, with “no” as the default, and changes nothing if refused', async () => {
    await exported({ profiles: [profile], loopback: true });
    expect(await importFile()).toMatchObject({ said: 'Nothing was imported.' });
    expect(desktop.asked).toMatchObject([{ defaultId: 1 }]);
    expect(adopted).toEqual([]);
    desktop.response = 0;
    await importFile();
    expect(adopted).toMatchObject([{ settings: { loopback: true } }]);
  });

  test('of a hook alone asks, and imports it', async () => {
    const hooks = { ...firstSettings.hooks, failed: ['/bin/true', '1'] };
    await exported({ hooks });
    desktop.response = 0;
    expect(await importFile()).toMatchObject({
      said: expect.stringContaining('"/bin/true" "1"') as string,
    });
    expect(desktop.asked).toMatchObject([{ detail: expect.stringContaining('"/bin/true" "1"') as string }]);
    expect(adopted).toMatchObject([{ settings: { hooks } }]);
  });

  test('of settings that are already set does nothing', async () => {
    current = { ...firstSettings, profiles: [profile] };
    await exported({ profiles: [profile] });
    expect(await importFile()).toMatchObject({
      said: expect.stringContaining('the settings are already the same') as string,
    });
    expect(adopted).toEqual([]);
  });

  test.each([
    ['invalid JSON', 'CLIENT_ID=x'],
    ['another program’s contents', '{"profiles":[]}'],
    ['an invalid setting', '{"kind":"tokentray-settings","schemaVersion":1,"profiles":[{"id":"default"}]}'],
    ['too much data', ' '.repeat(1_100_000)],
  ])('of a file with %s is refused, naming the file', async (_what, text) => {
    writeFileSync(desktop.file!, text);
    await expect(importFile()).rejects.toMatchObject({
      problem: { code: 'settings-tray.import', params: { file: 'settings.json' } },
    });
    expect([adopted, desktop.asked]).toEqual([[], []]);
  });

  test('of a missing file is refused, and a cancelled one does nothing', async () => {
    desktop.file = path.join(directory, 'gone.json');
    await expect(importFile()).rejects.toMatchObject({ problem: { code: 'settings-tray.import' } });
    desktop.file = undefined;
    expect(await importFile()).toEqual({ kind: 'done' });
  });

  test('does not ask for a file if this run stores nothing', async () => {
    await expect(importFromFile(now, undefined)).rejects.toMatchObject({
      problem: { code: 'profile.not-kept' },
    });
  });
});

describe('the question before a removal', () => {
  const files: Settings['tokenFiles'] = [
    { path: '/home/ada/token', profile: 'default', scopes: undefined, format: 'bare' },
    { path: '/home/ada/other', profile: 'work', scopes: undefined, format: 'bare' },
  ];

  test('names the profile and its token files, and “no” is the default', async () => {
    const set = { profiles: [{ ...profile, name: 'Home' }], tokenFiles: files };
    expect(await confirmRemoval('default', set)).toBe('no');
    const [{ message, detail, defaultId }] = desktop.asked as [Box];
    expect([message, defaultId]).toEqual(['Remove the profile “Home”?', 1]);
    expect(detail).toContain('/home/ada/token');
    expect(detail).not.toContain('/home/ada/other');
    desktop.response = 0;
    expect(await confirmRemoval('default', set)).toBe('yes');
  });

  test('is not asked about a profile that was removed', async () => {
    expect(await confirmRemoval('gone', { profiles: [profile], tokenFiles: files })).toBe('yes');
    expect(desktop.asked).toEqual([]);
  });
});
