import { mkdir } from 'node:fs/promises';
import { dpapiStore } from './dpapi-store.ts';
import { keyringStore } from './keyring-store.ts';
import { withinLimit } from './limit.ts';
import { memoryVault } from './memory-vault.ts';
import { selfTest } from './self-test.ts';
import type { Extensions, Store } from './store.ts';
import { asVaultError, systemVault } from './system-vault.ts';
import { VaultError, type Vault } from './vault.ts';

/** What {@link openVault} is told. */
export interface OpenVaultOptions {
  /** `auto`: the OS's store, or memory where it cannot be used. */
  readonly storage: 'auto' | 'memory';
  /** A directory of the user's own (0700) for marker and DPAPI files; made if it is not there. */
  readonly directory: string;
  readonly platform?: NodeJS.Platform;
  /** Imported only when the OS's store is wanted: it throws where libsecret or keytar's binary is missing. */
  readonly loadExtensions?: () => Promise<Extensions>;
  /**
   * An item that is usually there. Where it can be read the store has proved itself, and the self-test,
   * which costs more than the rest of the opening, is left out.
   */
  readonly provenBy?: string;
  /** What the items are filed under in the keyring; tests use one of their own. */
  readonly serviceName?: string;
  /** How long the store may take to prove itself, and how long each later call may take. Milliseconds. */
  readonly openLimitMs?: number;
  readonly callLimitMs?: number;
}

/**
 * The self-test takes some 20 ms; a keyring that is being started by D-Bus takes up to a second. Three
 * seconds without an answer mean a prompt that waits for somebody, and the start must not wait with it.
 */
const OPEN_LIMIT_MS = 3000;

/**
 * Opens the OS's store if it proves itself by a write, a read and a deletion, or else a vault in memory
 * whose `unavailable` says why. Never rejects, and never takes longer than the limit; a store that
 * answers later than that is not used until the next start.
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  if (options.storage === 'memory') return memoryVault();
  const limitMs = options.openLimitMs ?? OPEN_LIMIT_MS;
  try {
    const store = await withinLimit(
      openStore(options),
      limitMs,
      () => new VaultError(`no answer within ${limitMs / 1000} s; perhaps a prompt waits to be answered`),
    );
    return systemVault(store, options.callLimitMs);
  } catch (error) {
    return memoryVault(asVaultError(error).message);
  }
}

async function openStore(options: OpenVaultOptions): Promise<Store> {
  const { directory, serviceName = 'tokentray', platform = process.platform } = options;
  const extensions = await loadExtensions(options);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const store = storeOf(platform, extensions, { directory, serviceName });
  // Reading what is not there tests the store by itself: see keyring-store.ts.
  if (options.provenBy === undefined || (await store.get(options.provenBy)) === undefined)
    await selfTest(store);
  return store;
}

async function loadExtensions(options: OpenVaultOptions): Promise<Extensions> {
  const load = options.loadExtensions ?? (() => import('./extensions.ts'));
  try {
    return await load();
  } catch (error) {
    // keytar's own message lists paths and hides that libsecret may be what is missing.
    const reason = asVaultError(error).message;
    throw new VaultError(
      reason.includes('keytar') ? 'libsecret or the keytar add-on is not installed' : reason,
    );
  }
}

function storeOf(
  platform: NodeJS.Platform,
  extensions: Extensions,
  place: { readonly directory: string; readonly serviceName: string },
): Store {
  if (platform === 'win32') return dpapiStore(extensions, place.directory);
  return keyringStore(extensions, {
    ...place,
    backend: platform === 'darwin' ? 'keychain' : 'secret-service',
  });
}
