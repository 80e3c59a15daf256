import type { Places } from '../../system/places.ts';
import { openVault } from '../../vault/open-vault.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { VaultError, type Vault } from '../../vault/store/vault.ts';
import { problem, ProblemError } from '../../words/problem.ts';

/**
 * Opens the vault of a choice for a command.
 * @throws ProblemError `storage.unusable` if a file cannot be used, or its key is wrong
 */
export function openStoredVault(storage: StorageChoice, places: Places): Promise<Vault> {
  return openVault({
    storage,
    directory: places.vaultDirectory,
    serviceName: places.vaultService,
    askPassphrase: async (use) => (await import('./passphrase.ts')).askPassphrase(use),
  }).catch(storageUnusable);
}

/** For `.catch()`: the vault's error as a problem. */
export function storageUnusable(error: unknown): never {
  if (!(error instanceof VaultError)) throw error;
  throw new ProblemError(problem('storage', 'storage.unusable', { detail: error.message }));
}
