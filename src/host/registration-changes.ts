import type { Profiles } from '../agent/profiles.ts';
import { ProblemError, type Problem } from '../words/problem.ts';
import {
  defaultProfileOf,
  type Profile,
  type Settings,
  type SignInPlace,
  type TokenFile,
} from '../config/profile/profile.ts';
import type { Adoption, Registration, Registrations } from '../config/settings/registrations.ts';
import type { SettingsChange } from '../config/settings/settings-change.ts';
import type { RegistrationPort } from '../outlets/answer/host.ts';
import { unknownTokenFile } from '../outlets/token-files/rules.ts';

/** What a host that serves pages for the sign-in has to say to a change, and does after it. */
export interface SignInPages {
  /** Refuses a default profile that nobody could sign in to. @throws ProblemError */
  allowDefault(profile: Profile | undefined): void;
  /** Opens what these profiles need beside what is open, or nothing of it. @throws ProblemError */
  open(profiles: readonly Profile[]): Promise<void>;
  /** Closes what none of these profiles needs. */
  keepOnly(profiles: readonly Profile[]): Promise<void>;
}

/** Takes over settings from a file. Not for the socket: what they change is confirmed at the screen. */
export interface AdoptionPort {
  /** Rejects with `SettingsError`, `ProblemError`, or the file system's error; nothing has changed then. */
  adopt(adoption: Adoption): Promise<void>;
}

/** Stores where people sign in to a profile. Not for the socket: it is found out at the screen. */
export interface SignInPlacePort {
  /** The session stays as it is. Rejects with `SettingsError`, or the file system's error; nothing has changed then. */
  setSignIn(id: string, place: SignInPlace): Promise<void>;
}

/** What follows a change of the registrations in a running host. */
export interface RegistrationParts {
  readonly registrations: Pick<
    Registrations,
    | 'current'
    | 'put'
    | 'remove'
    | 'setDefault'
    | 'setSignIn'
    | 'change'
    | 'adopt'
    | 'addTokenFile'
    | 'removeTokenFile'
  >;
  readonly profiles: Pick<Profiles, 'get' | 'apply' | 'reopen'>;
  /** undefined for a host that shows its own window. */
  readonly pages: SignInPages | undefined;
  readonly outlets: { apply(settings: Settings): Promise<void> };
}

/**
 * Changes what is registered while a host runs, one change after the other: settings,
 * credential, sessions, pages and outlets follow together, or the change is refused and nothing has
 * changed.
 */
export class RegistrationChanges implements RegistrationPort, SignInPlacePort, AdoptionPort {
  readonly #parts: RegistrationParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /**
   * Rejects with `ProblemError` (`port-in-use`, `port-refused`, `redirect-not-loopback`), `SettingsError`,
   * `VaultError`, or the file system's error.
   */
  put(registration: Registration): Promise<void> {
    return this.#inTurn(async () => {
      const { registrations, profiles, pages } = this.#parts;
      const before = registrations.current;
      const { profile, rank, credential } = registration;
      const isFirst = (defaultProfileOf(before)?.id ?? profile.id) === profile.id;
      if (rank === 'default' || isFirst) pages?.allowDefault(profile);
      // Beside what is open: until the change is stored, the old pages are still the right ones.
      await pages?.open([...before.profiles, profile]);
      try {
        const agent = profiles.get(profile.id);
        await this.#follow(await registrations.put(registration));
        // An agent connects once, with the credential of that moment.
        const isSameAgent = agent !== undefined && profiles.get(profile.id) === agent;
        if (isSameAgent && credential !== undefined) await profiles.reopen(profile.id);
      } catch (error) {
        await pages?.keepOnly(before.profiles);
        throw error;
      }
    });
  }

  /**
   * The session ends first: afterwards nobody would know whose it was. Rejects with `ProblemError`
   * (`redirect-not-loopback`) before that where the default that follows could not be signed in to here.
   */
  remove(id: string): Promise<Problem | undefined> {
    return this.#inTurn(async () => {
      const { registrations, profiles, pages } = this.#parts;
      const { profiles: before, defaultProfile } = registrations.current;
      const left = before.filter((profile) => profile.id !== id);
      if (defaultProfileOf(registrations.current)?.id === id)
        pages?.allowDefault(defaultProfileOf({ profiles: left, defaultProfile }));
      const trouble = await profiles.get(id)?.signOut();
      if (trouble !== undefined) return trouble;
      await this.#follow(await registrations.remove(id));
      return undefined;
    });
  }

  /** Rejects with `ProblemError` (`redirect-not-loopback`), `SettingsError`, or the file system's error. */
  setDefault(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { registrations, pages } = this.#parts;
      pages?.allowDefault(registrations.current.profiles.find((profile) => profile.id === id));
      await this.#follow(registrations.setDefault(id));
    });
  }

  setSignIn(id: string, place: SignInPlace): Promise<void> {
    return this.#inTurn(() => this.#follow(this.#parts.registrations.setSignIn(id, place)));
  }

  /** Rejects with `SettingsError`, or the file system's error. */
  change(change: SettingsChange): Promise<void> {
    return this.#inTurn(() => this.#follow(this.#parts.registrations.change(change)));
  }

  /**
   * Takes over settings from a file, once what they change was confirmed: all of them, or nothing. Rejects with
   * `ProblemError` (`port-in-use`, `port-refused`, `redirect-not-loopback`), `SettingsError` (also where the
   * settings have changed since), or the file system's error; nothing has changed then.
   */
  adopt(adoption: Adoption): Promise<void> {
    return this.#inTurn(async () => {
      const { registrations, pages } = this.#parts;
      const before = registrations.current;
      const { settings } = adoption;
      pages?.allowDefault(defaultProfileOf(settings));
      await pages?.open([...before.profiles, ...settings.profiles]);
      try {
        await this.#follow(registrations.adopt(adoption));
      } catch (error) {
        await pages?.keepOnly(before.profiles);
        throw error;
      }
    });
  }

  /** Rejects with `SettingsError`, or the file system's error. */
  addTokenFile(file: TokenFile): Promise<void> {
    return this.#inTurn(() => this.#follow(this.#parts.registrations.addTokenFile(file)));
  }

  /** Rejects with `ProblemError` (`token-file.unknown`), `SettingsError`, or the file system's error. */
  removeTokenFile(path: string): Promise<void> {
    return this.#inTurn(async () => {
      const settings = this.#parts.registrations.removeTokenFile(path);
      if (settings === undefined) throw new ProblemError(unknownTokenFile(path));
      await this.#follow(settings);
    });
  }

  /**
   * Follows a file that was edited by hand. Rejects with `ProblemError` (`port-in-use`, `port-refused`,
   * `redirect-not-loopback`) or `SettingsError`; what was set before goes on then.
   */
  reload(): Promise<void> {
    return this.#inTurn(async () => {
      const { registrations, pages } = this.#parts;
      const settings = registrations.current;
      pages?.allowDefault(defaultProfileOf(settings));
      await pages?.open(settings.profiles);
      await this.#follow(settings);
    });
  }

  async #follow(settings: Settings): Promise<void> {
    const { profiles, pages, outlets } = this.#parts;
    await profiles.apply(settings);
    await outlets.apply(settings);
    await pages?.keepOnly(settings.profiles);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
