import { app } from 'electron';
import { lastGoodItem } from '../agent/stored-session.ts';
import { saveClientSecret } from '../config/credential.ts';
import { readEnvFile } from '../config/env-file.ts';
import { SettingsError } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Profile } from '../config/profile.ts';
import { openSettingsStore, type SettingsRead } from '../config/settings-file.ts';
import { CLIPBOARD_CLEAR_SECONDS, firstSettings, storeRegistration } from '../config/store-registration.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Vault } from '../vault/vault.ts';
import { importSettings, tellImported } from './import-settings.ts';

/** What is configured, and the vault that goes with it. */
export interface Registration {
  readonly profile: Profile | undefined;
  readonly vault: Vault;
  readonly clipboardClearSeconds: number;
}

/** The stored settings' registration; with `--from-env=FILE` that file's, for this run and in memory only. */
export async function openRegistration(settings: SettingsRead, where: Places): Promise<Registration> {
  const envFile = app.commandLine.getSwitchValue('from-env');
  if (envFile !== '') return registrationOf(envFile);
  const { profiles, storage, clipboardClearSeconds } =
    settings.kind === 'ok' ? settings.settings : firstSettings;
  const [profile] = profiles;
  const vault = await openVault({
    storage,
    directory: where.vaultDirectory,
    serviceName: where.vaultService,
    ...(profile === undefined ? {} : { provenBy: lastGoodItem(profile) }),
  });
  return { profile, vault, clipboardClearSeconds };
}

async function registrationOf(envFile: string): Promise<Registration> {
  const imported = await readEnvFile(envFile);
  if (imported.kind === 'refused') throw new SettingsError(imported.issues);
  const vault = await openVault({ storage: 'memory', directory: '' });
  await saveClientSecret(vault, imported.profile, imported.clientSecret);
  return { profile: imported.profile, vault, clipboardClearSeconds: CLIPBOARD_CLEAR_SECONDS };
}

/** A registration that was just stored. */
export interface ImportedRegistration {
  readonly profile: Profile;
  /** Tells the user; for when the registration is in use. */
  readonly tell: () => Promise<void>;
}

/** Stores the settings and the secret of a file that the user chooses; undefined when nothing was imported. */
export async function importRegistration(
  where: Places,
  vault: Vault,
): Promise<ImportedRegistration | undefined> {
  const imported = await importSettings(Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (imported === undefined) return undefined;
  const { profile, clientSecret } = imported;
  const store = await openSettingsStore(where.settingsFile, async (backing) => {
    const { default: ElectronStore } = await import('electron-store');
    return new ElectronStore<Record<string, unknown>>(backing);
  });
  await storeRegistration({ settings: store, vault }, { profile, clientSecret });
  return { profile, tell: () => tellImported(imported, vault.backend) };
}
