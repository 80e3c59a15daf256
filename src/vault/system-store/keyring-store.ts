import { join } from 'node:path';
import { selfTest } from '../store/self-test.ts';
import { fileNameOf, type Extensions, type Persistence, type Store } from '../store/store.ts';

/** Where the items of one application are. */
export interface KeyringPlace {
  readonly backend: 'secret-service' | 'keychain';
  /** What the items are filed under, and what Seahorse or Keychain Access show. */
  readonly serviceName: string;
  /** The package wants a file beside each item, to date its changes; it holds `{}` and nothing else. */
  readonly directory: string;
}

/**
 * GNOME Keyring, KWallet or the macOS Keychain, through msal-node-extensions.
 *
 * A save is one call to the store, which replaces the item whole; only then is the marker file written,
 * so a crash in between leaves the new content and an old marker, which we never read. A removal deletes
 * the marker first: a crash in between leaves the content, that is, the removal has not happened.
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
    // A directory that could not be written to may be there the next time.
    created.catch(() => made.delete(name));
    return created;
  }

  /**
   * libsecret says "nothing" of a locked item when nobody answers its prompt: no error, `null` for a load
   * and `false` for a deletion (run against gnome-keyring 42 and libsecret 0.20). "Nothing" is therefore
   * believed only of a store that takes a write, and asked for again: the user may have unlocked it meanwhile.
   */
  async function sure<T>(ask: (from: Persistence) => Promise<T>, nothing: T, name: string): Promise<T> {
    const from = await persistence(name);
    const first = await ask(from);
    if (first !== nothing || name.startsWith('self-test/')) return first;
    await selfTest(store);
    return ask(from);
  }

  const store: Store = {
    backend: place.backend,
    get: async (name) => (await sure((from) => from.load(), null, name)) ?? undefined,
    put: async (name, content) => (await persistence(name)).save(content),
    delete: async (name) => {
      await sure((from) => from.delete(), false, name);
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
