import { mkdir } from 'node:fs/promises';
import { dpapiStore } from './dpapi-store.ts';
import { keyringStore } from './keyring-store.ts';
import { reachableStore } from './reachable-store.ts';
import { selfTest } from '../store/self-test.ts';
import type { Extensions, Store } from '../store/store.ts';
import { asVaultError, UnusableStore } from '../store/unavailable.ts';

/** Where the operating system's store keeps the items, and its parts. */
export interface SystemStoreOptions {
  /** A private directory (0700) for the vault's files; created if missing. */
  readonly directory: string;
  readonly platform?: NodeJS.Platform;
  /** Imported only for the operating system's store, because the import throws if libsecret or keytar's binary is missing. */
  readonly loadExtensions?: () => Promise<Extensions>;
  /**
   * An item that usually exists. If it can be read, the store works, and the self-test, which takes longer than the rest
   * of the opening, is skipped.
   */
  readonly provenBy?: string;
  /** The service name of our keyring items; tests use their own. */
  readonly serviceName?: string;
  /** The built entry of the process that talks to the Secret Service when this one has lost its connection. */
  readonly keyringProcess?: URL;
}

/**
 * Opens and tests the operating system's store. Rejects with `UnusableStore` or with the store's error; may hang for as
 * long as a prompt is open.
 */
export async function openStoreOfSystem(options: SystemStoreOptions): Promise<Store> {
  const extensions = await loadExtensions(options);
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const store = storeOf(extensions, options);
  if (options.provenBy === undefined || (await store.get(options.provenBy)) === undefined) {
    await selfTest(store);
  }
  return store;
}

async function loadExtensions(options: SystemStoreOptions): Promise<Extensions> {
  const load = options.loadExtensions ?? (() => import('./extensions.ts'));
  try {
    return await load();
  } catch (error) {
    // keytar's own message lists paths and does not say that libsecret may be missing.
    const reason = asVaultError(error).message;
    throw reason.includes('keytar')
      ? new UnusableStore('absent', 'libsecret or the keytar add-on is not installed')
      : error;
  }
}

function storeOf(extensions: Extensions, options: SystemStoreOptions): Store {
  const { directory, serviceName = 'tokentray', platform = process.platform } = options;
  if (platform === 'win32') return dpapiStore(extensions, directory);
  if (platform === 'darwin') {
    return keyringStore(extensions, { backend: 'keychain', directory, serviceName });
  }
  const place = { backend: 'secret-service', directory, serviceName } as const;
  return reachableStore(keyringStore(extensions, place), place, options.keyringProcess);
}
