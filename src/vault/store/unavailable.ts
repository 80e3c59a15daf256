import { redact } from '../../system/log/redact.ts';
import { VaultError, type Unavailable } from './vault.ts';

/** A store that cannot be used, by the kind of trouble; see {@link Unavailable}. */
export class UnusableStore extends VaultError {
  readonly because: Unavailable['kind'];

  constructor(because: Unavailable['kind'], message: string) {
    super(message);
    this.because = because;
  }
}

/** A store that has not answered by now: a prompt may be waiting for somebody. */
export function silent(limitMs: number): UnusableStore {
  return new UnusableStore('silent', `no answer within ${limitMs / 1000} s`);
}

/**
 * What the stores say when they are locked, or when somebody dismissed the prompt. Run on gnome-keyring 42:
 * "Cannot create an item in a locked collection". macOS (errSecInteractionNotAllowed, errSecUserCanceled)
 * and KWallet: from their sources.
 */
const LOCKED = /locked|user interaction is not allowed|dismissed|user cancell?ed/iu;

/**
 * No D-Bus session, none at its address, or nobody on it who answers for the Secret Service. All run on
 * libsecret 0.20: "Cannot autolaunch D-Bus without X11 $DISPLAY", "Could not connect: No such file or
 * directory", "Address element “x” does not contain a colon (:)", "The name org.freedesktop.secrets was not
 * provided by any .service files". The last macOS says without a login keychain (errSecNoDefaultKeychain).
 */
const ABSENT =
  /autolaunch|could not connect|address element|the name org\.freedesktop\.secrets|default keychain could not be found/iu;

/**
 * Why the store cannot be used, from what it said. libsecret hands on sentences without codes, and may
 * translate those of its own; what is not recognised is `failed`, with the store's own words.
 */
export function unavailableBecause(error: unknown): Unavailable {
  const detail = asVaultError(error).message;
  if (error instanceof UnusableStore) return { kind: error.because, detail };
  if (LOCKED.test(detail)) return { kind: 'locked', detail };
  if (ABSENT.test(detail)) return { kind: 'absent', detail };
  return { kind: 'failed', detail };
}

/** Whatever a store throws, as the one error the vault's callers know, without what might be content. */
export function asVaultError(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  return new VaultError(redact(error instanceof Error ? error.message : String(error)));
}
