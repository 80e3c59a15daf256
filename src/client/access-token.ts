import type { Trouble } from './tokentray-error.ts';
import { garbled, readTrouble } from './trouble.ts';

/** The account of a token. */
export interface TokenAccount {
  readonly username: string;
  readonly tenantId: string;
  readonly homeAccountId: string;
}

/** A token and its properties. */
export interface AccessToken {
  readonly token: string;
  /** `Bearer`, unless the authority says otherwise. */
  readonly tokenType: string;
  readonly expiresOn: Date;
  readonly scopes: readonly string[];
  readonly account: TokenAccount | undefined;
  /** Why it could not be renewed, if it is what was left of the old one. */
  readonly warning: Trouble | undefined;
}

/** A token as it came, with its expiry in milliseconds since the epoch. */
export interface GivenToken extends Omit<AccessToken, 'expiresOn'> {
  readonly expiresAt: number;
}

/**
 * Reads the owner's answer (`TokenBody` of src/outlets/answer/answer.ts).
 * @throws TokentrayError `agent-garbled` naming the missing field
 */
export function readToken(body: Readonly<Record<string, unknown>>): GivenToken {
  const { accessToken, tokenType, expires_on, scopes, account, warning } = body;
  if (typeof accessToken !== 'string' || accessToken === '') throw garbled('accessToken');
  if (typeof expires_on !== 'number') throw garbled('expires_on');
  return {
    token: accessToken,
    tokenType: typeof tokenType === 'string' ? tokenType : 'Bearer',
    expiresAt: expires_on * 1000,
    scopes: Object.freeze(
      Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === 'string') : [],
    ),
    account: readAccount(account),
    warning: readTrouble(warning),
  };
}

/** An account that came as JSON; undefined if there is none. */
export function readAccount(value: unknown): TokenAccount | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { username, tenantId, homeAccountId } = value as Readonly<Record<string, unknown>>;
  if (typeof homeAccountId !== 'string') return undefined;
  return Object.freeze({
    username: typeof username === 'string' ? username : '',
    tenantId: typeof tenantId === 'string' ? tenantId : '',
    homeAccountId,
  });
}

/** A token as the caller gets it: an object of its own. */
export function giveToken({ expiresAt, ...given }: GivenToken): AccessToken {
  return { ...given, expiresOn: new Date(expiresAt) };
}
