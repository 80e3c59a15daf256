import { expect, test } from 'vitest';
import type { ProfileDraft } from '../../../../src/pages/bridge/contract.ts';
import { changedParts, mergeDraft } from '../../../../src/pages/form/draft/changes.ts';

const before: ProfileDraft = {
  name: 'Work',
  protocol: 'entra',
  authority: 'contoso.example',
  clientId: '4f3a1c52-6f0e-4f6f-9d0e-1d2c3b4a5e6f',
  redirectUri: 'http://localhost:5000/getAToken',
  scopes: 'User.Read',
  extraScopes: '',
  schedule: { kind: 'at', at: '07:00', timeZone: 'Asia/Seoul' },
  signIn: 'window',
};

test('equal drafts have no changes, regardless of the order of a schedule’s properties', () => {
  const same: ProfileDraft = { ...before, schedule: { timeZone: 'Asia/Seoul', at: '07:00', kind: 'at' } };
  expect(changedParts(before, same)).toEqual([]);
});

test('changes are listed in the order of the form', () => {
  const now: ProfileDraft = { ...before, signIn: 'browser', schedule: { kind: 'none' }, name: 'Home' };
  expect(changedParts(before, now)).toEqual(['name', 'schedule', 'signIn']);
});

test.each([
  ['without edits, the change made elsewhere is shown', {}, { name: 'Home' }, { name: 'Home' }, []],
  ['edits stay', { name: 'Mine' }, { scopes: 'Mail.Read' }, { name: 'Mine', scopes: 'Mail.Read' }, []],
  [
    'a part changed by both keeps the edit and is contested',
    { name: 'Mine' },
    { name: 'Theirs' },
    { name: 'Mine' },
    ['name'],
  ],
  ['the same change by both is not contested', { name: 'Same' }, { name: 'Same' }, { name: 'Same' }, []],
  ['an edit stays if nothing has changed elsewhere', { name: 'Mine' }, {}, { name: 'Mine' }, []],
] as const)('%s', (_case, mine, theirs, shown, contested) => {
  const merged = mergeDraft(before, { ...before, ...mine }, { ...before, ...theirs });
  expect(merged).toEqual({ draft: { ...before, ...shown }, contested });
});
