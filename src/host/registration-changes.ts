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
import { Queue } from '../system/queue.ts';

/** The sign-in pages of a host that serves them. */
export interface SignInPages {
  /** Refuses a default profile that cannot be signed in to here. @throws ProblemError */
  allowDefault(profile: Profile | undefined): void;
  /** Opens the pages of these profiles in addition to those open, or none of them. @throws ProblemError */
  open(profiles: readonly Profile[]): Promise<void>;
  /** Closes the pages that none of these profiles needs. */
  keepOnly(profiles: readonly Profile[]): Promise<void>;
}

/** Imports settings from a file. Not available over the socket: the changes are confirmed on the screen. */
export interface AdoptionPort {
  /** Rejects with `SettingsError`, `ProblemError`, or the file system's error; nothing has changed then. */
  adopt(adoption: Adoption): Promise<void>;
}

/** Stores where users sign in to a profile. Not available over the socket: it is found out on the screen. */
export interface SignInPlacePort {
  /** The session stays. Rejects with `SettingsError`, or the file system's error; nothing has changed then. */
  setSignIn(id: string, place: SignInPlace): Promise<void>;
}

/** What follows a change of the registrations in a running host. */
export interface RegistrationParts {
  readonly registrations: Pick<Registrations, keyof Registrations>;
  readonly profiles: Pick<Profiles, 'get' | 'apply' | 'reopen'>;
  /** Undefined for a host that shows its own window. */
  readonly pages: SignInPages | undefined;
  readonly outlets: { apply(settings: Settings): Promise<void> };
}

/**
 * Changes the registrations while a host runs, one change after the other. Settings, credential, sessions, pages and
 * outlets change together, or the change is refused and nothing has changed.
 */
export class RegistrationChanges implements RegistrationPort, SignInPlacePort, AdoptionPort {
  readonly #parts: RegistrationParts;
  readonly #queue = new Queue();

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /**
   * Rejects with `ProblemError` (`port-in-use`, `port-refused`, `redirect-not-loopback`), `SettingsError`,
   * `VaultError`, or the file system's error.
   */
  put(registration: Registration): Promise<void> {
    return this.#queue.run(async () => {
      const { registrations, profiles, pages } = this.#parts;
      const before = registrations.current;
      const { profile, rank, credential } = registration;
      const isFirst = (defaultProfileOf(before)?.id ?? profile.id) === profile.id;
      if (rank === 'default' || isFirst) pages?.allowDefault(profile);
      await this.#withPages([...before.profiles, profile], async () => {
        const agent = profiles.get(profile.id);
        await this.#follow(await registrations.put(registration));
        // An agent connects once, with the credential of that moment.
        const isSameAgent = agent !== undefined && profiles.get(profile.id) === agent;
        if (isSameAgent && credential !== undefined) await profiles.reopen(profile.id);
      });
    });
  }

  /**
   * Ends the session before it removes the profile: afterwards it would be unknown whose it was. Rejects with
   * `ProblemError` (`redirect-not-loopback`) before that if the next default could not be signed in to here.
   */
  remove(id: string): Promise<Problem | undefined> {
    return this.#queue.run(async () => {
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
    return this.#queue.run(async () => {
      const { registrations, pages } = this.#parts;
      pages?.allowDefault(registrations.current.profiles.find((profile) => profile.id === id));
      await this.#follow(registrations.setDefault(id));
    });
  }

  setSignIn(id: string, place: SignInPlace): Promise<void> {
    return this.#queue.run(() => this.#follow(this.#parts.registrations.setSignIn(id, place)));
  }

  /** Rejects with `SettingsError`, or the file system's error. */
  change(change: SettingsChange): Promise<void> {
    return this.#queue.run(() => this.#follow(this.#parts.registrations.change(change)));
  }

  /**
   * Imports settings from a file, once the user confirmed the changes: all of them, or none. Rejects with
   * `ProblemError` (`port-in-use`, `port-refused`, `redirect-not-loopback`), `SettingsError` (also if the settings
   * have changed since), or the file system's error; nothing has changed then.
   */
  adopt(adoption: Adoption): Promise<void> {
    return this.#queue.run(async () => {
      const { registrations, pages } = this.#parts;
      const { settings } = adoption;
      pages?.allowDefault(defaultProfileOf(settings));
      await this.#withPages([...registrations.current.profiles, ...settings.profiles], () =>
        this.#follow(registrations.adopt(adoption)),
      );
    });
  }

  /** Rejects with `SettingsError`, or the file system's error. */
  addTokenFile(file: TokenFile): Promise<void> {
    return this.#queue.run(() => this.#follow(this.#parts.registrations.addTokenFile(file)));
  }

  /** Rejects with `ProblemError` (`token-file.unknown`), `SettingsError`, or the file system's error. */
  removeTokenFile(path: string): Promise<void> {
    return this.#queue.run(async () => {
      const settings = this.#parts.registrations.removeTokenFile(path);
      if (settings === undefined) throw new ProblemError(unknownTokenFile(path));
      await this.#follow(settings);
    });
  }

  /**
   * Reads settings that were edited by hand. Rejects with `ProblemError` (`port-in-use`, `port-refused`,
   * `redirect-not-loopback`) or `SettingsError`; the former settings stay in use then.
   */
  reload(): Promise<void> {
    return this.#queue.run(async () => {
      const { registrations, pages } = this.#parts;
      const settings = registrations.current;
      pages?.allowDefault(defaultProfileOf(settings));
      await pages?.open(settings.profiles);
      await this.#follow(settings);
    });
  }

  /** Opens these pages for a change; closes them again if it fails. Until it is stored, the old pages are needed. */
  async #withPages(opened: readonly Profile[], change: () => Promise<void>): Promise<void> {
    const { registrations, pages } = this.#parts;
    const before = registrations.current.profiles;
    await pages?.open(opened);
    try {
      await change();
    } catch (error) {
      await pages?.keepOnly(before);
      throw error;
    }
  }

  async #follow(settings: Settings): Promise<void> {
    const { profiles, pages, outlets } = this.#parts;
    await profiles.apply(settings);
    await outlets.apply(settings);
    await pages?.keepOnly(settings.profiles);
  }
}
