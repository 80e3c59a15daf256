import { describe, expect, it } from 'vitest';
import {
  loadCredential,
  revealCredential,
  saveCredential,
  type Credential,
} from '../../../src/config/credential/credential.ts';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { Secret } from '../../../src/system/secret.ts';
import { VaultError, type Vault } from '../../../src/vault/store/vault.ts';
import { MemoryVault } from '../memory-vault.ts';

const profile: Profile = {
  id: 'default',
  name: 'default',
  protocol: 'entra',
  extraScopes: [],
  authority: 'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-55555555abcd',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: ['User.Read'],
  schedule: undefined,
  continuousAccess: true,
  signIn: 'window',
};

async function storedFor(owner: Profile): Promise<MemoryVault> {
  const vault = new MemoryVault();
  await saveCredential(vault, owner, { kind: 'secret', secret: new Secret('s3cret~value') });
  return vault;
}

describe('the stored client secret', () => {
  it('is returned for the profile for which it was stored', async () => {
    const loaded = await loadCredential(await storedFor(profile), profile);
    expect(
      loaded.kind === 'credential' &&
        loaded.credential.kind === 'secret' &&
        loaded.credential.secret.reveal(),
    ).toBe('s3cret~value');
  });

  it('is stored under the name of its profile', async () => {
    expect([...(await storedFor(profile)).content.keys()]).toEqual(['default/credential']);
  });

  it.each<[string, Partial<Profile>]>([
    ['another host', { authority: 'https://login.evil.example/contoso.onmicrosoft.com' }],
    [
      'a host that only begins the same',
      { authority: 'https://login.microsoftonline.com.evil.example/contoso.onmicrosoft.com' },
    ],
    ['another port', { authority: 'https://login.microsoftonline.com:8443/contoso.onmicrosoft.com' }],
    ['another tenant', { authority: 'https://login.microsoftonline.com/fabrikam.onmicrosoft.com' }],
    ['another client', { clientId: '99999999-2222-3333-4444-55555555abcd' }],
  ])('is never given to %s', async (_, change) => {
    const loaded = await loadCredential(await storedFor(profile), { ...profile, ...change });
    expect(loaded).toEqual({ kind: 'bound-elsewhere' });
  });

  it.each<[string, Partial<Profile>]>([
    ['other scopes', { scopes: ['Mail.Read'] }],
    ['another redirect URI', { redirectUri: 'http://localhost:6000/getAToken' }],
    ['a schedule', { schedule: { cron: '0 7 * * *', timeZone: 'UTC' } }],
    ['the client id in other letters', { clientId: profile.clientId.toUpperCase() }],
  ])('stays usable with %s', async (_, change) => {
    const loaded = await loadCredential(await storedFor(profile), { ...profile, ...change });
    expect(loaded.kind).toBe('credential');
  });

  it('is none if nothing was stored', async () => {
    expect(await loadCredential(new MemoryVault(), profile)).toEqual({ kind: 'none' });
  });

  it.each(['', '{"version":1', 'null', '{"version":0}', '"s3cret"', '{"version":1,"secret":"x"}'])(
    'is set aside when its record is damaged: %s',
    async (text) => {
      const vault = new MemoryVault();
      vault.content.set('default/credential', text);
      expect(await loadCredential(vault, profile, 7)).toEqual({
        kind: 'none',
        setAsideAs: 'default/credential.corrupt-7',
      });
      expect(vault.content.get('default/credential.corrupt-7')).toBe(text);
    },
  );

  it('of a later version stays as it is, and an update is requested', async () => {
    const vault = new MemoryVault();
    vault.content.set('default/credential', '{"version":2}');
    await expect(loadCredential(vault, profile, 7)).rejects.toThrow(/newer version of Tokentray; update/u);
    expect([...vault.content]).toEqual([['default/credential', '{"version":2}']]);
  });

  it('that the store can no longer read is set aside and must be entered again', async () => {
    const vault = await storedFor(profile);
    const item = vault.item('default/credential');
    const damaged: Vault = {
      backend: 'dpapi',
      unavailable: undefined,
      selfTest: () => Promise.resolve(),
      retry: () => Promise.resolve(),
      item: () => ({ ...item, load: () => Promise.reject(new VaultError('damaged', 'corrupt')) }),
    };
    expect(await loadCredential(damaged, profile, 7)).toEqual({
      kind: 'none',
      setAsideAs: 'default/credential.corrupt-7',
    });
  });
});

describe('a stored credential', () => {
  it.each<[string, Credential]>([
    ['secret', { kind: 'secret', secret: new Secret('s3cret') }],
    ['certificate', { kind: 'certificate', certificate: 'PEM', privateKey: new Secret('KEY') }],
    ['assertion file', { kind: 'assertion-file', path: '/run/assertion' }],
  ])('comes back as it was, with its age: %s', async (_, credential) => {
    const vault = new MemoryVault();
    await saveCredential(vault, profile, credential, 42);
    const loaded = await loadCredential(vault, profile);
    expect(loaded).toMatchObject({ kind: 'credential', importedAt: 42 });
    expect(loaded.kind === 'credential' && revealCredential(loaded.credential)).toEqual(
      revealCredential(credential),
    );
    expect(JSON.stringify(loaded)).not.toMatch(/s3cret|KEY/u);
    expect(await loadCredential(vault, { ...profile, clientId: 'other' })).toEqual({
      kind: 'bound-elsewhere',
    });
  });

  it('of an OpenID provider is bound to the exact client ID and issuer', async () => {
    const oidc: Profile = {
      ...profile,
      protocol: 'oidc',
      clientId: 'My-App',
      authority: 'https://idp.example.com/Realm',
    };
    const vault = await storedFor(oidc);
    expect((await loadCredential(vault, oidc)).kind).toBe('credential');
    for (const change of [{ clientId: 'my-app' }, { authority: 'https://idp.example.com/realm' }])
      expect((await loadCredential(vault, { ...oidc, ...change })).kind).toBe('bound-elsewhere');
  });
});
