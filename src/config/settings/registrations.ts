import { isDeepStrictEqual } from 'node:util';
import { VaultError, type Vault, type VaultItem } from '../../vault/store/vault.ts';
import {
  credentialItem,
  registrationName,
  saveCredential,
  type Credential,
} from '../credential/credential.ts';
import { samePathKey } from '../rules/full-path.ts';
import { SettingsError, settingsIssue, showFound } from '../rules/issue.ts';
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

/** What holds until somebody says otherwise. */
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

/** A profile to add, or to put in the place of the one with its id. */
export interface Registration {
  readonly profile: Profile;
  /** undefined: the stored one stays; it is not sent anywhere else than it was stored for. */
  readonly credential: Credential | undefined;
  /** Whether it becomes the default; the first profile is it anyway. */
  readonly rank: 'default' | 'further';
  /** Replaces the profile's token files; undefined leaves them. */
  readonly tokenFiles: readonly TokenFile[] | undefined;
  /**
   * What may be replaced under this id: `any` where somebody has named it; without that only the same
   * client at the same authority, so that a second registration never takes the first one's place unsaid.
   * `existing`: any, and there must be one; so that a change of a profile never brings a removed one back.
   */
  readonly replaces?: 'same' | 'any' | 'existing';
}

/** All settings at once, as somebody has seen and confirmed what they change. */
export interface Adoption {
  /** What was set when that was worked out. */
  readonly before: Settings;
  /** Every profile of `before` is among its profiles, as the same registration. */
  readonly settings: Settings;
}

/** What an item holds now, to be put back; what cannot be read any more is nothing to put back. */
async function contentOf(item: VaultItem): Promise<string | undefined> {
  try {
    return await item.load();
  } catch (error) {
    if (error instanceof VaultError && error.kind === 'corrupt') return undefined;
    throw error;
  }
}

/** @throws SettingsError where the id is another registration's */
function refuseAnother(profile: Profile, { profiles }: Settings): void {
  const { id, clientId: newClientId, authority: newAuthority } = profile;
  const known = profiles.find((one) => one.id === id);
  if (known === undefined || registrationName(known) === registrationName(profile)) return;
  const { clientId, authority } = known;
  const params = { id, clientId, authority, newClientId, newAuthority };
  throw new SettingsError([settingsIssue(`profile ${id}`, undefined, 'settings.rule.profile-taken', params)]);
}

/** @throws SettingsError where no profile has the id */
function refuseRemoved({ id }: Profile, { profiles }: Settings): void {
  if (profiles.some((profile) => profile.id === id)) return;
  throw new SettingsError([settingsIssue(`profile ${id}`, undefined, 'settings.rule.profile-removed')]);
}

/** Settings as their file has them, where a key with nothing in it is no key. */
function plain(settings: Settings): unknown {
  return JSON.parse(JSON.stringify(settings));
}

async function putBack(item: VaultItem, content: string | undefined): Promise<void> {
  await (content === undefined ? item.remove() : item.save(content));
}

/**
 * The owner's way to change what is registered: settings and credential together, or neither. The
 * credential is changed first and put back when the settings file cannot be written; so a vault that
 * refuses leaves the file as it was, also when there was none. Rejects with `SettingsError` for what breaks
 * a rule and for a file in place that is not usable (it is never written over), with `VaultError`, or with
 * the file system's error.
 */
export class Registrations {
  readonly #store: SettingsStore;
  readonly #vault: Vault;
  readonly #now: () => number;
  /** A file that was not JSON when the settings were opened; the first who wants to change it is told. */
  #untold: string | undefined;

  constructor(parts: {
    readonly settings: SettingsStore;
    readonly vault: Vault;
    readonly now: () => number;
  }) {
    this.#store = parts.settings;
    this.#untold = parts.settings.setAsideAs;
    this.#vault = parts.vault;
    this.#now = parts.now;
  }

  /**
   * What is set now; {@link firstSettings} where there is no file. Throws `SettingsError` for a file that is
   * not usable, once for one that was set aside because it was not JSON: a change must not begin with empty
   * settings before somebody has been told.
   */
  get current(): Settings {
    if (this.#untold !== undefined) {
      const setAsideAs = this.#untold;
      this.#untold = undefined;
      usableSettings({ kind: 'unreadable', setAsideAs, reason: 'JSON' });
    }
    return usableSettings(this.#store.get()) ?? firstSettings;
  }

  /** Stores a registration; the answer is what is set then. */
  async put(registration: Registration): Promise<Settings> {
    const kept = this.current;
    const { profile, credential, rank, tokenFiles, replaces = 'same' } = registration;
    if (replaces === 'same') refuseAnother(profile, kept);
    if (replaces === 'existing') refuseRemoved(profile, kept);
    const others = kept.profiles.filter(({ id }) => id !== profile.id);
    const place = kept.profiles.findIndex(({ id }) => id === profile.id);
    const filesOfOthers = kept.tokenFiles.filter((file) => file.profile !== profile.id);
    const changed: Settings = {
      ...kept,
      profiles: others.toSpliced(place < 0 ? others.length : place, 0, profile),
      defaultProfile: rank === 'default' ? profile.id : kept.defaultProfile,
      tokenFiles: tokenFiles === undefined ? kept.tokenFiles : [...filesOfOthers, ...tokenFiles],
    };
    // Before the vault is touched: it may ask its user for a password.
    this.#store.check(changed);
    if (credential !== undefined)
      return this.#change(profile.id, changed, () =>
        saveCredential(this.#vault, profile, credential, this.#now()),
      );
    this.#store.save(changed);
    return changed;
  }

  /** Removes a profile with its credential; its session is the agent's to end, before this. */
  async remove(id: string): Promise<Settings> {
    const kept = this.current;
    this.#refuseUnknown(id, kept);
    const changed: Settings = {
      ...kept,
      profiles: kept.profiles.filter((profile) => profile.id !== id),
      defaultProfile: kept.defaultProfile === id ? undefined : kept.defaultProfile,
      tokenFiles: kept.tokenFiles.filter((file) => file.profile !== id),
    };
    return this.#change(id, changed, () => this.#vault.item(credentialItem({ id })).remove());
  }

  /** From now on this profile is meant where none is named. */
  setDefault(id: string): Settings {
    const kept = this.current;
    this.#refuseUnknown(id, kept);
    const changed: Settings = { ...kept, defaultProfile: id };
    this.#store.save(changed);
    return changed;
  }

  /** Changes single settings; the answer is what is set then. */
  change(change: SettingsChange): Settings {
    const changed: Settings = { ...this.current, ...change };
    this.#store.save(changed);
    return changed;
  }

  /**
   * Puts other settings in the place of all that is set, whole or not at all. Throws `SettingsError` also where
   * they have changed since: what was confirmed is not what would happen then. Credentials stay as they are,
   * and bound to what they were stored for; no profile is removed, for its session would be nobody's.
   */
  adopt({ before, settings }: Adoption): Settings {
    const kept = this.current;
    if (!isDeepStrictEqual(plain(kept), plain(before)))
      throw new SettingsError([settingsIssue('settings.json', undefined, 'settings.rule.import.meanwhile')]);
    for (const profile of settings.profiles) refuseAnother(profile, kept);
    const lost = kept.profiles.filter(({ id }) => !settings.profiles.some((profile) => profile.id === id));
    if (lost.length > 0)
      throw new SettingsError(
        lost.map(({ id }) =>
          settingsIssue(`profile ${id}`, undefined, 'settings.rule.import.profile-missing'),
        ),
      );
    this.#store.save(settings);
    return settings;
  }

  /** From now on this file holds the fresh token of its profile. */
  addTokenFile(file: TokenFile): Settings {
    const kept = this.current;
    const changed: Settings = { ...kept, tokenFiles: [...kept.tokenFiles, file] };
    this.#store.save(changed);
    return changed;
  }

  /** Undoes that; undefined where no file has this path. */
  removeTokenFile(path: string): Settings | undefined {
    const kept = this.current;
    const left = kept.tokenFiles.filter((file) => samePathKey(file.path) !== samePathKey(path));
    if (left.length === kept.tokenFiles.length) return undefined;
    const changed: Settings = { ...kept, tokenFiles: left };
    this.#store.save(changed);
    return changed;
  }

  /** From now on people sign in to this profile there; nothing else of it changes. */
  setSignIn(id: string, signIn: SignInPlace): Settings {
    const kept = this.current;
    this.#refuseUnknown(id, kept);
    const profiles = kept.profiles.map((profile) => (profile.id === id ? { ...profile, signIn } : profile));
    const changed: Settings = { ...kept, profiles };
    this.#store.save(changed);
    return changed;
  }

  #refuseUnknown(id: string, { profiles }: Settings): void {
    if (profiles.some((profile) => profile.id === id)) return;
    throw new SettingsError([settingsIssue('profile', showFound(id), 'settings.rule.profile-unknown')]);
  }

  /** Changes the credential of a profile and the settings; a failed write undoes the former. */
  async #change(id: string, changed: Settings, changeCredential: () => Promise<void>): Promise<Settings> {
    const item = this.#vault.item(credentialItem({ id }));
    const before = await contentOf(item);
    await changeCredential();
    try {
      this.#store.save(changed);
    } catch (error) {
      await putBack(item, before);
      throw error;
    }
    return changed;
  }
}
