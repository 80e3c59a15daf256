import { app } from 'electron';
import { lastGoodItem } from '../../agent/session/stored-session.ts';
import { saveCredential } from '../../config/credential/credential.ts';
import { readEnvFile } from '../../config/env/env-file.ts';
import { defaultProfileOf, type Settings } from '../../config/profile/profile.ts';
import { SettingsError } from '../../config/rules/issue.ts';
import { firstSettings, Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore, type SettingsRead } from '../../config/settings/settings-file.ts';
import type { Places } from '../../system/places.ts';
import { openVault } from '../../vault/open-vault.ts';
import type { Vault } from '../../vault/store/vault.ts';

/** The settings at startup and their vault. */
export interface Configured {
  readonly settings: Settings;
  /** `passing`: from a `.env`, for this run only; nothing is stored. */
  readonly source: 'stored' | 'passing';
  readonly vault: Vault;
}

/**
 * Opens the stored settings, or with `--from-env=FILE` that file for this run, in memory only. Rejects with
 * `SettingsError` for an invalid FILE, and with `VaultError` if explicitly chosen storage cannot be used.
 */
export async function openConfigured(read: SettingsRead, where: Places): Promise<Configured> {
  const envFile = app.commandLine.getSwitchValue('from-env');
  if (envFile !== '') return passing(envFile);
  const settings = read.kind === 'ok' ? read.settings : firstSettings;
  const profile = defaultProfileOf(settings);
  const vault = await openVault({
    storage: settings.storage,
    directory: where.vaultDirectory,
    serviceName: where.vaultService,
    ...(profile && { provenBy: lastGoodItem(profile) }),
  });
  return { settings, source: 'stored', vault };
}

async function passing(envFile: string): Promise<Configured> {
  const imported = await readEnvFile(envFile);
  if (imported.kind === 'refused') throw new SettingsError(imported.issues);
  const { profile, credential } = imported;
  const vault = await openVault({ storage: 'memory', directory: '' });
  await saveCredential(vault, profile, credential);
  return { settings: { ...firstSettings, profiles: [profile] }, source: 'passing', vault };
}

/** Opens the stored registrations for changes; loads electron-store. */
export async function openRegistrations(where: Places, vault: Vault): Promise<Registrations> {
  const settings = await openSettingsStore(where.settingsFile, async (backing) => {
    const { default: ElectronStore } = await import('electron-store');
    return new ElectronStore<Record<string, unknown>>(backing);
  });
  return new Registrations({ settings, vault, now: Date.now });
}
