import type { Secret } from '../vault/secret.ts';
import type { Vault } from '../vault/vault.ts';
import { saveClientSecret } from './credential.ts';
import type { Profile, Settings } from './profile.ts';
import type { SettingsStore } from './settings-file.ts';

/** Gone from the clipboard after a minute unless the settings say otherwise (DESIGN, What people see). */
export const CLIPBOARD_CLEAR_SECONDS = 60;

/** What holds until somebody says otherwise. */
export const firstSettings: Settings = {
  schemaVersion: 1,
  profiles: [],
  storage: 'auto',
  clipboardClearSeconds: CLIPBOARD_CLEAR_SECONDS,
};

/**
 * Stores an imported registration: the profile in the settings, the secret in the vault, or neither. The
 * settings go first, because they are what may be refused; the secret that was there is not overwritten then.
 * Rejects with `SettingsError`, `VaultError` or the file system's error.
 */
export async function storeRegistration(
  to: { readonly settings: SettingsStore; readonly vault: Vault },
  registration: { readonly profile: Profile; readonly clientSecret: Secret },
): Promise<void> {
  const { settings, vault } = to;
  const before = settings.get();
  const kept = before.kind === 'ok' ? before.settings : firstSettings;
  settings.save({ ...kept, profiles: [registration.profile] });
  try {
    await saveClientSecret(vault, registration.profile, registration.clientSecret);
  } catch (error) {
    if (before.kind === 'ok') settings.save(before.settings);
    throw error;
  }
}
