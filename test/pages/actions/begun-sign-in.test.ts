import { beforeEach, expect, test } from 'vitest';
import { BegunSignIn, type SignInEnd } from '../../../src/pages/actions/begun-sign-in.ts';
import type { StatusBody } from '../../../src/outlets/answer/status-body.ts';
import { account, profile, signedOut } from '../fixtures/states.ts';

const signingIn = { activity: { kind: 'signing-in' } } as const;
const newlyAt = '2026-01-15T13:01:00Z';
const well = profile();
/** A new session of the same account: with a new token, and without a last refresh. */
const anew: StatusBody = { ...signedOut, session: { ...well.session, obtainedOn: newlyAt } };
/** The same session, with a new token from a refresh. */
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

/** Starts at `before`; then come the statuses during the sign-in and after it. */
function end(before: StatusBody, during: StatusBody, after: StatusBody): SignInEnd | undefined {
  begun.begin(before);
  expect(begun.look(before)).toBeUndefined();
  expect(begun.look({ ...during, ...signingIn })).toBeUndefined();
  return begun.look(after);
}

test.each<[string, SignInEnd, StatusBody, StatusBody, StatusBody]>([
  ['the user is signed in', 'signed-in', signedOut, signedOut, anew],
  ['another user is signed in', 'signed-in', well, well, grace],
  ['the user is signed in again', 'signed-in', needed, needed, anew],
  ['the same user has a new session', 'signed-in', well, well, anew],
  ['the same user has a new session, after a refresh during the sign-in', 'signed-in', well, refreshed, anew],
  ['the sign-in was cancelled', 'as-before', well, well, well],
  ['the sign-in was cancelled, without a session before it', 'as-before', signedOut, signedOut, signedOut],
  ['the sign-in was cancelled, and a refresh succeeded during it', 'as-before', well, refreshed, refreshed],
  ['the sign-in was cancelled, and the next refresh failed', 'as-before', well, refreshed, failedSince],
  ['the sign-in was cancelled, and the session expired during it', 'as-before', well, needed, needed],
  ['the sign-in was cancelled, and the user signed out during it', 'as-before', well, signedOut, signedOut],
])('%s: %s', (_what, expected, before, during, after) => {
  expect(end(before, during, after)).toBe(expected);
});

test('is reported once, and only for its own profile', () => {
  begun.begin(well);
  begun.look({ ...well, ...signingIn });
  expect(begun.look(profile({}, { id: 'home' }))).toBeUndefined();
  expect(begun.look(anew)).toBe('signed-in');
  expect(begun.look(anew)).toBeUndefined();
});

test('a sign-in that could not be started has no end', () => {
  begun.begin(well);
  begun.forget();
  expect(begun.look({ ...well, ...signingIn })).toBeUndefined();
  expect(begun.look(grace)).toBeUndefined();
});
