import { mkdir } from 'node:fs/promises';
import { dpapiStore } from './dpapi-store.ts';
import { keyringStore } from './keyring-store.ts';
import { reachableStore } from './reachable-store.ts';
import { selfTest } from '../store/self-test.ts';
import type { Extensions, Store } from '../store/store.ts';
import { asVaultError, UnusableStore } from '../store/unavailable.ts';

/** Where the OS's store keeps the items, and what it is made of. */
export interface SystemStoreOptions {
  /** A directory of the user's own (0700) for the vault's files; made if it is not there. */
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
  /** The built entry of the process that speaks to the Secret Service when this one has lost it. */
  readonly keyringProcess?: URL;
}

/**
 * Opens the OS's store and lets it prove itself. Rejects with `UnusableStore` or with what the store said;
 * may hang for as long as a prompt is open.
 */
export async function openStoreOfSystem(options: SystemStoreOptions): Promise<Store> {
  const extensions = await loadExtensions(options);
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const store = storeOf(extensions, options);
  // Reading what is not there tests the store by itself: see keyring-store.ts.
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
    // keytar's own message lists paths and hides that libsecret may be what is missing.
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
