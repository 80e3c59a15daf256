import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCredential } from '../../../src/config/credential/credential.ts';
import { SettingsError } from '../../../src/config/rules/issue.ts';
import { NO_HOOKS, type Profile, type Settings } from '../../../src/config/profile/profile.ts';
import {
  firstSettings,
  Registrations,
  type Registration,
} from '../../../src/config/settings/registrations.ts';
import {
  openSettingsStore,
  readSettings,
  type SettingsStore,
} from '../../../src/config/settings/settings-file.ts';
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
const named = (id: string, change: Partial<Profile> = {}): Profile => ({
  ...profile,
  id,
  name: id,
  ...change,
});
const secret = (value: string) => ({ kind: 'secret', secret: new Secret(value) }) as const;

let directory: string;
let file: string;
let settings: SettingsStore;
let vault: MemoryVault;
beforeEach(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'tokentray-registrations-'));
  file = path.join(directory, 'settings.json');
  settings = await openSettingsStore(file);
  vault = new MemoryVault();
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (other: { settings?: SettingsStore; vault?: Vault } = {}): Registrations =>
  new Registrations({ settings, vault, now: () => 7, ...other });

const registration = (one: Profile, change: Partial<Registration> = {}): Registration => ({
  profile: one,
  credential: secret(`secret of ${one.id}`),
  rank: 'further',
  tokenFiles: undefined,
  ...change,
});

async function secretOf(one: Profile): Promise<string | undefined> {
  const loaded = await loadCredential(vault, one);
  return loaded.kind === 'credential' && loaded.credential.kind === 'secret'
    ? loaded.credential.secret.reveal()
    : undefined;
}

/** A locked vault. */
const refuse = (): Promise<never> => Promise.reject(new VaultError('locked'));
const locked: Vault = {
  backend: 'secret-service',
  unavailable: undefined,
  selfTest: refuse,
  retry: () => Promise.resolve(),
  item: (name) => ({
    name,
    load: () => Promise.resolve(undefined),
    save: refuse,
    remove: refuse,
    quarantine: refuse,
  }),
};

describe('a registration that is put', () => {
  it('stores profile and credential, and keeps the other settings and unknown keys', async () => {
    settings.save({ ...firstSettings, clipboardClearSeconds: 5 });
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), theme: 'dark' }),
    );
    await open().put(registration(profile));
    expect(open().current).toEqual({ ...firstSettings, clipboardClearSeconds: 5, profiles: [profile] });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ theme: 'dark' });
    expect(await secretOf(profile)).toBe('secret of default');
  });

  it('replaces the one with its ID in its place; others keep theirs', async () => {
    for (const id of ['a', 'b', 'c']) await open().put(registration(named(id)));
    const changed = await open().put(
      registration(named('b', { scopes: ['Mail.Read'] }), { rank: 'default' }),
    );
    expect(changed.profiles.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(changed.profiles[1]?.scopes).toEqual(['Mail.Read']);
    expect(changed.defaultProfile).toBe('b');
    expect(settings.get()).toEqual({ kind: 'ok', settings: changed });
  });

  it('replaces its own token files only', async () => {
    const fileOf = (id: string, name: string) =>
      ({ path: `/run/${name}`, profile: id, scopes: undefined, format: 'bare' }) as const;
    await open().put(registration(named('a'), { tokenFiles: [fileOf('a', '1')] }));
    await open().put(registration(named('b'), { tokenFiles: [fileOf('b', '2')] }));
    const changed = await open().put(registration(named('a'), { tokenFiles: [fileOf('a', '3')] }));
    expect(changed.tokenFiles.map((one) => one.path)).toEqual(['/run/2', '/run/3']);
    expect((await open().put(registration(named('a')))).tokenFiles).toEqual(changed.tokenFiles);
  });

  it('without a credential leaves the stored one, and asks no vault', async () => {
    await open().put(registration(profile));
    await open({ vault: locked }).put(
      registration({ ...profile, scopes: ['Mail.Read'] }, { credential: undefined }),
    );
    expect(await secretOf(profile)).toBe('secret of default');
  });

  it('of another client or authority takes no place unless that is said', async () => {
    await open().put(registration(profile));
    const before = readFileSync(file, 'utf8');
    for (const change of [
      { clientId: '99999999-2222-3333-4444-55555555abcd' },
      { authority: 'https://login.microsoftonline.com/fabrikam.onmicrosoft.com' },
    ]) {
      const other = registration({ ...profile, ...change }, { credential: secret('another') });
      await expect(open().put(other)).rejects.toThrow(/--profile ID.*--profile default\./u);
      expect([readFileSync(file, 'utf8'), await secretOf(profile)]).toEqual([before, 'secret of default']);
      await expect(open().put(other)).rejects.toThrow(Object.values(change)[0]);
    }
    const replaced = { ...profile, clientId: '99999999-2222-3333-4444-55555555abcd' };
    expect((await open().put(registration(replaced, { replaces: 'any' }))).profiles).toEqual([replaced]);
  });

  it('may change an existing profile’s registration, but does not restore a profile removed in the meantime', async () => {
    await open().put(registration(profile));
    const changed = { ...profile, clientId: '99999999-2222-3333-4444-55555555abcd' };
    const change = registration(changed, { replaces: 'existing', credential: secret('changed') });
    expect((await open().put(change)).profiles).toEqual([changed]);
    await open().remove('default');
    await expect(open().put(change)).rejects.toThrow(/^profile default: It was removed/u);
    expect([open().current.profiles, await secretOf(changed)]).toEqual([[], undefined]);
  });

  it('is the same in other letters', async () => {
    await open().put(registration(profile));
    const same = { ...profile, clientId: profile.clientId.toUpperCase() };
    expect((await open().put(registration(same))).profiles).toEqual([same]);
  });

  it('and breaks a rule changes nothing', async () => {
    await open().put(registration(profile));
    const before = readFileSync(file, 'utf8');
    const wrong = registration({ ...profile, scopes: [] }, { credential: secret('another') });
    await expect(open().put(wrong)).rejects.toThrow(SettingsError);
    expect([readFileSync(file, 'utf8'), await secretOf(profile)]).toEqual([before, 'secret of default']);
  });
});

describe('a vault that refuses', () => {
  it('leaves the settings as they were', async () => {
    await open().put(registration(profile));
    const before = readFileSync(file, 'utf8');
    await expect(open({ vault: locked }).put(registration(named('b')))).rejects.toThrow('locked');
    await expect(open({ vault: locked }).remove('default')).rejects.toThrow('locked');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('leaves no settings file if there was none', async () => {
    await expect(open({ vault: locked }).put(registration(profile))).rejects.toThrow(VaultError);
    expect(existsSync(file)).toBe(false);
  });
});

describe('a settings file that cannot be written', () => {
  const failing = (): SettingsStore => ({
    ...settings,
    save: () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    },
  });

  it('leaves the stored credential as it was', async () => {
    await open().put(registration(profile));
    const wrong = registration(profile, { credential: secret('another') });
    await expect(open({ settings: failing() }).put(wrong)).rejects.toThrow('no space');
    await expect(open({ settings: failing() }).remove('default')).rejects.toThrow('no space');
    expect(await secretOf(profile)).toBe('secret of default');
  });

  it('leaves no credential if there was none', async () => {
    await expect(open({ settings: failing() }).put(registration(profile))).rejects.toThrow('no space');
    expect([...vault.content.keys()]).toEqual([]);
  });
});

describe('a profile', () => {
  it('is removed with credential, token files and its rank', async () => {
    await open().put(registration(named('a')));
    const tokenFiles = [{ path: '/run/t', profile: 'b', scopes: undefined, format: 'bare' } as const];
    await open().put(registration(named('b'), { rank: 'default', tokenFiles }));
    const changed = await open().remove('b');
    expect(changed).toEqual({ ...firstSettings, profiles: [named('a')] });
    expect(settings.get()).toEqual({ kind: 'ok', settings: changed });
    expect([...vault.content.keys()]).toEqual(['a/credential']);
  });

  it('becomes the default', async () => {
    for (const id of ['a', 'b']) await open().put(registration(named(id)));
    expect(open().setDefault('b').defaultProfile).toBe('b');
    expect(readSettings(file)).toMatchObject({ settings: { defaultProfile: 'b' } });
  });

  it('is signed in to with the browser, and nothing else of it or of another changes', async () => {
    for (const id of ['a', 'b']) await open().put(registration(named(id)));
    const before = open().current;
    const changed = open().setSignIn('b', 'browser');
    expect(changed).toEqual({ ...before, profiles: [named('a'), named('b', { signIn: 'browser' })] });
    expect(readSettings(file)).toEqual({ kind: 'ok', settings: changed });
    expect(await secretOf(named('b'))).toBe('secret of b');
  });

  it('that is not there is refused', async () => {
    expect(() => open().setSignIn('gone', 'browser')).toThrow(/ID of an existing profile/u);
    expect(() => open().setDefault('gone')).toThrow(/ID of an existing profile/u);
    await expect(open().remove('gone')).rejects.toThrow(SettingsError);
  });
});

describe('settings that are adopted', () => {
  const others: Settings = {
    ...firstSettings,
    profiles: [named('b'), { ...profile, name: 'Renamed', scopes: ['Mail.Read'] }],
    defaultProfile: 'b',
    tokenFiles: [{ path: '/run/t', profile: 'b', scopes: undefined, format: 'json' }],
    hooks: { ...NO_HOOKS, failed: ['/bin/true'] },
    clipboardClearSeconds: 0,
  };

  it('take the place of all, keep credentials, and ask no vault', async () => {
    await open().put(registration(profile));
    const before = open().current;
    expect(open({ vault: locked }).adopt({ before, settings: others })).toEqual(others);
    expect(settings.get()).toEqual({ kind: 'ok', settings: others });
    expect(await secretOf(profile)).toBe('secret of default');
  });

  it('may be the first ones', () => {
    expect(open().adopt({ before: firstSettings, settings: others })).toEqual(others);
    expect(settings.get()).toEqual({ kind: 'ok', settings: others });
  });

  it.each<[string, (before: Settings) => { before: Settings; settings: Settings }]>([
    ['when something was changed meanwhile', () => ({ before: firstSettings, settings: others })],
    [
      'when one of them breaks a rule',
      (before) => ({ before, settings: { ...others, clipboardClearSeconds: -1 } }),
    ],
    [
      'when a schedule never comes',
      (before) => ({
        before,
        settings: {
          ...others,
          profiles: [named('b'), { ...profile, schedule: { cron: '0 7 31 2 *', timeZone: 'UTC' } }],
        },
      }),
    ],
    [
      'when a profile is missing among them',
      (before) => ({ before, settings: { ...others, profiles: [named('b')] } }),
    ],
    [
      'when one has the id of another registration',
      (before) => ({
        before,
        settings: {
          ...others,
          profiles: [named('b'), { ...profile, authority: 'https://login.microsoftonline.com/fabrikam.com' }],
        },
      }),
    ],
  ])('are refused whole %s', async (_, adoption) => {
    await open().put(registration(profile));
    const text = readFileSync(file, 'utf8');
    expect(() => open().adopt(adoption(open().current))).toThrow(SettingsError);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('settings that are not usable are never written over', () => {
  it('those that break a rule stay, and all errors are reported', async () => {
    const text = JSON.stringify({ schemaVersion: 1, profiles: [], logLevel: 'loud' });
    writeFileSync(file, text);
    await expect(open().put(registration(profile))).rejects.toThrow(
      /settings\.json: It breaks the following rules.*\nlogLevel: .* Found: loud/su,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect([...vault.content.keys()]).toEqual([]);
  });

  it('those that are not JSON are kept under the reported name, and the next attempt starts from none', async () => {
    writeFileSync(file, '{"schemaVersion":1,');
    await expect(open().put(registration(profile))).rejects.toThrow(/was kept as .*\.corrupt-/u);
    const [aside = ''] = readdirSync(directory).filter((name) => name.includes('.corrupt-'));
    expect(readFileSync(path.join(directory, aside), 'utf8')).toBe('{"schemaVersion":1,');
    expect((await open().put(registration(profile))).profiles).toEqual([profile]);
  });

  it.each<[string, (registrations: Registrations) => unknown]>([
    ['what is set', (registrations) => registrations.current],
    ['a registration', (registrations) => registrations.put(registration(profile))],
    ['a removal', (registrations) => registrations.remove('default')],
    ['a new default', (registrations) => registrations.setDefault('default')],
  ])('damaged while a host ran, they are reported to the first caller of %s', async (_, ask) => {
    await open().put(registration(profile));
    writeFileSync(file, '{"schemaVersion":1,');
    const opened = open({ settings: await openSettingsStore(file) });
    await expect(Promise.resolve().then(() => ask(opened))).rejects.toThrow(/was kept as .*\.corrupt-/u);
    expect(existsSync(file)).toBe(false);
    expect((await opened.put(registration(named('next')))).profiles).toEqual([named('next')]);
  });

  it('a file that breaks a rule gives no settings', () => {
    writeFileSync(file, JSON.stringify({ schemaVersion: 1, profiles: [], logLevel: 'loud' }));
    expect(() => open().current).toThrow(/logLevel/u);
  });
});
