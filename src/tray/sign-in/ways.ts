import type { Profile, SignInPlace } from '../../config/profile/profile.ts';
import type { SignInPlacePort } from '../../host/registration-changes.ts';
import type { Log } from '../../system/log/log.ts';

/** The parts of a profile that say how the user signs in. */
type Way = Pick<Profile, 'id' | 'signIn'>;

interface SignInWaysParts {
  /** undefined if this run stores nothing (`--from-env`). */
  readonly settings: SignInPlacePort | undefined;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** How the user signs in to each profile: as set, or the way that has worked better since. */
export class SignInWays {
  readonly #parts: SignInWaysParts;
  /** Ways that could not be stored, with the stored ones: once the settings change, they apply again. */
  readonly #unwritten = new Map<string, { readonly way: SignInPlace; readonly written: SignInPlace }>();

  constructor(parts: SignInWaysParts) {
    this.#parts = parts;
  }

  wayOf({ id, signIn }: Way): SignInPlace {
    const unwritten = this.#unwritten.get(id);
    return unwritten?.written === signIn ? unwritten.way : signIn;
  }

  /** Stores the way; if it cannot be stored, it applies until the application quits. Never rejects. */
  async remember(profile: Way, way: SignInPlace): Promise<void> {
    if (way === this.wayOf(profile)) return;
    const { id, signIn: written } = profile;
    if (await this.#isStored(id, way)) this.#unwritten.delete(id);
    else this.#unwritten.set(id, { way, written });
  }

  async #isStored(id: string, way: SignInPlace): Promise<boolean> {
    const { settings, log } = this.#parts;
    const facts = { profile: id, signIn: way };
    if (settings === undefined) {
      log.info('the way to sign in holds until the end: this run keeps no settings', facts);
      return false;
    }
    try {
      await settings.setSignIn(id, way);
      return true;
    } catch (error) {
      log.warn('the way to sign in holds until the end: it could not be stored', { ...facts, error });
      return false;
    }
  }
}
