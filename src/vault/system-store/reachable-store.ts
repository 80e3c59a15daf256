import { existsSync } from 'node:fs';
import type { KeyringPlace } from './keyring-store.ts';
import type { Store } from '../store/store.ts';
import { unavailableBecause, UnusableStore } from '../store/unavailable.ts';
import { VaultError } from '../store/vault.ts';

/** Built beside the terminal host only: the packaged tray cannot start its binary as Node. */
const KEYRING_PROCESS = new URL('./keyring-process.js', import.meta.url);

/**
 * What libsecret says for the rest of a process's life when the keyring's daemon has been started anew: the
 * session it made with the old one is unknown to the new one. "The name :1.3 was not provided by any .service
 * files", "The session does not exist" and "The session wrapping the secret does not exist" were run on
 * gnome-keyring 42; the last two are KWallet's and dbus-broker's words.
 */
const LOST = /the name :\d|session.*not exist|no such object path|name is not activatable/iu;

/**
 * The Secret Service also after its daemon was started anew. What fails here in a way that is neither locked
 * nor absent is tried in a process of its own, which has a fresh connection: where that answers, this
 * process's connection is dead, and the other is used from then on. Where none can be started, an error that
 * is known to mean this says that a restart is needed.
 */
export function reachableStore(here: Store, place: KeyringPlace, entry: URL = KEYRING_PROCESS): Store {
  let elsewhere: Promise<Store> | undefined;
  let lost = false;

  async function reach<T>(ask: (store: Store) => Promise<T>): Promise<T> {
    if (lost) return ask(await other());
    try {
      return await ask(here);
    } catch (error) {
      if (error instanceof VaultError) throw error;
      const { kind, detail } = unavailableBecause(error);
      if (kind !== 'failed') throw error;
      const known = LOST.test(detail);
      if ('electron' in process.versions || !existsSync(entry)) {
        throw known
          ? new UnusableStore('failed', `the keyring was started anew, restart Tokentray: ${detail}`)
          : error;
      }
      const answer = await ask(await other());
      lost = true;
      return answer;
    }
  }

  function other(): Promise<Store> {
    elsewhere ??= import('./keyring-fork.ts').then(({ forkedKeyring }) => forkedKeyring(entry, place));
    return elsewhere;
  }

  return {
    backend: here.backend,
    get: (name) => reach((store) => store.get(name)),
    put: (name, content) => reach((store) => store.put(name, content)),
    delete: (name) => reach((store) => store.delete(name)),
    setAside: (name, aside) => reach((store) => store.setAside(name, aside)),
  };
}
