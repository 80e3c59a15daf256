import type { Profile, SignInPlace } from '../../config/profile/profile.ts';
import type { SignInPlacePort } from '../../host/registration-changes.ts';
import type { Log } from '../../system/log/log.ts';

/** What of a profile says how people sign in to it. */
type Way = Pick<Profile, 'id' | 'signIn'>;

export interface SignInWaysParts {
  /** undefined where this run keeps nothing (`--from-env`). */
  readonly settings: SignInPlacePort | undefined;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** How people sign in to each profile: as its settings say, and as they found since that it works better. */
export class SignInWays {
  readonly #parts: SignInWaysParts;
  /** What could not be written, beside what is written instead: settings that change meanwhile count again. */
  readonly #unwritten = new Map<string, { readonly way: SignInPlace; readonly written: SignInPlace }>();

  constructor(parts: SignInWaysParts) {
    this.#parts = parts;
  }

  wayOf({ id, signIn }: Way): SignInPlace {
    const unwritten = this.#unwritten.get(id);
    return unwritten?.written === signIn ? unwritten.way : signIn;
  }

  /** Writes it into the settings; where they cannot be written it holds until the application ends. Never rejects. */
  async remember(profile: Way, way: SignInPlace): Promise<void> {
    if (way === this.wayOf(profile)) return;
    const { id, signIn: written } = profile;
    if ((await this.#write(id, way)) === 'written') this.#unwritten.delete(id);
    else this.#unwritten.set(id, { way, written });
  }

  async #write(id: string, way: SignInPlace): Promise<'written' | 'unwritten'> {
    const { settings, log } = this.#parts;
    const facts = { profile: id, signIn: way };
    if (settings === undefined) {
      log.info('the way to sign in holds until the end: this run keeps no settings', facts);
      return 'unwritten';
    }
    try {
      await settings.setSignIn(id, way);
      return 'written';
    } catch (error) {
      log.warn('the way to sign in holds until the end: it could not be stored', { ...facts, error });
      return 'unwritten';
    }
  }
}
