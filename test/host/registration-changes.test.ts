import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Grant } from '../../src/agent/authority/authority.ts';
import { Profiles } from '../../src/agent/profiles.ts';
import { problem, ProblemError } from '../../src/words/problem.ts';
import type { Agent } from '../../src/agent/agent.ts';
import type { Profile, Settings } from '../../src/config/profile/profile.ts';
import { firstSettings, Registrations } from '../../src/config/settings/registrations.ts';
import { openSettingsStore } from '../../src/config/settings/settings-file.ts';
import { RegistrationChanges } from '../../src/host/registration-changes.ts';
import { Secret } from '../../src/system/secret.ts';
import { byHand } from '../agent/fixtures/fake-authority.ts';
import { signedIn, told } from '../agent/fixtures/fixture.ts';
import { MemoryVault } from '../config/memory-vault.ts';
import { profile } from '../outlets/fixtures/fake-agent.ts';

const here: Profile = { ...profile, id: 'here' };
const elsewhere: Profile = { ...profile, id: 'elsewhere', redirectUri: 'https://app.example.org/back' };
const also: Profile = { ...profile, id: 'also' };

/** A host with pages, which refuses a default that is not on this machine; records what is done, in order. */
function hostWith(profiles: readonly Profile[]): { changes: RegistrationChanges; done: string[] } {
  let settings: Settings = { ...firstSettings, profiles };
  const done: string[] = [];
  const refused = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const changes = new RegistrationChanges({
    registrations: {
      get current() {
        return settings;
      },
      put: refused,
      remove: (id) => {
        done.push(`remove ${id}`);
        settings = { ...settings, profiles: settings.profiles.filter((one) => one.id !== id) };
        return Promise.resolve(settings);
      },
      setDefault: () => settings,
      setSignIn: () => settings,
      change: (change) => (settings = { ...settings, ...change }),
      adopt: ({ settings: adopted }) => (settings = adopted),
      addTokenFile: () => settings,
      removeTokenFile: () => settings,
    },
    profiles: {
      get: (id) =>
        ({
          signOut: () => {
            done.push(`sign-out ${String(id)}`);
            return Promise.resolve(undefined);
          },
        }) as unknown as Agent,
      apply: () => Promise.resolve(),
      reopen: () => Promise.resolve(),
    },
    pages: {
      allowDefault: (wanted) => {
        if (wanted?.redirectUri.startsWith('https:') !== true) return;
        const { redirectUri } = wanted;
        throw new ProblemError(problem('admin', 'redirect-not-loopback', { redirectUri }));
      },
      open: () => Promise.resolve(),
      keepOnly: () => Promise.resolve(),
    },
    outlets: { apply: () => Promise.resolve() },
  });
  return { changes, done };
}

test('a removal that would leave a default without a possible sign-in is refused before the sign-out', async () => {
  const { changes, done } = hostWith([here, elsewhere]);
  await expect(changes.remove('here')).rejects.toMatchObject({ problem: { code: 'redirect-not-loopback' } });
  expect(done).toEqual([]);
});

test('a removal that leaves a usable default, or none, is done', async () => {
  const { changes, done } = hostWith([here, also, elsewhere]);
  expect(await changes.remove('here')).toBeUndefined();
  expect(done).toEqual(['sign-out here', 'remove here']);
  expect(await changes.remove('elsewhere')).toBeUndefined();
  expect(await changes.remove('also')).toBeUndefined();
});

describe('settings from a file', () => {
  const before: Settings = { ...firstSettings, profiles: [here] };
  const settings: Settings = { ...before, profiles: [here, also], clipboardClearSeconds: 5 };

  /** The actions of a host, in order; `failing` refuses. */
  function follower(failing?: 'open' | 'adopt'): { changes: RegistrationChanges; done: string[] } {
    const done: string[] = [];
    const ids = (profiles: readonly Profile[]): string => profiles.map(({ id }) => id).join(' ');
    const refusedBy = (step: string): void => {
      if (failing === step) throw new Error(`${step} refuses`);
    };
    const never = (): never => {
      throw new Error('not asked for');
    };
    const does = (text: string): Promise<void> => {
      done.push(text);
      return Promise.resolve();
    };
    const changes = new RegistrationChanges({
      registrations: {
        current: before,
        put: never,
        remove: never,
        setDefault: never,
        setSignIn: never,
        change: never,
        adopt: (adoption) => {
          refusedBy('adopt');
          done.push(`adopt ${ids(adoption.settings.profiles)}`);
          return adoption.settings;
        },
        addTokenFile: never,
        removeTokenFile: never,
      },
      profiles: {
        get: () => undefined,
        apply: ({ profiles }) => does(`profiles ${ids(profiles)}`),
        reopen: never,
      },
      pages: {
        allowDefault: (profile) => void done.push(`default ${profile?.id ?? ''}`),
        open: (profiles) => {
          refusedBy('open');
          return does(`open ${ids(profiles)}`);
        },
        keepOnly: (profiles) => does(`keep ${ids(profiles)}`),
      },
      outlets: { apply: ({ clipboardClearSeconds }) => does(`outlets ${clipboardClearSeconds}`) },
    });
    return { changes, done };
  }

  test('are followed by sessions, outlets and pages', async () => {
    const { changes, done } = follower();
    await changes.adopt({ before, settings });
    expect(done).toEqual([
      'default here',
      'open here here also',
      'adopt here also',
      'profiles here also',
      'outlets 5',
      'keep here also',
    ]);
  });

  test('that are refused leave everything as it was', async () => {
    const { changes, done } = follower('adopt');
    await expect(changes.adopt({ before, settings })).rejects.toThrow('adopt refuses');
    expect(done).toEqual(['default here', 'open here here also', 'keep here']);
  });

  test('are not stored where the pages cannot be opened', async () => {
    const { changes, done } = follower('open');
    await expect(changes.adopt({ before, settings })).rejects.toThrow('open refuses');
    expect(done).toEqual(['default here']);
  });
});

test('another way to sign in is stored; session, token and requests under way stay', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tokentray-way-'));
  const settings = await openSettingsStore(path.join(directory, 'settings.json'));
  const registrations = new Registrations({ settings, vault: new MemoryVault(), now: () => 7 });
  const credential = { kind: 'secret', secret: new Secret('a secret of the tests') } as const;
  const schedule = { at: '07:00', timeZone: 'Asia/Seoul' } as const;
  const work: Profile = { ...profile, id: 'work', schedule };
  await registrations.put({ profile: work, credential, rank: 'further', tokenFiles: undefined });
  const { agent, authority } = await signedIn({ profile: work });
  const profiles = new Profiles(() => agent);
  await profiles.apply(registrations.current);
  const changes = new RegistrationChanges({
    registrations,
    profiles,
    pages: undefined,
    outlets: { apply: () => Promise.resolve() },
  });
  const before = told(await agent.getToken());
  const slow = byHand<Grant>();
  authority.onRenew = () => slow.promise;
  const asked = agent.getToken({ fresh: 'always' });
  try {
    await changes.setSignIn('work', 'browser');
    const renamed: Profile = { ...work, name: 'At work', signIn: 'browser' };
    await changes.put({ profile: renamed, credential: undefined, rank: 'further', tokenFiles: undefined });
    expect(registrations.current.profiles).toEqual([renamed]);
    expect(profiles.get('work')).toBe(agent);
    expect(agent.profile).toEqual(renamed);
    expect(told(await agent.getToken())).toBe(before);
    slow.resolve(authority.grant());
    expect(await asked).toMatchObject({ kind: 'token', warning: undefined });
    await expect(changes.setSignIn('gone', 'browser')).rejects.toThrow(/ID of an existing profile/u);
  } finally {
    profiles.stop();
    rmSync(directory, { recursive: true });
  }
});
