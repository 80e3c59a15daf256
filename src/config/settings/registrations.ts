import { isDeepStrictEqual } from 'node:util';
import type { Vault } from '../../vault/store/vault.ts';
import {
  contentOf,
  credentialItem,
  registrationName,
  saveCredential,
  type Credential,
} from '../credential/credential.ts';
import { samePathKey } from '../rules/full-path.ts';
import { SettingsError, settingsIssue, showFound, type SettingsRule } from '../rules/issue.ts';
import {
  CLIPBOARD_CLEAR_SECONDS,
  NO_HOOKS,
  type Profile,
  type Settings,
  type SignInPlace,
  type TokenFile,
} from '../profile/profile.ts';
import type { SettingsChange } from './settings-change.ts';
import { usableSettings, type SettingsStore } from './settings-file.ts';

/** The settings before anything is configured. */
export const firstSettings: Settings = {
  schemaVersion: 1,
  profiles: [],
  defaultProfile: undefined,
  storage: 'auto',
  tokenFiles: [],
  extraCaFile: undefined,
  logLevel: 'info',
  network: 'system',
  loopback: false,
  shellCache: true,
  hooks: NO_HOOKS,
  clipboardClearSeconds: CLIPBOARD_CLEAR_SECONDS,
};

/** A profile to add, or to replace the one with its ID. */
export interface Registration {
  readonly profile: Profile;
  /** undefined: the stored one stays; it is only sent to the registration for which it was stored. */
  readonly credential: Credential | undefined;
  /** Whether it becomes the default; the first profile always does. */
  readonly rank: 'default' | 'further';
  /** Replaces the profile's token files; undefined keeps them. */
  readonly tokenFiles: readonly TokenFile[] | undefined;
  /**
   * What this ID may replace. `any`: any registration, if the user named the ID. `same` (the default): only the same
   * client at the same authority, so that a second registration never replaces the first one silently. `existing`: any,
   * and there must be one, so that changing a profile never restores a removed one.
   */
  readonly replaces?: 'same' | 'any' | 'existing';
}

/** All settings at once, after the user has seen and confirmed what they change. */
export interface Adoption {
  /** The settings from which the changes were computed. */
  readonly before: Settings;
  /** Contains every profile of `before`, as the same registration. */
  readonly settings: Settings;
}

/** @throws SettingsError if the ID belongs to another registration */
function refuseAnother(profile: Profile, { profiles }: Settings): void {
  const { id, clientId: newClientId, authority: newAuthority } = profile;
  const known = profiles.find((one) => one.id === id);
  if (known === undefined || registrationName(known) === registrationName(profile)) return;
  const { clientId, authority } = known;
  const params = { id, clientId, authority, newClientId, newAuthority };
  throw broken(`profile ${id}`, undefined, 'settings.rule.profile-taken', params);
}

/** @throws SettingsError if no profile has the ID */
function refuseUnknown(id: string, settings: Settings): void {
  if (!hasProfile(settings, id)) throw broken('profile', showFound(id), 'settings.rule.profile-unknown');
}

function hasProfile({ profiles }: Settings, id: string): boolean {
  return profiles.some((profile) => profile.id === id);
}

function broken<Rule extends SettingsRule>(...issue: Parameters<typeof settingsIssue<Rule>>): SettingsError {
  return new SettingsError([settingsIssue(...issue)]);
}

/** Settings as in their file, where keys without a value do not exist. */
function plain(settings: Settings): unknown {
  return JSON.parse(JSON.stringify(settings));
}

/**
 * The owner's way to change registrations: settings and credential together, or neither. The credential is changed first
 * and restored if the settings file cannot be written, so a vault that refuses leaves the file unchanged. Rejects with
 * `SettingsError` for settings that break a rule and for an existing file that is not usable (it is never overwritten),
 * with `VaultError`, or with the file system's error.
 */
export class Registrations {
  readonly #store: SettingsStore;
  readonly #vault: Vault;
  readonly #now: () => number;
  /** A file that was not JSON when the settings were opened; reported by the first change. */
  #unreported: string | undefined;

  constructor(parts: {
    readonly settings: SettingsStore;
    readonly vault: Vault;
    readonly now: () => number;
  }) {
    this.#store = parts.settings;
    this.#unreported = parts.settings.setAsideAs;
    this.#vault = parts.vault;
    this.#now = parts.now;
  }

  /**
   * The current settings; {@link firstSettings} if there is no file. Throws `SettingsError` for a file that is not
   * usable, and once for a file that was set aside because it was not JSON: a change must not start from empty settings
   * before the user has been told.
   */
  get current(): Settings {
    if (this.#unreported !== undefined) {
      const setAsideAs = this.#unreported;
      this.#unreported = undefined;
      usableSettings({ kind: 'unreadable', setAsideAs, reason: 'JSON' });
    }
    return usableSettings(this.#store.get()) ?? firstSettings;
  }

  /** Stores a registration and returns the new settings. */
  async put(registration: Registration): Promise<Settings> {
    const kept = this.current;
    const { profile, credential, rank, tokenFiles, replaces = 'same' } = registration;
    if (replaces === 'same') refuseAnother(profile, kept);
    if (replaces === 'existing' && !hasProfile(kept, profile.id))
      throw broken(`profile ${profile.id}`, undefined, 'settings.rule.profile-removed');
    const others = kept.profiles.filter(({ id }) => id !== profile.id);
    const place = kept.profiles.findIndex(({ id }) => id === profile.id);
    const filesOfOthers = kept.tokenFiles.filter((file) => file.profile !== profile.id);
    const changed: Settings = {
      ...kept,
      profiles: others.toSpliced(place < 0 ? others.length : place, 0, profile),
      defaultProfile: rank === 'default' ? profile.id : kept.defaultProfile,
      tokenFiles: tokenFiles === undefined ? kept.tokenFiles : [...filesOfOthers, ...tokenFiles],
    };
    // Before the vault is used, because it may ask the user for a password.
    this.#store.check(changed);
    if (credential !== undefined)
      return this.#change(profile.id, changed, () =>
        saveCredential(this.#vault, profile, credential, this.#now()),
      );
    return this.#save(changed);
  }

  /** Removes a profile with its credential. The agent must have ended its session before. */
  async remove(id: string): Promise<Settings> {
    const kept = this.current;
    refuseUnknown(id, kept);
    const changed: Settings = {
      ...kept,
      profiles: kept.profiles.filter((profile) => profile.id !== id),
      defaultProfile: kept.defaultProfile === id ? undefined : kept.defaultProfile,
      tokenFiles: kept.tokenFiles.filter((file) => file.profile !== id),
    };
    return this.#change(id, changed, () => this.#vault.item(credentialItem({ id })).remove());
  }

  /** Makes this profile the default. */
  setDefault(id: string): Settings {
    const kept = this.current;
    refuseUnknown(id, kept);
    return this.#save({ ...kept, defaultProfile: id });
  }

  /** Changes single settings and returns the new settings. */
  change(change: SettingsChange): Settings {
    return this.#save({ ...this.current, ...change });
  }

  /**
   * Replaces all settings, completely or not at all. Throws `SettingsError` also if they have changed since, because the
   * effect would differ from what was confirmed. Credentials stay as they are, bound to the registrations for which they
   * were stored. No profile is removed, because its session would remain without an owner.
   */
  adopt({ before, settings }: Adoption): Settings {
    const kept = this.current;
    if (!isDeepStrictEqual(plain(kept), plain(before)))
      throw broken('settings.json', undefined, 'settings.rule.import.meanwhile');
    for (const profile of settings.profiles) refuseAnother(profile, kept);
    const lost = kept.profiles.filter(({ id }) => !hasProfile(settings, id));
    if (lost.length > 0)
      throw new SettingsError(
        lost.map(({ id }) =>
          settingsIssue(`profile ${id}`, undefined, 'settings.rule.import.profile-missing'),
        ),
      );
    return this.#save(settings);
  }

  /** Adds a file that always contains its profile's fresh token. */
  addTokenFile(file: TokenFile): Settings {
    const kept = this.current;
    return this.#save({ ...kept, tokenFiles: [...kept.tokenFiles, file] });
  }

  /** The reverse; undefined if no token file has this path. */
  removeTokenFile(path: string): Settings | undefined {
    const kept = this.current;
    const left = kept.tokenFiles.filter((file) => samePathKey(file.path) !== samePathKey(path));
    if (left.length === kept.tokenFiles.length) return undefined;
    return this.#save({ ...kept, tokenFiles: left });
  }

  /** Sets where the user signs in to this profile. */
  setSignIn(id: string, signIn: SignInPlace): Settings {
    const kept = this.current;
    refuseUnknown(id, kept);
    const profiles = kept.profiles.map((profile) => (profile.id === id ? { ...profile, signIn } : profile));
    return this.#save({ ...kept, profiles });
  }

  #save(settings: Settings): Settings {
    this.#store.save(settings);
    return settings;
  }

  /** Changes a profile's credential and the settings; if the settings cannot be written, restores the credential. */
  async #change(id: string, changed: Settings, changeCredential: () => Promise<void>): Promise<Settings> {
    const item = this.#vault.item(credentialItem({ id }));
    const before = await contentOf(item);
    await changeCredential();
    try {
      this.#store.save(changed);
    } catch (error) {
      // Damaged content cannot be restored.
      await (before === undefined || before === null ? item.remove() : item.save(before));
      throw error;
    }
    return changed;
  }
}
