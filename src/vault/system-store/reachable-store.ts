import { existsSync } from 'node:fs';
import type { KeyringPlace } from './keyring-store.ts';
import type { Store } from '../store/store.ts';
import { unavailableBecause, UnusableStore } from '../store/unavailable.ts';
import { VaultError } from '../store/vault.ts';

/** Built only for the terminal host: the packaged tray cannot start its binary as Node. */
const KEYRING_PROCESS = new URL('./keyring-process.js', import.meta.url);

/**
 * The errors that libsecret gives for the rest of a process's life after the keyring's daemon was restarted, because
 * the new daemon does not know the session made with the old one. Seen with gnome-keyring 42: "The name :1.3 was not
 * provided by any .service files", "The session does not exist", "The session wrapping the secret does not exist". The
 * last two alternatives are from KWallet and dbus-broker.
 */
const LOST = /the name :\d|session.*not exist|no such object path|name is not activatable/iu;

/**
 * The Secret Service, even after its daemon was restarted. A call that fails here for a reason other than locked or
 * absent is repeated in a separate process, which has a fresh connection. If that succeeds, this process's connection is
 * dead, and the other process is used from then on. If none can be started, an error known to have this cause says that
 * a restart is needed.
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
