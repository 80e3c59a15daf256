import { expect, test } from 'vitest';
import { problem, ProblemError } from '../../src/agent/problem.ts';
import type { Agent } from '../../src/agent/agent.ts';
import type { Profile, Settings } from '../../src/config/profile.ts';
import { firstSettings } from '../../src/config/registrations.ts';
import { RegistrationChanges } from '../../src/owner/registration-changes.ts';
import { profile } from '../outlets/fake-agent.ts';

const here: Profile = { ...profile, id: 'here' };
const elsewhere: Profile = { ...profile, id: 'elsewhere', redirectUri: 'https://app.example.org/back' };
const also: Profile = { ...profile, id: 'also' };

/** A host with pages, which refuses a default that is not on this machine; what is done is kept in order. */
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
    tokenFiles: { replace: () => undefined },
  });
  return { changes, done };
}

test('a removal that would leave a default nobody can sign in to is refused before anybody is signed out', async () => {
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
