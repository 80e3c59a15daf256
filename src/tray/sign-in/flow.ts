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
 * What is left to say of a sign-in: nothing (`over`: signed in, or a newer one took its place), a line
 * (`closed`: who closed the window, or cancelled a question, knows), or a failure with its next step.
 */
export type SignInEnd =
  | { readonly kind: 'over' }
  | { readonly kind: 'closed'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Whether the session's own account is wanted, or another one that shall take its place. */
export type SignInAim = 'same-account' | 'switch-account';

export interface SignInFlowParts {
  readonly session: Pick<SignInSession, 'cleared' | 'clear'>;
  readonly window: Pick<SignInWindow, 'focus' | 'over' | 'run'>;
  readonly browser: Pick<BrowserSignIn, 'supersede' | 'run' | 'port'>;
  readonly ways: Pick<SignInWays, 'wayOf' | 'remember'>;
}

/** The sign-in that is under way. */
interface Busy {
  readonly agent: Agent;
  readonly aim: SignInAim;
  /** Where its pages are; nowhere while it asks the authority or a person. */
  pages: SignInVia | 'nowhere';
  end: Promise<SignInEnd> | undefined;
}

/** What the person chose when another account had signed in; undefined where nobody was asked. */
interface Asked {
  account?: AccountChoice | undefined;
}

/** The next attempt of the same sign-in, or its end. */
type Step =
  | { readonly kind: 'attempt'; readonly way: SignInVia }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'end'; readonly end: SignInEnd };

/** Leads people through a sign-in, one at a time, in the window or in the system's browser. */
export class SignInFlow {
  readonly #parts: SignInFlowParts;
  #busy: Busy | undefined;

  constructor(parts: SignInFlowParts) {
    this.#parts = parts;
  }

  /** The redirect's port that a sign-in in the browser listens on just now; undefined while none does. */
  get port(): number | undefined {
    return this.#parts.browser.port;
  }

  /**
   * Why a sign-in to this profile cannot begin now: another profile's is under way, which its person has
   * to finish or close. One whose pages are in the browser may have been forgotten there, and makes way.
   */
  refusal({ profile }: Pick<Agent, 'profile'>): Problem | undefined {
    const busy = this.#busy;
    if (busy === undefined || busy.agent.profile.id === profile.id || busy.pages === 'browser')
      return undefined;
    return problem('interaction', 'sign-in.busy', { name: busy.agent.profile.name });
  }

  /**
   * Signs in to a profile. While one is under way its window comes to the front instead; one whose pages
   * are in the browser, where nobody can bring them to the front, is superseded. Where another account is
   * to take the session's place, that session stays until it does.
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
    // Its cookies would sign the account in again that is to be left.
    if (busy.aim === 'switch-account') await session.clear();
    const chosen = ways.wayOf(profile);
    let way: SignInVia = chosen;
    for (;;) {
      const step = await this.#attempt(busy, way);
      if (step.kind === 'end') return step.end;
      if (step.kind === 'signed-in') {
        // Only what was found on the way: what the person has chosen meanwhile in the menu stays.
        if (way !== chosen) await ways.remember(profile, way);
        return { kind: 'over' };
      }
      way = step.way;
    }
  }

  async #attempt(busy: Busy, way: SignInVia): Promise<Step> {
    const { session, window, browser } = this.#parts;
    const { agent, aim } = busy;
    // A sign-in that overtook the clearing would find the last user's cookies.
    await session.cleared;
    const asked: Asked = {};
    const ask: AskAboutAccount = async ({ found, expected }, signal) => {
      const names = { found: found.username, expected: expected.username };
      asked.account = await askAboutAccount({ over: window.over, signal }, names);
      return asked.account === 'use' ? 'replace' : 'keep';
    };
    const started = await agent.beginSignIn(way, aim === 'switch-account' ? 'anybody' : ask);
    const judge = (end: VisitEnd, over?: BrowserWindow): Promise<Step> => {
      busy.pages = 'nowhere';
      return this.#judge(agent, { way, end, asked, over });
    };
    if (started.kind === 'failed') return judge({ kind: 'ended', outcome: started, told: 'untold' });
    busy.pages = way;
    if (way === 'window') return window.run(started.attempt, judge);
    return judge({ kind: 'ended', outcome: await browser.run(started.attempt), told: 'untold' });
  }

  async #judge(
    agent: Agent,
    {
      way,
      end,
      asked,
      over,
    }: {
      readonly way: SignInVia;
      readonly end: VisitEnd;
      readonly asked: Asked;
      /** The attempt's window, which stays until this is judged. */
      readonly over: BrowserWindow | undefined;
    },
  ): Promise<Step> {
    if (end.kind === 'to-browser') return { kind: 'attempt', way: 'browser' };
    if (end.outcome.kind === 'signed-in') return { kind: 'signed-in' };
    const { problem: reason } = end.outcome;
    // A newer sign-in or a sign-out took its place: the user did that, and sees it.
    if (reason.code === 'sign-in.superseded') return { kind: 'end', end: { kind: 'over' } };
    if (reason.code === 'sign-in.wrong-account' && asked.account === 'again') {
      // The window's cookies are those of the wrong account, and would sign it in again.
      await this.#parts.session.clear();
      return { kind: 'attempt', way };
    }
    if (reason.code === 'sign-in.wrong-account' && asked.account === 'cancel') return closed(reason);
    if (
      reason.code === 'conditional-access' &&
      way === 'window' &&
      receivablePort(agent.profile.redirectUri) !== undefined
    ) {
      const choice = await askAboutPolicy({ over }, reason);
      return choice === 'browser' ? { kind: 'attempt', way: 'browser' } : closed(reason);
    }
    if (end.told === 'told' || reason.code === 'sign-in.window-closed') return closed(reason);
    return { kind: 'end', end: { kind: 'failed', problem: reason } };
  }
}

function closed(reason: Problem): Step {
  return { kind: 'end', end: { kind: 'closed', problem: reason } };
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
