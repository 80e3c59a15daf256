import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { problem, ProblemError } from '../agent/problem.ts';
import { storageProblem } from '../agent/storage-problem.ts';
import { lastGoodItem } from '../agent/stored-session.ts';
import { credentialItem } from '../config/credential.ts';
import type { Places } from '../config/places.ts';
import type { Settings } from '../config/profile.ts';
import { firstSettings } from '../config/registrations.ts';
import { openSettingsStore, type SettingsStore } from '../config/settings-file.ts';
import { makeKeyFile } from '../vault/file-key.ts';
import { moveItems } from '../vault/move-items.ts';
import { forgetUnusedKey } from '../vault/open-file-vault.ts';
import type { StorageChoice } from '../vault/storage-choice.ts';
import { VaultError, type Vault } from '../vault/vault.ts';
import { usableSettings } from './settings-look.ts';
import { openStoredVault } from './stored-vault.ts';

/** What became of what was stored. */
export interface Switched {
  /**
   * `nothing`: there was nothing to move, or old and new place are the same. `deleted`: the new place keeps
   * nothing. `unreadable`: the old place is not on this machine now; whatever it holds is still there.
   */
  readonly moved: 'moved' | 'nothing' | 'deleted' | 'unreadable';
  /** The key file that was made because it was missing. */
  readonly keyFileMade?: string;
}

/** The choice as it can be stored: a key file is named by its full path. */
export function fullPaths(choice: StorageChoice): StorageChoice {
  if (typeof choice === 'string' || choice.key.kind !== 'key-file') return choice;
  return { ...choice, key: { ...choice.key, path: path.resolve(choice.key.path) } };
}

/**
 * Moves every item of every profile to the place of the choice, verified, and writes the choice to the
 * settings. The caller owns the configuration. Nothing has changed when it rejects.
 * @throws ProblemError `storage.*`, `settings.unusable`
 */
export async function switchStorage(choice: StorageChoice, places: Places): Promise<Switched> {
  const settings = usableSettings(places.settingsFile) ?? firstSettings;
  const keyFileMade = await makeMissingKey(choice);
  const from = await openStoredVault(settings.storage, places);
  const to = await openStoredVault(choice, places);
  if (to.unavailable !== undefined) throw new ProblemError(storageProblem(to.unavailable));
  const store = await openSettingsStore(places.settingsFile);
  const moved = await move({ from, to, settings: { ...settings, storage: choice }, store });
  if (from.backend === 'encrypted-file' && to.backend !== 'encrypted-file') {
    await forgetUnusedKey(places.vaultDirectory).catch(refuse);
  }
  return keyFileMade === undefined ? { moved } : { moved, keyFileMade };
}

async function move(parts: {
  readonly from: Vault;
  readonly to: Vault;
  readonly settings: Settings;
  readonly store: SettingsStore;
}): Promise<Switched['moved']> {
  const { from, to, settings, store } = parts;
  const { unavailable } = from;
  const names = settings.profiles.flatMap(itemsOf);
  if (names.length === 0 || (unavailable === undefined && from.backend === to.backend)) {
    store.save(settings);
    return 'nothing';
  }
  // What is locked or silent may hold a session; what is absent cannot be read here, and never will be.
  if (unavailable !== undefined && unavailable.kind !== 'absent') {
    throw new ProblemError(storageProblem(unavailable));
  }
  if (unavailable !== undefined) {
    store.save(settings);
    return 'unreadable';
  }
  await moved(from, to, names);
  try {
    store.save(settings);
  } catch (error) {
    await moved(to, from, names);
    throw error;
  }
  return to.backend === 'memory' ? 'deleted' : 'moved';
}

/** Everything that is stored of a profile. */
function itemsOf(profile: Settings['profiles'][number]): readonly string[] {
  return [credentialItem(profile), lastGoodItem(profile), `${profile.id}/msal-cache`];
}

async function moved(from: Vault, to: Vault, names: readonly string[]): Promise<void> {
  await moveItems(from, to, names).catch(refuse);
}

async function makeMissingKey(choice: StorageChoice): Promise<string | undefined> {
  if (typeof choice === 'string' || choice.key.kind !== 'key-file') return undefined;
  const { path: file } = choice.key;
  if (existsSync(file)) return undefined;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await makeKeyFile(file).catch(refuse);
  return file;
}

/** For `.catch()`: the vault's error as a problem of the storage. */
function refuse(error: unknown): never {
  if (!(error instanceof VaultError)) throw error;
  throw new ProblemError(problem('storage', 'storage.unusable', { detail: error.message }));
}
