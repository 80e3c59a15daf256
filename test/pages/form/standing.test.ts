import { expect, test } from 'vitest';
import { barOf, standingOf, type FormSubject } from '../../../src/pages/form/standing.ts';

const nothing = 'Nothing is saved yet.';

test.each([
  ['a stored profile without changes', { kind: 'stored', profile: 'work' }, [], 'clean', { kind: 'clean' }],
  [
    'a stored profile with changes',
    { kind: 'stored', profile: 'work' },
    ['Name'],
    'unsaved',
    { kind: 'unsaved', said: 'Not saved: Name', discard: 'yes' },
  ],
  [
    'an empty new profile: nothing to discard',
    { kind: 'new' },
    [],
    'clean',
    { kind: 'unsaved', said: nothing, discard: 'no' },
  ],
  [
    'a new profile with many changes: counted',
    { kind: 'new' },
    ['Name', 'Scopes', 'Credential'],
    'unsaved',
    { kind: 'unsaved', said: 'Not saved: 3 parts', discard: 'yes' },
  ],
  [
    'a profile that was removed elsewhere: everything would be lost',
    { kind: 'removed' },
    [],
    'unsaved',
    { kind: 'unsaved', said: nothing, discard: 'yes' },
  ],
] as const satisfies readonly (readonly [string, FormSubject, ...unknown[]])[])(
  '%s',
  (_case, subject, changes, standing, bar) => {
    expect(standingOf(subject, changes)).toBe(standing);
    expect(barOf(subject, changes)).toEqual(bar);
  },
);
