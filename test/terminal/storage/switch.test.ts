import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { places, thisMachine, type Places } from '../../../src/system/places.ts';
import { firstSettings } from '../../../src/config/settings/registrations.ts';
import type * as SettingsFile from '../../../src/config/settings/settings-file.ts';
import { switchStorage } from '../../../src/terminal/storage/switch.ts';
import { openStoredVault } from '../../../src/terminal/configuration/vault.ts';
import type { StorageChoice } from '../../../src/vault/store/storage-choice.ts';
import { profile } from '../../agent/fixtures/fixture.ts';

/** Replaces the saving of the settings, if set. */
let atSave: (() => void) | undefined;

vi.mock('../../../src/config/settings/settings-file.ts', async (original) => {
  const real = await original<typeof SettingsFile>();
  return {
    ...real,
    openSettingsStore: async (file: string): Promise<SettingsFile.SettingsStore> => {
      const store = await real.openSettingsStore(file);
      return {
        ...store,
        save: (settings) => {
          if (atSave === undefined) store.save(settings);
          else atSave();
        },
      };
    },
  };
});

const ITEMS = {
  [`${profile.id}/credential`]: 'the secret',
  [`${profile.id}/msal-cache`]: 'the cache',
  [`${profile.id}/last-good`]: 'the tokens',
};

let home: string;
let found: Places;
let keyFile: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'tokentray-switch-'));
  found = places({ ...thisMachine(), env: { ...process.env, TOKENTRAY_HOME: home } });
  keyFile = path.join(home, 'keys', 'key');
  expect((await switchStorage('plain-file', found)).moved).toBe('nothing');
  const settings = {
    ...firstSettings,
    storage: 'plain-file',
    profiles: [profile],
    defaultProfile: profile.id,
  };
  writeFileSync(found.settingsFile, JSON.stringify(settings));
  await fill('plain-file');
});
afterEach(async () => {
  atSave = undefined;
  await rm(home, { recursive: true });
});

const encrypted = (file = keyFile): StorageChoice => ({
  kind: 'encrypted-file',
  key: { kind: 'key-file', path: file },
});

async function fill(storage: StorageChoice): Promise<void> {
  const vault = await openStoredVault(storage, found);
  for (const [name, text] of Object.entries(ITEMS)) await vault.item(name).save(text);
}

async function contents(storage: StorageChoice): Promise<Record<string, string>> {
  const vault = await openStoredVault(storage, found);
  const all = Object.keys(ITEMS).map(async (name) => [name, await vault.item(name).load()] as const);
  return Object.fromEntries((await Promise.all(all)).filter((one) => one[1] !== undefined)) as Record<
    string,
    string
  >;
}

const chosen = (): unknown =>
  (JSON.parse(readFileSync(found.settingsFile, 'utf8')) as { storage: unknown }).storage;

const files = (ending: string): number =>
  readdirSync(found.vaultDirectory).filter((name) => name.endsWith(ending)).length;

test('everything is moved, and nothing is left in the old place', async () => {
  expect(await switchStorage(encrypted(), found)).toEqual({ moved: 'moved', keyFileMade: keyFile });
  expect(await contents(encrypted())).toEqual(ITEMS);
  expect(files('.plain')).toBe(0);
  expect(chosen()).toEqual(encrypted());
});

test('when the settings are written, both places contain everything', async () => {
  let seen: unknown;
  atSave = () => {
    seen = [files('.plain'), files('.sealed')];
    throw new Error('the power is cut');
  };
  await expect(switchStorage(encrypted(), found)).rejects.toThrow('the power is cut');
  expect(seen).toEqual([3, 3]);
});

test('if the settings cannot be written, nothing changes, and the new key is removed', async () => {
  atSave = () => {
    throw new Error('disk full');
  };
  await expect(switchStorage(encrypted(), found)).rejects.toThrow('disk full');
  expect(await contents('plain-file')).toEqual(ITEMS);
  expect(files('.sealed')).toBe(0);
  expect(existsSync(keyFile)).toBe(false);
  expect(chosen()).toBe('plain-file');
  atSave = undefined;
  expect((await switchStorage(encrypted(), found)).moved).toBe('moved');
  expect(await contents(encrypted())).toEqual(ITEMS);
});

test('an empty place in the settings does not empty the chosen place', async () => {
  await switchStorage(encrypted(), found);
  const settings = JSON.parse(readFileSync(found.settingsFile, 'utf8')) as object;
  // As with a settings file from a backup.
  writeFileSync(found.settingsFile, JSON.stringify({ ...settings, storage: 'plain-file' }));
  expect((await switchStorage(encrypted(), found)).moved).toBe('nothing');
  expect(await contents(encrypted())).toEqual(ITEMS);
});

test('a second key is refused with the next step, and is not created', async () => {
  await switchStorage(encrypted(), found);
  const second = path.join(home, 'keys', 'second');
  await expect(switchStorage(encrypted(second), found)).rejects.toMatchObject({
    problem: { code: 'storage.another-key', params: { directory: found.vaultDirectory } },
  });
  await expect(
    switchStorage({ kind: 'encrypted-file', key: { kind: 'passphrase' } }, found),
  ).rejects.toMatchObject({ problem: { code: 'storage.another-key' } });
  expect(existsSync(second)).toBe(false);
  expect(chosen()).toEqual(encrypted());
  expect((await switchStorage('plain-file', found)).moved).toBe('moved');
  expect((await switchStorage(encrypted(second), found)).keyFileMade).toBe(second);
  expect(await contents(encrypted(second))).toEqual(ITEMS);
});

test('a systemd credential in a shell: the refusal names the command that can read it', async () => {
  vi.stubEnv('CREDENTIALS_DIRECTORY', '');
  const choice: StorageChoice = {
    kind: 'encrypted-file',
    key: { kind: 'systemd-credential', name: 'vault' },
  };
  try {
    await expect(switchStorage(choice, found)).rejects.toMatchObject({
      problem: {
        params: {
          detail: expect.stringContaining(
            'systemd-run --user --pipe --wait -p LoadCredential=vault:/PATH tokentray storage encrypted-file --systemd-credential vault',
          ) as string,
        },
      },
    });
  } finally {
    vi.unstubAllEnvs();
  }
});
