import { redact } from '../../system/log/redact.ts';
import { VaultError, type Unavailable } from './vault.ts';

/** A store that cannot be used, with the reason; see {@link Unavailable}. */
export class UnusableStore extends VaultError {
  readonly because: Unavailable['kind'];

  constructor(because: Unavailable['kind'], message: string) {
    super(message);
    this.because = because;
  }
}

/** A store that has not answered in time: a prompt may be waiting for the user. */
export function silent(limitMs: number): UnusableStore {
  return new UnusableStore('silent', `no answer within ${limitMs / 1000} s`);
}

/**
 * Errors of the stores when they are locked, or when the user dismissed the prompt. Seen with gnome-keyring 42: "Cannot
 * create an item in a locked collection". Those of macOS (errSecInteractionNotAllowed, errSecUserCanceled) and KWallet
 * are from their source code.
 */
const LOCKED = /locked|user interaction is not allowed|dismissed|user cancell?ed/iu;

/**
 * No D-Bus session, none at its address, or no Secret Service on it. All seen with libsecret 0.20: "Cannot autolaunch
 * D-Bus without X11 $DISPLAY", "Could not connect: No such file or directory", "Address element “x” does not contain a
 * colon (:)", "The name org.freedesktop.secrets was not provided by any .service files". The last alternative is macOS
 * without a login keychain (errSecNoDefaultKeychain).
 */
const ABSENT =
  /autolaunch|could not connect|address element|the name org\.freedesktop\.secrets|default keychain could not be found/iu;

/**
 * Why the store cannot be used, from its error. libsecret gives sentences without codes and may translate its own;
 * unrecognized ones are `failed`, with the store's own words.
 */
export function unavailableBecause(error: unknown): Unavailable {
  const detail = asVaultError(error).message;
  if (error instanceof UnusableStore) return { kind: error.because, detail };
  if (LOCKED.test(detail)) return { kind: 'locked', detail };
  if (ABSENT.test(detail)) return { kind: 'absent', detail };
  return { kind: 'failed', detail };
}

/** Anything that a store throws as a {@link VaultError}, without what might be content. */
export function asVaultError(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  return new VaultError(redact(error instanceof Error ? error.message : String(error)));
}
