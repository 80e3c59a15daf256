import type { Agent } from '../../agent/agent.ts';
import type { TokenRequest } from '../../agent/refresh/lifetime.ts';
import { problem, type Problem } from '../../words/problem.ts';
import type { Status } from '../../agent/status/status.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Profile, TokenFile } from '../../config/profile/profile.ts';
import { scopeKey } from '../../config/profile/scopes.ts';

/** The part of the agent that a token file needs. */
export type FileAgent = Pick<Agent, 'profile' | 'status' | 'getToken'>;

/** Whether a user has been signed in since this process started. */
export type Seen = 'signed in before' | 'never signed in';

/**
 * What to do with a token file: `fill` it with the current token, `keep` it until its token expires, or `remove`
 * it. A user who is signed out at the start because the keyring cannot be opened may still be signed in.
 * A session that was revoked, or whose account was disabled, was ended on purpose.
 */
export function fateOf(
  { session, health, storage }: Pick<Status, 'session' | 'health' | 'storage'>,
  seen: Seen,
): 'fill' | 'keep' | 'remove' {
  switch (session.kind) {
    case 'signed-in':
      return health.kind === 'configuration' && health.reason.code === 'account-disabled' ? 'remove' : 'fill';
    case 'sign-in-needed':
      return session.reason.code === 'revoked' ? 'remove' : 'fill';
    case 'signed-out':
      return storage.kind === 'trouble' && seen === 'never signed in' ? 'keep' : 'remove';
  }
}

/** Whether the file holds the profile's own token. */
export function isDefault(file: TokenFile, profile: Profile): boolean {
  return file.scopes === undefined || scopeKey(file.scopes) === scopeKey(profile.scopes);
}

/**
 * The agent renews the profile's own token by itself, so that any remaining lifetime is enough. Another token is
 * renewed only on request: with the default lifetime.
 */
export function requestOf(file: TokenFile, profile: Profile): TokenRequest {
  if (file.scopes === undefined || isDefault(file, profile)) return { minLifetimeMs: 1 };
  return { scopes: file.scopes };
}

/** The problem for a path that is not configured. */
export function unknownTokenFile(path: string): Problem {
  return problem('usage', 'token-file.unknown', { path: showFound(path) ?? '' });
}
