import { RecoveringVault } from './store/recovering-vault.ts';
import { openStoreOfSystem, type SystemStoreOptions } from './system-store/system-store.ts';
import { memoryVault } from './store/memory-vault.ts';
import type { StorageChoice } from './store/storage-choice.ts';
import type { KeyOptions } from './file-store/file-key.ts';
import { storeVault } from './store/store-vault.ts';
import { silent, unavailableBecause } from './store/unavailable.ts';
import { withinLimit } from '../system/limit.ts';
import type { Vault } from './store/vault.ts';

export interface OpenVaultOptions extends SystemStoreOptions, KeyOptions {
  readonly storage: StorageChoice;
  /** How long the store's self-test may take, and each later call. Milliseconds. */
  readonly openLimitMs?: number;
  readonly callLimitMs?: number;
  /** Milliseconds on a clock that never jumps, for the duration of attempts and the time of the next one. */
  readonly elapsed?: () => number;
}

/**
 * The self-test takes about 20 ms; a keyring that D-Bus has to start takes up to a second. Three seconds without an
 * answer mean that a prompt is waiting for the user, and the start must not wait for it.
 */
const OPEN_LIMIT_MS = 3000;

/**
 * Opens the chosen vault.
 *
 * `auto`: the operating system's store if it passes a test of writing, reading and deleting; otherwise a vault in
 * memory, whose `unavailable` says why, and which switches to the store as soon as that can be used (see
 * {@link Vault.retry}). Never rejects, and never takes longer than the limit.
 *
 * Files, encrypted or plain, were chosen explicitly: if they cannot be used (which includes a wrong key), this rejects
 * with `VaultError`, and nothing is read from or written to anywhere else instead.
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const { storage } = options;
  switch (storage) {
    case 'memory':
      return memoryVault();
    case 'auto':
      return openSystemVault(options);
    case 'plain-file':
      return (await import('./file-store/open-file-vault.ts')).openPlainVault(options);
    default:
      return (await import('./file-store/open-file-vault.ts')).openEncryptedVault({
        ...options,
        key: storage.key,
      });
  }
}

async function openSystemVault(options: OpenVaultOptions): Promise<Vault> {
  const { openLimitMs: limitMs = OPEN_LIMIT_MS, elapsed = () => performance.now() } = options;
  const open = async (): Promise<Vault> => storeVault(await openStoreOfSystem(options), options.callLimitMs);
  const startedAt = elapsed();
  const outcome = open();
  try {
    return await withinLimit(outcome, limitMs, () => silent(limitMs));
  } catch (error) {
    const parts = { open, elapsed, limitMs };
    return new RecoveringVault(parts, { startedAt, outcome }, unavailableBecause(error));
  }
}
