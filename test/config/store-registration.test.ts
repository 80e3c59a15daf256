import { expect, test } from 'vitest';
import { loadClientSecret, saveClientSecret } from '../../src/config/credential.ts';
import type { Profile, Settings } from '../../src/config/profile.ts';
import type { SettingsStore } from '../../src/config/settings-file.ts';
import { firstSettings, storeRegistration } from '../../src/config/store-registration.ts';
import { Secret } from '../../src/vault/secret.ts';
import { VaultError, type Vault } from '../../src/vault/vault.ts';
import { MemoryVault } from './memory-vault.ts';

const profile: Profile = {
  id: 'default',
  authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-55555555abcd',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: undefined,
};

function storeOf(stored: Settings | undefined): SettingsStore & { stored: Settings | undefined } {
  return {
    stored,
    get() {
      return this.stored === undefined ? { kind: 'absent' } : { kind: 'ok', settings: this.stored };
    },
    save(settings) {
      this.stored = settings;
    },
  };
}

async function secretIn(vault: Vault): Promise<string | undefined> {
  const loaded = await loadClientSecret(vault, profile);
  return loaded.kind === 'secret' ? loaded.secret.reveal() : undefined;
}

test('an import stores the profile and the secret, and keeps the other settings', async () => {
  const settings = storeOf({ ...firstSettings, clipboardClearSeconds: 5 });
  const vault = new MemoryVault();
  await storeRegistration({ settings, vault }, { profile, clientSecret: new Secret('a-new-secret') });
  expect(settings.stored).toEqual({ ...firstSettings, clipboardClearSeconds: 5, profiles: [profile] });
  expect(await secretIn(vault)).toBe('a-new-secret');
});

test('settings that refuse leave the stored secret as it was', async () => {
  const vault = new MemoryVault();
  await saveClientSecret(vault, profile, new Secret('the-good-one'));
  const settings: SettingsStore = {
    ...storeOf(undefined),
    save: () => {
      throw new Error('a newer version wrote these');
    },
  };
  await expect(
    storeRegistration({ settings, vault }, { profile, clientSecret: new Secret('another-one') }),
  ).rejects.toThrow('a newer version');
  expect(await secretIn(vault)).toBe('the-good-one');
});

test('a vault that refuses leaves the settings as they were', async () => {
  const before = { ...firstSettings, profiles: [{ ...profile, scopes: ['Mail.Read'] }] };
  const settings = storeOf(before);
  const refuse = (): Promise<never> => Promise.reject(new VaultError('locked'));
  const vault: Vault = {
    backend: 'secret-service',
    unavailable: undefined,
    item: (name) => ({ name, load: refuse, save: refuse, remove: refuse, quarantine: refuse }),
  };
  await expect(
    storeRegistration({ settings, vault }, { profile, clientSecret: new Secret('another-one') }),
  ).rejects.toThrow('locked');
  expect(settings.stored).toEqual(before);
});
