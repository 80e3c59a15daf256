import { join } from 'node:path';
import { selfTest } from '../store/self-test.ts';
import { fileNameOf, type Extensions, type Persistence, type Store } from '../store/store.ts';

/** The place of an application's items. */
export interface KeyringPlace {
  readonly backend: 'secret-service' | 'keychain';
  /** The service name of the items, which Seahorse and Keychain Access show. */
  readonly serviceName: string;
  /** The package requires a file for each item to date its changes; it contains only `{}`. */
  readonly directory: string;
}

/**
 * GNOME Keyring, KWallet or the macOS Keychain, through msal-node-extensions.
 *
 * A save is one call to the store, which replaces the whole item. The marker file is written afterwards, so a crash in
 * between leaves the new content and an old marker, which we never read. A removal deletes the marker first: after a
 * crash in between the content is still there, so the removal has not happened.
 */
export function keyringStore(extensions: Extensions, place: KeyringPlace): Store {
  const made = new Map<string, Promise<Persistence>>();
  const kind =
    place.backend === 'keychain' ? extensions.KeychainPersistence : extensions.LibSecretPersistence;

  function persistence(name: string): Promise<Persistence> {
    const known = made.get(name);
    if (known) return known;
    const file = join(place.directory, `${fileNameOf(name)}.marker`);
    const created = kind.create(file, place.serviceName, name);
    made.set(name, created);
    // A directory that could not be written to may be usable next time.
    created.catch(() => made.delete(name));
    return created;
  }

  /**
   * For a locked item whose prompt is not answered, libsecret gives no error but “nothing”: `null` for a load, `false`
   * for a deletion (seen with gnome-keyring 42 and libsecret 0.20). So “nothing” is believed only if the store accepts
   * a write, and asked for again, because the user may have unlocked it in the meantime.
   */
  async function certain<T>(ask: (from: Persistence) => Promise<T>, nothing: T, name: string): Promise<T> {
    const from = await persistence(name);
    const first = await ask(from);
    if (first !== nothing || name.startsWith('self-test/')) return first;
    await selfTest(store);
    return ask(from);
  }

  const store: Store = {
    backend: place.backend,
    get: async (name) => (await certain((from) => from.load(), null, name)) ?? undefined,
    put: async (name, content) => (await persistence(name)).save(content),
    delete: async (name) => {
      await certain((from) => from.delete(), false, name);
      made.delete(name);
    },
    setAside: async (name, aside) => {
      const content = await store.get(name);
      if (content !== undefined) await store.put(aside, content);
      await store.delete(name);
    },
  };
  return store;
}
