import { shell, type BrowserWindow } from 'electron';
import type { Agent } from '../../agent/agent.ts';
import { problem, type Problem } from '../../words/problem.ts';
import type { AskAboutAccount, SignInVia } from '../../agent/sign-in/sign-in.ts';
import { receivablePort } from '../../config/profile/redirect-uri.ts';
import type { Log } from '../../system/log/log.ts';
import { BrowserSignIn } from './browser-sign-in.ts';
import { askAboutAccount, askAboutPolicy, type AccountChoice } from './questions.ts';
import type { SignInSession } from './session.ts';
import type { VisitEnd } from './visit.ts';
import type { SignInWays } from './ways.ts';
import { SignInWindow } from './window.ts';

/**
 * What remains to be reported about a sign-in. `over`: nothing, as it succeeded or was superseded. `closed`: a line,
 * as the user closed the window or cancelled a question. `failed`: the problem with its next step.
 */
export type SignInEnd =
  | { readonly kind: 'over' }
  | { readonly kind: 'closed'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Whether to sign in with the session's account, or with another one that replaces it. */
export type SignInAim = 'same-account' | 'switch-account';

export interface SignInFlowParts {
  readonly session: Pick<SignInSession, 'cleared' | 'clear'>;
  readonly window: Pick<SignInWindow, 'focus' | 'over' | 'run'>;
  readonly browser: Pick<BrowserSignIn, 'supersede' | 'run' | 'port'>;
  readonly ways: Pick<SignInWays, 'wayOf' | 'remember'>;
}

/** The running sign-in. */
interface Busy {
  readonly agent: Agent;
  readonly aim: SignInAim;
  /** Where its pages are; `nowhere` while it waits for the authority or the user. */
  pages: SignInVia | 'nowhere';
  end: Promise<SignInEnd> | undefined;
}

/** The next attempt of the same sign-in, or its end. */
type Step =
  { readonly kind: 'attempt'; readonly way: SignInVia } | { readonly kind: 'signed-in' } | SignInEnd;

/** Runs sign-ins, one at a time, in the window or in the system's browser. */
export class SignInFlow {
  readonly #parts: SignInFlowParts;
  #busy: Busy | undefined;

  constructor(parts: SignInFlowParts) {
    this.#parts = parts;
  }

  /** The port that a sign-in in the browser listens on now, if any. */
  get port(): number | undefined {
    return this.#parts.browser.port;
  }

  /**
   * Why a sign-in to this profile cannot start now: another profile's sign-in is running, which the user has to
   * finish or close. One in the browser may have been forgotten there, and is superseded.
   */
  refusal({ profile }: Pick<Agent, 'profile'>): Problem | undefined {
    const busy = this.#busy;
    if (busy === undefined || busy.agent.profile.id === profile.id || busy.pages === 'browser')
      return undefined;
    return problem('interaction', 'sign-in.busy', { name: busy.agent.profile.name });
  }

  /**
   * Signs in to a profile. If a sign-in is running in the window, brings that to the front instead; one in the
   * browser, which cannot be brought to the front, is superseded. With `switch-account` the session stays until
   * another account has signed in.
   */
  async run(agent: Agent, aim: SignInAim = 'same-account'): Promise<SignInEnd> {
    if (this.#busy?.pages === 'browser') {
      const { end } = this.#busy;
      await this.#parts.browser.supersede();
      await end;
    }
    if (this.#busy !== undefined) {
      const refused = this.refusal(agent);
      this.#parts.window.focus();
      return refused === undefined ? { kind: 'over' } : { kind: 'failed', problem: refused };
    }
    const busy: Busy = { agent, aim, pages: 'nowhere', end: undefined };
    this.#busy = busy;
    busy.end = this.#signIn(busy).finally(() => (this.#busy = undefined));
    return busy.end;
  }

  async #signIn(busy: Busy): Promise<SignInEnd> {
    const { session, ways } = this.#parts;
    const { profile } = busy.agent;
    // The cookies would sign in the current account again.
    if (busy.aim === 'switch-account') await session.clear();
    const chosen = ways.wayOf(profile);
    let way: SignInVia = chosen;
    for (;;) {
      const step = await this.#attempt(busy, way);
      if (step.kind === 'attempt') {
        way = step.way;
        continue;
      }
      if (step.kind !== 'signed-in') return step;
      // Only a way found during this sign-in: a choice made in the menu in the meantime stays.
      if (way !== chosen) await ways.remember(profile, way);
      return { kind: 'over' };
    }
  }

  async #attempt(busy: Busy, way: SignInVia): Promise<Step> {
    const { session, window, browser } = this.#parts;
    const { agent, aim } = busy;
    // Otherwise the sign-in could use the last user's cookies.
    await session.cleared;
    let account: AccountChoice | undefined;
    const ask: AskAboutAccount = async ({ found, expected }, signal) => {
      const names = { found: found.username, expected: expected.username };
      account = await askAboutAccount({ over: window.over, signal }, names);
      return account === 'use' ? 'replace' : 'keep';
    };
    const started = await agent.beginSignIn(way, aim === 'switch-account' ? 'anybody' : ask);
    /** @param over the attempt's window, which stays open meanwhile */
    const judge = (end: VisitEnd, over?: BrowserWindow): Promise<Step> => {
      busy.pages = 'nowhere';
      return this.#judge(agent, end, { way, account, over });
    };
    if (started.kind === 'failed') return judge({ kind: 'ended', outcome: started, told: 'untold' });
    busy.pages = way;
    if (way === 'window') return window.run(started.attempt, judge);
    return judge({ kind: 'ended', outcome: await browser.run(started.attempt), told: 'untold' });
  }

  /** @param attempt `account`: the user's choice if another account had signed in */
  async #judge(
    agent: Agent,
    end: VisitEnd,
    attempt: {
      readonly way: SignInVia;
      readonly account: AccountChoice | undefined;
      readonly over: BrowserWindow | undefined;
    },
  ): Promise<Step> {
    const { way, account, over } = attempt;
    if (end.kind === 'to-browser') return { kind: 'attempt', way: 'browser' };
    if (end.outcome.kind === 'signed-in') return { kind: 'signed-in' };
    const { problem: reason } = end.outcome;
    const closed: SignInEnd = { kind: 'closed', problem: reason };
    // By a newer sign-in or a sign-out, which the user sees.
    if (reason.code === 'sign-in.superseded') return { kind: 'over' };
    if (reason.code === 'sign-in.wrong-account' && account === 'again') {
      // The window's cookies would sign in the wrong account again.
      await this.#parts.session.clear();
      return { kind: 'attempt', way };
    }
    if (reason.code === 'sign-in.wrong-account' && account === 'cancel') return closed;
    if (
      reason.code === 'conditional-access' &&
      way === 'window' &&
      receivablePort(agent.profile.redirectUri) !== undefined
    ) {
      const choice = await askAboutPolicy({ over }, reason);
      return choice === 'browser' ? { kind: 'attempt', way: 'browser' } : closed;
    }
    if (end.told === 'told' || reason.code === 'sign-in.window-closed') return closed;
    return { kind: 'failed', problem: reason };
  }
}

/** The sign-in of the running application. */
export function openSignInFlow(session: SignInSession, ways: SignInWays, log: Log): SignInFlow {
  return new SignInFlow({
    session,
    window: new SignInWindow(session, log),
    browser: new BrowserSignIn({ openExternal: (url) => shell.openExternal(url), log }),
    ways,
  });
}
