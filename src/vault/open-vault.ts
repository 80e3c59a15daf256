import { RecoveringVault } from './store/recovering-vault.ts';
import { openStoreOfSystem, type SystemStoreOptions } from './system-store/system-store.ts';
import { memoryVault } from './store/memory-vault.ts';
import type { StorageChoice } from './store/storage-choice.ts';
import type { KeyOptions } from './file-store/file-key.ts';
import { storeVault } from './store/store-vault.ts';
import { silent, unavailableBecause } from './store/unavailable.ts';
import { withinLimit } from '../system/limit.ts';
import type { Vault } from './store/vault.ts';

/** What {@link openVault} is told. */
export interface OpenVaultOptions extends SystemStoreOptions, KeyOptions {
  readonly storage: StorageChoice;
  /** How long the store may take to prove itself, and how long each later call may take. Milliseconds. */
  readonly openLimitMs?: number;
  readonly callLimitMs?: number;
  /** Milliseconds on a clock that never jumps: what attempts took, and when the next one is due. */
  readonly elapsed?: () => number;
}

/**
 * The self-test takes some 20 ms; a keyring that is being started by D-Bus takes up to a second. Three
 * seconds without an answer mean a prompt that waits for somebody, and the start must not wait with it.
 */
const OPEN_LIMIT_MS = 3000;

/**
 * Opens the vault of a choice.
 *
 * `auto`: the OS's store if it proves itself by a write, a read and a deletion; otherwise a vault that works
 * in memory, whose `unavailable` says why, and which becomes the store's as soon as that can be used (see
 * {@link Vault.retry}). Never rejects, and never takes longer than the limit.
 *
 * Files, encrypted or plain, were chosen explicitly: where they cannot be used, a wrong key included, this
 * rejects with `VaultError`, and nothing is read, written or kept anywhere else instead.
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
