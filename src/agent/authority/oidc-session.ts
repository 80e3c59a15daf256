import { decodeJwt, errors } from 'jose';
import * as v from 'valibot';
import { parseJson } from '../../system/json.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { Account } from '../status/account.ts';
import type { ProfileCache } from './cache.ts';
import { toAccount } from './oidc-grant.ts';

const sessionSchema = v.object({
  schemaVersion: v.literal(1),
  account: v.object({
    homeAccountId: v.string(),
    tenantId: v.string(),
    username: v.string(),
    name: v.string(),
  }),
  /** The newest one; undefined if the provider granted none. */
  refreshToken: v.optional(v.string()),
  /** What the sign-in granted; undefined if MSAL stored the session. */
  scopes: v.optional(v.array(v.string())),
});

/** Written by a newer version of Tokentray: not damaged, and not to be changed. */
const newerSchema = v.object({ schemaVersion: v.pipe(v.number(), v.minValue(2)) });

/** The stored part of a sign-in with an OpenID provider. */
export interface OidcSession {
  readonly account: Account;
  readonly refreshToken?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** MSAL's cache, in which versions before openid-client kept the sessions of OpenID providers. */
const msalSchema = v.object({
  IdToken: v.record(v.string(), v.object({ secret: v.string() })),
  RefreshToken: v.record(v.string(), v.object({ secret: v.string() })),
});

function sessionOfMsal(content: unknown): OidcSession | undefined {
  const cache = v.safeParse(msalSchema, content);
  if (!cache.success) return undefined;
  const [idToken] = Object.values(cache.output.IdToken);
  const [refreshToken] = Object.values(cache.output.RefreshToken);
  if (idToken === undefined) return undefined;
  try {
    return { account: toAccount(decodeJwt(idToken.secret)), refreshToken: refreshToken?.secret };
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return undefined;
    throw error;
  }
}

/**
 * The session that is stored, or that MSAL has stored; undefined if there is none. What cannot be read is set aside.
 * Rejects with `VaultError` if the store cannot be read, or if a newer version wrote it.
 */
export async function loadSession(cache: ProfileCache): Promise<OidcSession | undefined> {
  const text = await cache.text();
  if (text === '') return undefined;
  const content = parseJson(text);
  const session = v.safeParse(sessionSchema, content);
  if (session.success) return session.output;
  if (v.is(newerSchema, content)) throw new VaultError(say('storage.newer'));
  const earlier = sessionOfMsal(content);
  if (earlier === undefined) await cache.setAside();
  return earlier;
}

/** Keeps the session in memory, and begins to store it. */
export function saveSession(cache: ProfileCache, session: OidcSession): void {
  cache.put(JSON.stringify({ schemaVersion: 1, ...session }));
}
