import type { StatusBody } from '../../outlets/answer/status-body.ts';

/** A sign-in started on this page: its profile, and the status when it started. */
interface Begun {
  readonly profile: string;
  readonly before: Pick<StatusBody, 'session' | 'lastRefresh'>;
  state: 'begun' | 'under way';
}

/** How a sign-in ended: with a new session, or with the session that was there before, if any. */
export type SignInEnd = 'signed-in' | 'as-before';

/**
 * Detects the end of a sign-in started on this page. The call only starts it, since it takes minutes in a window of
 * its own; the following statuses show the result. A failure is shown in a dialog of its own.
 */
export class BegunSignIn {
  #begun: Begun | undefined;

  /** `status`: the profile's, as shown when the sign-in started. */
  begin(status: StatusBody): void {
    this.#begun = { profile: status.profile.id, before: status, state: 'begun' };
  }

  /** Returns the end of the sign-in once, for the first status that shows it. */
  look(status: StatusBody): SignInEnd | undefined {
    const begun = this.#begun;
    if (begun?.profile !== status.profile.id) return undefined;
    if (status.activity.kind === 'signing-in') {
      begun.state = 'under way';
      return undefined;
    }
    // The status from before the start can arrive once more.
    if (begun.state === 'begun') return undefined;
    this.forget();
    return hasSignedIn(begun.before, status) ? 'signed-in' : 'as-before';
  }

  /** The sign-in could not be started. */
  forget(): void {
    this.#begun = undefined;
  }
}

/**
 * Whether a sign-in succeeded between the two. If the account is the same, only a new token shows it; a refresh during
 * the sign-in also brings one, but is then reported as the last refresh. A new session has no last refresh.
 */
function hasSignedIn(before: Begun['before'], { session, lastRefresh }: StatusBody): boolean {
  if (session.kind !== 'signed-in') return false;
  if (session.account?.homeAccountId !== before.session.account?.homeAccountId) return true;
  if (lastRefresh !== undefined && lastRefresh.at !== before.lastRefresh?.at) return false;
  return session.kind !== before.session.kind || session.obtainedOn !== before.session.obtainedOn;
}
