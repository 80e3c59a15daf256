import type { StatusBody } from '../../outlets/answer/status-body.ts';

/** A sign-in that this page began: of whom, and what was so then. */
interface Begun {
  readonly profile: string;
  readonly before: Pick<StatusBody, 'session' | 'lastRefresh'>;
  state: 'begun' | 'under way';
}

/** How it ended: somebody is signed in anew, or whoever was so before still is, if anybody. */
export type SignInEnd = 'signed-in' | 'as-before';

/**
 * How a sign-in ends that was begun on this page. The call only begins it, as it lasts for minutes in a window of its
 * own; what came of it is told by the statuses that follow. A failure has a box of its own.
 */
export class BegunSignIn {
  #begun: Begun | undefined;

  /** `status`: the profile's, as it was shown when the sign-in began. */
  begin(status: StatusBody): void {
    this.#begun = { profile: status.profile.id, before: status, state: 'begun' };
  }

  /** Its end, told once, with the first status that tells it. */
  look(status: StatusBody): SignInEnd | undefined {
    const begun = this.#begun;
    if (begun?.profile !== status.profile.id) return undefined;
    if (status.activity.kind === 'signing-in') {
      begun.state = 'under way';
      return undefined;
    }
    // What was so before it began is told once more meanwhile.
    if (begun.state === 'begun') return undefined;
    this.forget();
    return hasSignedIn(begun.before, status) ? 'signed-in' : 'as-before';
  }

  /** It did not begin after all. */
  forget(): void {
    this.#begun = undefined;
  }
}

/**
 * Whether a sign-in succeeded between the two. The same person's shows in the token, which a refresh renews as well:
 * refreshes go on while somebody signs in. They are told; a session that was begun anew has none behind it.
 */
function hasSignedIn(before: Begun['before'], { session, lastRefresh }: StatusBody): boolean {
  if (session.kind !== 'signed-in') return false;
  if (session.account?.homeAccountId !== before.session.account?.homeAccountId) return true;
  if (lastRefresh !== undefined && lastRefresh.at !== before.lastRefresh?.at) return false;
  return session.kind !== before.session.kind || session.obtainedOn !== before.session.obtainedOn;
}
