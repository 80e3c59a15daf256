import { describe, expect, test } from 'vitest';
import { problem } from '../../../../src/words/problem.ts';
import { SettingsError, settingsIssue } from '../../../../src/config/rules/issue.ts';
import { NO_HOOKS, type Settings } from '../../../../src/config/profile/profile.ts';
import { firstSettings } from '../../../../src/config/settings/registrations.ts';
import { credentialFacts, credentialView } from '../../../../src/tray/calls/credentials/view.ts';
import { settingsView, type SettingsFacts } from '../../../../src/tray/calls/settings/settings-view.ts';
import { StoredCredentials } from '../../../../src/tray/calls/credentials/stored-credentials.ts';
import { saveCredential } from '../../../../src/config/credential/credential.ts';
import { Secret } from '../../../../src/system/secret.ts';
import { VaultError } from '../../../../src/vault/store/vault.ts';
import type { SettingsView } from '../../../../src/pages/bridge/contract.ts';
import type { Agent } from '../../../../src/agent/agent.ts';
import { profile, TestVault } from '../../../agent/fixtures/fixture.ts';
import { fakeAgent, fakeProfiles } from '../../../outlets/fixtures/fake-agent.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;
const SECRET = 'abc8Q~storedSomeDaysAgo';

const facts: SettingsFacts = {
  settings: firstSettings,
  trouble: undefined,
  source: 'stored',
  credentialOf: () => ({ kind: 'none', said: 'Nothing is stored.' }),
  startAtLogin: 'off',
  outlets: { loopback: { kind: 'off' }, shellCache: { kind: 'off' } },
  shellCache: 'yes',
  tokenFileTroubles: () => [],
  vault: { backend: 'secret-service', unavailable: undefined },
  places: { settingsFile: '/home/ada/settings.json', socketPath: '/run/agent.sock' },
  systemZone: 'Europe/Berlin',
};
const viewOf = (settings: Partial<Settings>, more: Partial<SettingsFacts> = {}): SettingsView =>
  settingsView({ ...facts, ...more, settings: { ...firstSettings, ...settings } });

describe('the Settings view', () => {
  test('starts with a form in the system’s time zone if nothing is set up', () => {
    const { profiles, fresh } = viewOf({});
    expect(profiles).toEqual([]);
    expect(fresh.schedule).toMatchObject({ timeZone: 'Europe/Berlin' });
  });

  test('says why the settings file cannot be used', () => {
    const issue = settingsIssue('profiles.0.clientId', 'x', 'settings.rule.client-id');
    expect(viewOf({}, { trouble: new SettingsError([issue]) }).trouble).toMatch(
      /cannot be used.*profiles\.0\.clientId/u,
    );
    expect(viewOf({})).not.toHaveProperty('trouble');
  });

  test('holds every profile as a form, and says which one is the default', () => {
    const profiles = [profile, { ...profile, id: 'work', name: 'Work' }];
    const isDefault = (settings: Partial<Settings>): boolean[] =>
      viewOf({ profiles, ...settings }).profiles.map((one) => one.isDefault);
    expect(isDefault({})).toEqual([true, false]);
    expect(isDefault({ defaultProfile: 'work' })).toEqual([false, true]);
    expect(viewOf({ profiles }).profiles[1]?.draft).toMatchObject({ name: 'Work', scopes: 'User.Read' });
  });

  test('holds each token file with its own problem', () => {
    const trouble = problem('storage', 'token-file.write', { path: '/b', detail: 'EACCES' });
    const file = { profile: 'default', scopes: undefined, format: 'bare' } as const;
    const { outlets } = viewOf(
      {
        profiles: [profile],
        tokenFiles: [
          { ...file, path: '/a' },
          { ...file, path: '/b', scopes: ['a', 'b'] },
        ],
      },
      { tokenFileTroubles: (id) => (id === 'default' ? [trouble] : []) },
    );
    expect(outlets.tokenFiles).toMatchObject([
      { path: '/a', scopes: [] },
      { path: '/b', scopes: ['a', 'b'], trouble: { code: 'token-file.write' } },
    ]);
    expect(outlets.tokenFiles[0]).not.toHaveProperty('trouble');
  });

  test('holds the loopback server’s setting and state', () => {
    const loopbackOf = (loopback: SettingsFacts['outlets']['loopback']): unknown =>
      viewOf({ loopback: true }, { outlets: { loopback, shellCache: { kind: 'off' } } }).outlets.loopback;
    expect(loopbackOf({ kind: 'on', port: 4711 })).toEqual({ wanted: 'on', port: 4711 });
    const held = problem('admin', 'port-in-use', { port: 4711, holder: '' });
    expect(loopbackOf({ kind: 'trouble', problem: held })).toMatchObject({
      wanted: 'on',
      trouble: { code: 'port-in-use' },
    });
    expect(viewOf({}).outlets.loopback).toEqual({ wanted: 'off' });
  });

  test('holds every hook that is set', () => {
    const hooks = { ...NO_HOOKS, 'signed-out': ['/bin/true', 'x'] };
    expect(viewOf({ hooks }).outlets.hooks).toEqual([{ event: 'signed-out', command: ['/bin/true', 'x'] }]);
  });

  test('says where secrets are stored, and why not where they should be', () => {
    expect(viewOf({}).storage).toContain('Secret Service');
    const unavailable = { kind: 'locked', detail: 'no prompt' } as const;
    expect(viewOf({}, { vault: { backend: 'memory', unavailable } }).storage).toContain('locked');
  });
});

describe('a stored credential', () => {
  test.each([
    [0, 'today'],
    [1, 'yesterday'],
    [12, '12 days ago'],
    [-3, 'today'],
  ])('is shown with its age: %i days', (days, said) => {
    const importedAt = NOW - days * DAY_MS;
    const secret = new Secret(SECRET);
    const view = credentialView(
      credentialFacts({ kind: 'credential', credential: { kind: 'secret', secret }, importedAt }),
      NOW,
    );
    expect(view).toEqual({ kind: 'secret', said: `A client secret, stored ${said}.` });
  });

  test('that is damaged, missing, or another registration’s is shown as none', () => {
    for (const kind of ['damaged', 'none', 'bound-elsewhere'] as const)
      expect(credentialView(credentialFacts({ kind }), NOW).kind).toBe('none');
    const privateKey = new Secret('x');
    const damaged = { kind: 'certificate', certificate: 'no PEM', privateKey } as const;
    const facts = credentialFacts({ kind: 'credential', credential: damaged, importedAt: NOW });
    expect(credentialView(facts, NOW)).toMatchObject({ kind: 'certificate' });
  });

  test('that is a certificate shows its subject shortened and without bidirectional control characters', () => {
    const subject = `CN=\u202Eevil\n${'x'.repeat(500)}`;
    const { said } = credentialView({ kind: 'certificate', subject, notAfter: NOW }, NOW);
    expect(said).toContain(String.raw`CN=\u202eevil\u000a`);
    expect(said.length).toBeLessThan(160);
  });

  const agentOf = (): Agent => fakeProfiles(fakeAgent()).list[0]!;

  test('is looked up once per agent', async () => {
    const vault = new TestVault();
    const credentials = new StoredCredentials(vault);
    const first = agentOf();
    expect(await credentials.of(first)).toEqual({ kind: 'none' });
    await saveCredential(vault, first.profile, { kind: 'secret', secret: new Secret(SECRET) }, NOW);
    vault.calls.length = 0;
    expect(await credentials.of(first)).toEqual({ kind: 'none' });
    expect(vault.calls).toEqual([]);
    expect(await credentials.of(agentOf())).toEqual({ kind: 'secret', importedAt: NOW });
  });

  test('is looked up one after the other, and once for any number of callers', async () => {
    const vault = new TestVault();
    let underWay = 0;
    const most: number[] = [];
    vault.fault = async () => {
      underWay += 1;
      most.push(underWay);
      await Promise.resolve();
      underWay -= 1;
    };
    const credentials = new StoredCredentials(vault);
    const agents = Array.from({ length: 10 }, agentOf);
    await Promise.all([...agents, ...agents].map((agent) => credentials.of(agent)));
    expect(most).toEqual(agents.map(() => 1));
  });

  /** A locked keyring: each look-up shows a prompt. */
  const locked = (): TestVault => {
    const vault = new TestVault();
    vault.fault = () => new VaultError('locked');
    return vault;
  };

  test('is not looked up again within a minute after the store refused', async () => {
    const vault = locked();
    let now = NOW;
    const credentials = new StoredCredentials(vault, () => now);
    const agents = Array.from({ length: 10 }, agentOf);
    const look = (): Promise<unknown[]> => Promise.all(agents.map((agent) => credentials.of(agent)));
    for (let times = 0; times < 20; times += 1)
      expect(await look()).toEqual(agents.map(() => ({ kind: 'unavailable' })));
    now += 59_999;
    await look();
    expect(vault.calls).toHaveLength(1);
    now += 1;
    await look();
    expect(vault.calls).toHaveLength(2);
    now += 60_000;
    vault.fault = undefined;
    expect(await look()).toEqual(agents.map(() => ({ kind: 'none' })));
  });

  test('of a changed profile is looked up at once, and once for all changed profiles', async () => {
    const vault = locked();
    const credentials = new StoredCredentials(vault, () => NOW);
    await credentials.of(agentOf());
    await Promise.all(Array.from({ length: 10 }, agentOf).map((agent) => credentials.of(agent)));
    expect(vault.calls).toHaveLength(2);
  });

  test('is looked up as soon as the vault has its store back', async () => {
    const vault = new TestVault({ kind: 'locked', detail: '' });
    const credentials = new StoredCredentials(vault, () => NOW);
    const agent = agentOf();
    expect(await credentials.of(agent)).toEqual({ kind: 'unavailable' });
    vault.unavailable = undefined;
    expect(await credentials.of(agent)).toEqual({ kind: 'none' });
  });

  test('of a slow store comes later, and a refusal ends the wait for all', async () => {
    const vault = new TestVault();
    let refuse = (): void => undefined;
    vault.fault = () =>
      new Promise((_resolve, reject) => {
        refuse = () => reject(new VaultError('locked'));
      });
    const credentials = new StoredCredentials(vault, () => NOW);
    const agents = [agentOf(), agentOf(), agentOf()];
    const first = await credentials.seen(agents, Promise.resolve());
    expect([first.known.size, vault.calls.length]).toEqual([0, 1]);
    refuse();
    await first.rest;
    const second = await credentials.seen(agents, new Promise(() => undefined));
    expect([...second.known.values()]).toEqual(agents.map(() => ({ kind: 'unavailable' })));
    // Nothing more comes later: otherwise each announcement would cause another look-up.
    expect([second.rest, vault.calls.length]).toEqual([undefined, 1]);
  });
});
