import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { problem, ProblemError } from '../../words/problem.ts';
import { storageProblem } from '../../agent/failures/storage-problem.ts';
import { sessionItems } from '../../agent/session/stored-session.ts';
import { credentialItem } from '../../config/credential/credential.ts';
import type { Places } from '../../system/places.ts';
import type { Settings } from '../../config/profile/profile.ts';
import { openSettingsStore, type SettingsStore } from '../../config/settings/settings-file.ts';
import { makeKeyFile } from '../../vault/file-store/file-key.ts';
import { copyItems, removeItems } from '../../vault/move-items.ts';
import { forgetUnusedKey, hasEncryptedItems } from '../../vault/file-store/open-file-vault.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { VaultError, type Vault } from '../../vault/store/vault.ts';
import { usableSettings } from '../configuration/settings.ts';
import { openStoredVault, storageUnusable } from '../configuration/vault.ts';

/**
 * What happened to the stored items. `nothing`: there was nothing to move, or the old and the new place are the same.
 * `deleted`: the new place keeps nothing. `unreadable`: the old place is not available on this machine; what it
 * contains is still there. `copied`: the new place is in use, and the old one still contains items that it could not
 * remove; `detail` says why.
 */
type Moved =
  | { readonly moved: 'moved' | 'nothing' | 'deleted' | 'unreadable' }
  | { readonly moved: 'copied'; readonly detail: string };

/** What a switch did. */
export type Switched = Moved & {
  /** The key file that was created because it was missing. */
  readonly keyFileMade?: string;
};

/** The choice as it is stored, with the full path of a key file. */
export function fullPaths(choice: StorageChoice): StorageChoice {
  if (typeof choice === 'string' || choice.key.kind !== 'key-file') return choice;
  return { ...choice, key: { ...choice.key, path: path.resolve(choice.key.path) } };
}

/**
 * Copies every item of every profile to the chosen place, verifies the copies, writes the choice to the settings, and
 * only then removes the originals. The caller owns the configuration. If this rejects, nothing has changed; if the
 * process is killed, the place that the settings name is complete.
 * @throws ProblemError `storage.*`, `settings.unusable`
 */
export async function switchStorage(choice: StorageChoice, places: Places): Promise<Switched> {
  const settings = usableSettings(places);
  await refuseSecondKey(settings.storage, choice, places);
  const keyFileMade = await makeMissingKey(choice);
  try {
    const from = await openStoredVault(settings.storage, places);
    const to = await openStoredVault(choice, places);
    if (to.unavailable !== undefined) throw new ProblemError(storageProblem(to.unavailable));
    const store = await openSettingsStore(places.settingsFile);
    const parts = { from, to, settings: { ...settings, storage: choice }, store };
    const moved = await move(parts, places.vaultDirectory);
    return keyFileMade === undefined ? moved : { ...moved, keyFileMade };
  } catch (error) {
    // Nothing is encrypted with it yet: a switch rejects before the settings name it.
    if (keyFileMade !== undefined) await rm(keyFileMade, { force: true });
    throw error;
  }
}

/** All files of a directory share one key. Checked before a new one is created or asked for. */
async function refuseSecondKey(
  before: StorageChoice,
  choice: StorageChoice,
  { vaultDirectory }: Places,
): Promise<void> {
  if (typeof before === 'string' || typeof choice === 'string') return;
  if (isDeepStrictEqual(before.key, choice.key)) return;
  // The same key may have another path or name. One that is still to be created or typed is a different key.
  const { key } = choice;
  const isOther =
    key.kind === 'passphrase' ||
    before.key.kind === 'passphrase' ||
    (key.kind === 'key-file' && !existsSync(key.path));
  if (isOther && (await hasEncryptedItems(vaultDirectory).catch(storageUnusable))) {
    throw new ProblemError(problem('storage', 'storage.another-key', { directory: vaultDirectory }));
  }
}

interface Move {
  readonly from: Vault;
  readonly to: Vault;
  readonly settings: Settings;
  readonly store: SettingsStore;
}

async function move({ from, to, settings, store }: Move, vaultDirectory: string): Promise<Moved> {
  const { unavailable } = from;
  const names = settings.profiles.flatMap(itemsOf);
  if (unavailable === undefined && (names.length === 0 || from.backend === to.backend)) {
    store.save(settings);
    const refusal = await forgetKey(from, to, vaultDirectory);
    return refusal === undefined ? { moved: 'nothing' } : { moved: 'copied', detail: refusal.message };
  }
  // A locked or silent place may contain a session; an absent one will never be readable here.
  if (names.length > 0 && unavailable !== undefined && unavailable.kind !== 'absent') {
    throw new ProblemError(storageProblem(unavailable));
  }
  if (unavailable !== undefined) {
    store.save(settings);
    return { moved: names.length === 0 ? 'nothing' : 'unreadable' };
  }
  const copied = await copyItems(from, to, names).catch(storageUnusable);
  try {
    store.save(settings);
  } catch (error) {
    await removeItems(to, copied);
    throw error;
  }
  // From here on the new place is in use, whatever happens to the old one.
  const refusal = (await removeItems(from, names)) ?? (await forgetKey(from, to, vaultDirectory));
  if (refusal !== undefined) return { moved: 'copied', detail: refusal.message };
  if (copied.length === 0) return { moved: 'nothing' };
  return { moved: to.backend === 'memory' ? 'deleted' : 'moved' };
}

/** Without items, the record of their key is useless. */
async function forgetKey(from: Vault, to: Vault, vaultDirectory: string): Promise<VaultError | undefined> {
  if (from.backend !== 'encrypted-file' || to.backend === 'encrypted-file') return undefined;
  try {
    await forgetUnusedKey(vaultDirectory);
    return undefined;
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
}

/** The names of everything stored for a profile. */
function itemsOf(profile: Settings['profiles'][number]): readonly string[] {
  return [credentialItem(profile), ...sessionItems(profile)];
}

async function makeMissingKey(choice: StorageChoice): Promise<string | undefined> {
  if (typeof choice === 'string' || choice.key.kind !== 'key-file') return undefined;
  const { path: file } = choice.key;
  if (existsSync(file)) return undefined;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await makeKeyFile(file).catch(storageUnusable);
  return file;
}
