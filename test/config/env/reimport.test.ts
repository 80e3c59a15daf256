import { expect, test } from 'vitest';
import type { Profile } from '../../../src/config/profile/profile.ts';
import { keepUnnamed, type BesideTheFile } from '../../../src/config/env/reimport.ts';
import { profile } from '../../outlets/fixtures/fake-agent.ts';

const imported: Profile = {
  ...profile,
  name: profile.id,
  extraScopes: [],
  schedule: undefined,
  signIn: 'window',
};
const known: Profile = {
  ...imported,
  name: 'At work',
  extraScopes: [['api://b/Read']],
  schedule: { at: '07:00', timeZone: 'Asia/Seoul' },
  signIn: 'browser',
  redirectUri: 'http://localhost:6000/getAToken',
};

test('what an import says nothing of stays; what the file says counts', () => {
  expect(keepUnnamed(imported, [], [known])).toEqual({ ...known, redirectUri: imported.redirectUri });
});

test.each<BesideTheFile>(['name', 'extraScopes', 'schedule', 'signIn'])(
  '%s is used if it is given',
  (field) => {
    expect(keepUnnamed(imported, [field], [known])).toEqual({
      ...known,
      redirectUri: imported.redirectUri,
      [field]: imported[field],
    });
  },
);

test('another client, and another profile, keep nothing of this one', () => {
  for (const other of [
    { ...known, clientId: '99999999-2222-3333-4444-55555555abcd' },
    { ...known, id: 'other' },
  ])
    expect(keepUnnamed(imported, [], [other])).toEqual(imported);
});
