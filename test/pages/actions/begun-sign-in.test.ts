import { beforeEach, expect, test } from 'vitest';
import { BegunSignIn, type SignInEnd } from '../../../src/pages/actions/begun-sign-in.ts';
import type { StatusBody } from '../../../src/outlets/answer/status-body.ts';
import { account, profile, signedOut } from '../fixtures/states.ts';

const signingIn = { activity: { kind: 'signing-in' } } as const;
const newlyAt = '2026-01-15T13:01:00Z';
const well = profile();
/** The same person's session begun anew: with a new token, and no refresh behind it. */
const anew: StatusBody = { ...signedOut, session: { ...well.session, obtainedOn: newlyAt } };
/** The session as it was, with a new token by a refresh. */
const refreshed: StatusBody = { ...anew, lastRefresh: { kind: 'refreshed', at: newlyAt } };
const failedSince: StatusBody = { ...anew, lastRefresh: { kind: 'failed', at: '2026-01-15T13:02:00Z' } };
const grace: StatusBody = {
  ...signedOut,
  session: { ...well.session, account: { ...account, homeAccountId: 'g.b' } },
};
const needed: StatusBody = { ...well, session: { ...well.session, kind: 'sign-in-needed' } };

let begun: BegunSignIn;
beforeEach(() => {
  begun = new BegunSignIn();
});

/** Begins at `before`, and tells how it is while somebody signs in, and afterwards. */
function end(before: StatusBody, during: StatusBody, after: StatusBody): SignInEnd | undefined {
  begun.begin(before);
  expect(begun.look(before)).toBeUndefined();
  expect(begun.look({ ...during, ...signingIn })).toBeUndefined();
  return begun.look(after);
}

test.each<[string, SignInEnd, StatusBody, StatusBody, StatusBody]>([
  ['somebody is signed in', 'signed-in', signedOut, signedOut, anew],
  ['somebody else is', 'signed-in', well, well, grace],
  ['somebody is again', 'signed-in', needed, needed, anew],
  ['the same person is anew', 'signed-in', well, well, anew],
  ['the same person is anew, after a refresh meanwhile', 'signed-in', well, refreshed, anew],
  ['it was given up', 'as-before', well, well, well],
  ['it was given up while nobody was signed in', 'as-before', signedOut, signedOut, signedOut],
  ['it was given up, and a refresh went well meanwhile', 'as-before', well, refreshed, refreshed],
  ['it was given up, and the next refresh failed', 'as-before', well, refreshed, failedSince],
  ['it was given up, and the session ended meanwhile', 'as-before', well, needed, needed],
  ['it was given up, and somebody signed out meanwhile', 'as-before', well, signedOut, signedOut],
])('%s: %s', (_what, expected, before, during, after) => {
  expect(end(before, during, after)).toBe(expected);
});

test('is told once, and of its own profile alone', () => {
  begun.begin(well);
  begun.look({ ...well, ...signingIn });
  expect(begun.look(profile({}, { id: 'home' }))).toBeUndefined();
  expect(begun.look(anew)).toBe('signed-in');
  expect(begun.look(anew)).toBeUndefined();
});

test('one that did not begin after all has no end', () => {
  begun.begin(well);
  begun.forget();
  expect(begun.look({ ...well, ...signingIn })).toBeUndefined();
  expect(begun.look(grace)).toBeUndefined();
});
