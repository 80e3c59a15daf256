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

/** The problem for a grant of another account. */
export function wrongAccount({ found, expected }: AnotherAccount): Problem {
  const params = { found: found.username, expected: expected.username };
  return problem('interaction', 'sign-in.wrong-account', params);
}
