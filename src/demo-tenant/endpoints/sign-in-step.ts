import type { AadstsCode } from '../state/aadsts.ts';
import { findUser } from '../state/directory.ts';
import type { DemoUser } from '../state/directory.ts';
import type { Transaction } from '../state/transactions.ts';

/** The next step of a sign-in. */
export type SignInStep =
  | { kind: 'login'; username: string }
  | { kind: 'pick-account'; accounts: readonly DemoUser[] }
  | { kind: 'consent'; user: DemoUser }
  | { kind: 'refuse'; code: AadstsCode }
  | { kind: 'grant'; user: DemoUser };

/**
 * Decides the next step of a sign-in from the request and the accounts signed in in this browser.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
 */
export function nextStep(
  transaction: Transaction,
  accounts: readonly DemoUser[],
  hasConsented: (user: DemoUser) => boolean,
): SignInStep {
  const { prompt } = transaction.request;
  const user = transaction.user ?? knownUser(transaction, accounts);
  if (user === undefined) return askWho(transaction, accounts);
  const mustConsent = prompt === 'consent' || !hasConsented(user);
  if (mustConsent) return prompt === 'none' ? { kind: 'refuse', code: 65001 } : { kind: 'consent', user };
  return { kind: 'grant', user };
}

/** The account that single sign-on picks without asking. */
function knownUser(transaction: Transaction, accounts: readonly DemoUser[]): DemoUser | undefined {
  const { prompt, loginHint } = transaction.request;
  if (transaction.wantsOtherAccount || prompt === 'login' || prompt === 'select_account') return undefined;
  if (loginHint !== undefined) return findUser(accounts, loginHint);
  return accounts.length === 1 ? accounts[0] : undefined;
}

function askWho(transaction: Transaction, accounts: readonly DemoUser[]): SignInStep {
  const { prompt, loginHint } = transaction.request;
  const isHintOfStranger = loginHint !== undefined && findUser(accounts, loginHint) === undefined;
  if (prompt === 'none') {
    return { kind: 'refuse', code: accounts.length === 0 || isHintOfStranger ? 50058 : 16000 };
  }
  if (transaction.wantsOtherAccount) return { kind: 'login', username: '' };
  const mayPick = prompt === 'select_account' || (prompt !== 'login' && !isHintOfStranger);
  if (mayPick && accounts.length > 0) return { kind: 'pick-account', accounts };
  return { kind: 'login', username: loginHint ?? '' };
}
