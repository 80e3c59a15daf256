import { app } from 'electron';
import { lastGoodItem } from '../../agent/session/stored-session.ts';
import { saveCredential } from '../../config/credential/credential.ts';
import { readEnvFile } from '../../config/env/env-file.ts';
import { SettingsError } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { defaultProfileOf, type Settings } from '../../config/profile/profile.ts';
import { firstSettings, Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore, type SettingsRead } from '../../config/settings/settings-file.ts';
import { openVault } from '../../vault/open-vault.ts';
import type { Vault } from '../../vault/store/vault.ts';

/** What is configured, and the vault that goes with it. */
export interface Configured {
  readonly settings: Settings;
  /** `passing`: of a `.env`, for this run; nothing of it is written anywhere. */
  readonly source: 'stored' | 'passing';
  readonly vault: Vault;
}

/**
 * The stored settings; with `--from-env=FILE` that file's, for this run and in memory only. Rejects with
 * `SettingsError` for that file, and with `VaultError` where storage that was chosen explicitly cannot be used.
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
    ...(profile === undefined ? {} : { provenBy: lastGoodItem(profile) }),
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

/** The way to change what is registered; electron-store is loaded here. */
export async function openRegistrations(where: Places, vault: Vault): Promise<Registrations> {
  const settings = await openSettingsStore(where.settingsFile, async (backing) => {
    const { default: ElectronStore } = await import('electron-store');
    return new ElectronStore<Record<string, unknown>>(backing);
  });
  return new Registrations({ settings, vault, now: Date.now });
}
