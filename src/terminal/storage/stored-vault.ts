import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import { openVault } from '../../vault/open-vault.ts';
import type { Secret } from '../../system/secret.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { VaultError, type Vault } from '../../vault/store/vault.ts';
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
