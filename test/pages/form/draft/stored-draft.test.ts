import { expect, test } from 'vitest';
import type { ProfileDraft } from '../../../../src/pages/bridge/contract.ts';
import { StoredDraft } from '../../../../src/pages/form/draft/stored-draft.ts';
import { work } from '../../fixtures/settings-states.ts';

const { draft: before } = work;
const mine: ProfileDraft = { ...before, name: 'Mine', scopes: 'Mine.Read' };
const theirs: ProfileDraft = { ...before, name: 'Theirs', clientId: 'theirs' };

test('edits stay when the stored draft changes, and are contested until the two agree', () => {
  const stored = new StoredDraft(before);
  expect(stored.change(mine, theirs)).toEqual({ ...mine, clientId: 'theirs' });
  expect(stored.changes({ ...mine, clientId: 'theirs' })).toEqual(['name', 'scopes']);
  expect(stored.contested({ ...mine, clientId: 'theirs' })).toEqual(['name']);
  // Edited to the other value: nothing is contested, nor are later edits.
  expect(stored.contested({ ...mine, name: 'Theirs' })).toEqual([]);
  expect(stored.contested({ ...mine, name: 'Again' })).toEqual([]);
});

test('contested parts stay contested when other parts change', () => {
  const stored = new StoredDraft(before);
  const shown = stored.change(mine, theirs);
  stored.change(shown, { ...theirs, redirectUri: 'http://localhost:6000/' });
  expect(stored.contested(shown)).toEqual(['name']);
});

test('saved edits are stored and no longer contested', () => {
  const stored = new StoredDraft(before);
  const shown = stored.change(mine, theirs);
  stored.saved(shown);
  expect(stored.changes(shown)).toEqual([]);
  expect(stored.contested({ ...shown, name: 'Later' })).toEqual([]);
  expect(stored.draft).toEqual(shown);
});
