import { problem, type Problem } from '../../words/problem.ts';
import type { Account } from '../status/account.ts';

/** The authority named another account than the session belongs to. */
export interface AnotherAccount {
  readonly found: Account;
  readonly expected: Account;
}

/** undefined if `found` is the expected account, or any is. */
export function anotherAccount(expected: Account | undefined, found: Account): AnotherAccount | undefined {
  if (expected === undefined || expected.homeAccountId === found.homeAccountId) return undefined;
  return { found, expected };
}

/** The problem for a grant of another account: the user's choice at a sign-in, the authority's answer to a refresh. */
export function wrongAccount({ found, expected }: AnotherAccount, activity: 'sign-in' | 'refresh'): Problem {
  // A deleted account that was created again has the same name.
  const isSameName = found.username === expected.username;
  const nameOf = ({ username, homeAccountId }: Account): string =>
    isSameName ? `${username} (${homeAccountId.split('.', 1)[0] ?? ''})` : username;
  const params = { found: nameOf(found), expected: nameOf(expected) };
  return problem('interaction', activity === 'sign-in' ? 'sign-in.wrong-account' : 'another-account', params);
}
