import { problem, ProblemError } from '../agent/problem.ts';
import type { Places } from '../config/places.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Secret } from '../vault/secret.ts';
import type { StorageChoice } from '../vault/storage-choice.ts';
import { VaultError, type Vault } from '../vault/vault.ts';
import type { PassphraseUse } from './passphrase.ts';

const askPassphrase = async (use: PassphraseUse): Promise<Secret> =>
  (await import('./passphrase.ts')).askPassphrase(use);

/**
 * Opens the vault of a choice for a command.
 * @throws ProblemError `storage.unusable` for a file that cannot be used, a wrong key included
 */
export async function openStoredVault(storage: StorageChoice, places: Places): Promise<Vault> {
  try {
    return await openVault({
      storage,
      directory: places.vaultDirectory,
      serviceName: places.vaultService,
      askPassphrase,
    });
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new ProblemError(problem('storage', 'storage.unusable', { detail: error.message }));
  }
}
