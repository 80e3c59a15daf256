import type { Problem } from '../../words/problem.ts';
import type { Status } from '../../agent/status/status.ts';
import type { HookEvent, Profile } from '../../config/profile/profile.ts';
import { sayReason } from '../../words/say.ts';
import { rfc3339 } from '../answer/answer.ts';

/** An event for hooks, with its problem if there is one. */
export interface Happening {
  readonly event: HookEvent;
  readonly reason: Problem | undefined;
}

/**
 * The hook events that a status change triggers. `refreshed`: a new token, also after a sign-in. `failed`: a new
 * problem that needs a person and that signing in does not solve; problems that may clear up on their own (offline,
 * a retry) trigger nothing. One change can trigger two events.
 */
export function happenings(before: Status, after: Status): readonly Happening[] {
  return [sessionHappening(before, after), failure(before, after)].filter((found) => found !== undefined);
}

function sessionHappening({ session: before }: Status, { session: after }: Status): Happening | undefined {
  switch (after.kind) {
    case 'signed-out':
      return before.kind === 'signed-out' ? undefined : { event: 'signed-out', reason: undefined };
    case 'sign-in-needed':
      return before.kind === 'sign-in-needed' && before.reason.code === after.reason.code
        ? undefined
        : { event: 'sign-in-needed', reason: after.reason };
    case 'signed-in': {
      const known = before.kind === 'signed-out' ? undefined : before.expiresOn;
      return after.expiresOn === undefined || after.expiresOn === known
        ? undefined
        : { event: 'refreshed', reason: undefined };
    }
  }
}

function failure(before: Status, after: Status): Happening | undefined {
  const known = [reasonOf(before.health), reasonOf(before.storage)].map((reason) => reason?.code);
  const reason = [reasonOf(after.health), reasonOf(after.storage)].find(
    (found) => found !== undefined && !known.includes(found.code),
  );
  return reason === undefined ? undefined : { event: 'failed', reason };
}

function reasonOf(part: Status['health'] | Status['storage']): Problem | undefined {
  return part.kind === 'configuration' || part.kind === 'trouble' ? part.reason : undefined;
}

/**
 * The environment variables of a hook. Never a token. `TOKENTRAY_ACCOUNT` and `TOKENTRAY_EXPIRES_ON` (RFC 3339,
 * UTC) are empty if no user is signed in.
 */
export function hookEnvironment(
  { event, reason }: Happening,
  profile: Pick<Profile, 'id' | 'name'>,
  { session }: Status,
): Readonly<Record<string, string>> {
  const account = session.kind === 'signed-out' ? '' : session.account.username;
  const expiresOn = session.kind === 'signed-out' ? undefined : session.expiresOn;
  const facts = {
    TOKENTRAY_EVENT: event,
    TOKENTRAY_PROFILE: profile.id,
    TOKENTRAY_PROFILE_NAME: profile.name,
    TOKENTRAY_ACCOUNT: account,
    TOKENTRAY_EXPIRES_ON: expiresOn === undefined ? '' : rfc3339(expiresOn),
    TOKENTRAY_REASON_CODE: reason?.code ?? '',
    TOKENTRAY_REASON: reason === undefined ? '' : sayReason(reason),
  };
  // An environment cannot hold a NUL, and the authority decides on an account's name.
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value.replaceAll('\0', '')]));
}
