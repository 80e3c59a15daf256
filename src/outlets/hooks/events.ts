import type { Problem } from '../../words/problem.ts';
import type { Status } from '../../agent/status/status.ts';
import type { HookEvent, Profile } from '../../config/profile/profile.ts';
import { sayProblem } from '../../words/say.ts';
import { rfc3339 } from '../answer/answer.ts';

/** Something that hooks can be for, with the problem behind it if there is one. */
export interface Happening {
  readonly event: HookEvent;
  readonly reason: Problem | undefined;
}

/**
 * What a change of status means to hooks. `refreshed`: there is a new token, after a sign-in as well.
 * `failed`: something new that a person must mend other than by signing in; what may pass by itself (offline,
 * a retry) is nothing. One change can be two things.
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
 * What a hook is told, as environment variables; never a token. `TOKENTRAY_ACCOUNT` and
 * `TOKENTRAY_EXPIRES_ON` (RFC 3339, UTC) are empty where nobody is signed in.
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
    TOKENTRAY_REASON: reason === undefined ? '' : sayProblem(reason).sentence,
  };
  // No environment can hold a NUL, and an account's name is whatever the authority says.
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value.replaceAll('\0', '')]));
}
