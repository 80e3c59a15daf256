import type { Agent } from '../../agent/agent.ts';
import type { Account } from '../../agent/status/account.ts';
import type { Status } from '../../agent/status/status.ts';
import type { Log } from '../../system/log/log.ts';
import { problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { tellProblem } from '../dialogs/dialogs.ts';
import type { SignInSession } from '../sign-in/session.ts';
import type { TokenClipboard } from './clipboard.ts';

interface EndedSessionsParts {
  readonly clipboard: Pick<TokenClipboard, 'clear'>;
  readonly signInSession: Pick<SignInSession, 'clear'>;
  readonly log: Pick<Log, 'error'>;
}

/**
 * Clears the sign-in window's cookies and the clipboard when a session ended, whether from the menu, a page or
 * `tokentray sign-out`. All profiles share the cookies.
 */
export class EndedSessions {
  readonly #parts: EndedSessionsParts;
  readonly #noticed = new WeakMap<Agent, Status>();
  #clearing: Promise<void> | undefined;

  constructor(parts: EndedSessionsParts, agents: readonly Agent[]) {
    this.#parts = parts;
    for (const agent of agents) this.#noticed.set(agent, agent.status);
  }

  /** The clearing in progress, if any. */
  get clearing(): Promise<void> | undefined {
    return this.#clearing;
  }

  /** Clears if the new status shows that the agent's session ended. */
  notice(agent: Agent, status: Status): void {
    const before = this.#noticed.get(agent);
    this.#noticed.set(agent, status);
    if (before !== undefined && hasEnded(before, status)) this.#clearing ??= this.#clear();
  }

  async #clear(): Promise<void> {
    const { signInSession, clipboard, log } = this.#parts;
    const ends = await Promise.allSettled([signInSession.clear(), clipboard.clear()]);
    this.#clearing = undefined;
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed === undefined) return;
    log.error('not everything was cleared', { error: failed.reason });
    await tellProblem(say('sign-out.unclean'), problem('storage', 'sign-out.unclean'));
  }
}

/** The account of the session, also while it needs a sign-in. */
export function accountOf({ session }: Status): Account | undefined {
  return session.kind === 'signed-out' ? undefined : session.account;
}

/** Whether a session ended: signed out, or replaced by another account's. */
function hasEnded(before: Status, status: Status): boolean {
  const account = accountOf(before);
  return account !== undefined && account.homeAccountId !== accountOf(status)?.homeAccountId;
}
