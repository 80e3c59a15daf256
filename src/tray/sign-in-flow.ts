import { receivablePort } from '../config/redirect-uri.ts';
import { shell } from 'electron';
import type { Agent } from '../agent/agent.ts';
import type { Problem } from '../agent/problem.ts';
import type { SignInVia } from '../agent/sign-in.ts';
import type { Log } from '../vault/log.ts';
import { BrowserSignIn } from './browser-sign-in.ts';
import { askAboutAccount, askAboutPolicy, type Asking } from './sign-in-questions.ts';
import type { SignInSession } from './sign-in-session.ts';
import type { VisitEnd } from './sign-in-visit.ts';
import { WaysInMemory, type SignInWays } from './sign-in-ways.ts';
import { SignInWindow } from './sign-in-window.ts';

/**
 * What is left to say of a sign-in: nothing (`over`: signed in, or a newer one took its place), a line
 * (`closed`: who closed the window, or cancelled a question, knows), or a failure with its next step.
 */
export type SignInEnd =
  | { readonly kind: 'over' }
  | { readonly kind: 'closed'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface SignInFlowParts {
  readonly session: SignInSession;
  readonly window: SignInWindow;
  readonly browser: BrowserSignIn;
  readonly ways: SignInWays;
}

/** The next attempt of the same sign-in, or its end. */
type Step =
  { readonly kind: 'attempt'; readonly way: SignInVia } | { readonly kind: 'end'; readonly end: SignInEnd };

const over: Step = { kind: 'end', end: { kind: 'over' } };

/** Questions between two windows stand alone; only an answer takes them away. */
const alone: Asking = { over: undefined, signal: new AbortController().signal };

/** Leads people through a sign-in, one at a time, in the window or in the system's browser. */
export class SignInFlow {
  readonly #parts: SignInFlowParts;
  #busy: Promise<SignInEnd> | undefined;

  constructor(parts: SignInFlowParts) {
    this.#parts = parts;
  }

  /**
   * Signs in to a profile. While one is under way its window comes to the front instead; one whose pages
   * are in the browser, where nobody can bring them to the front, is superseded.
   */
  async run(agent: Agent): Promise<SignInEnd> {
    if (this.#parts.window.focus()) return { kind: 'over' };
    if (this.#parts.browser.isWaiting) {
      await this.#parts.browser.supersede();
      await this.#busy;
    }
    if (this.#busy !== undefined) return { kind: 'over' };
    const busy = this.#signIn(agent).finally(() => (this.#busy = undefined));
    this.#busy = busy;
    return busy;
  }

  async #signIn(agent: Agent): Promise<SignInEnd> {
    let way = this.#parts.ways.wayOf(agent.profile.id);
    for (;;) {
      const step = await this.#judge(agent, way, await this.#attempt(agent, way));
      if (step.kind === 'end') return step.end;
      way = step.way;
    }
  }

  async #attempt(agent: Agent, way: SignInVia): Promise<VisitEnd> {
    // A sign-in that overtook the clearing would find the last user's cookies.
    await this.#parts.session.cleared;
    const started = await agent.beginSignIn(way);
    if (started.kind === 'failed') return { kind: 'ended', outcome: started, told: 'untold' };
    if (way === 'window') return this.#parts.window.run(started.attempt);
    return { kind: 'ended', outcome: await this.#parts.browser.run(started.attempt), told: 'untold' };
  }

  async #judge(agent: Agent, way: SignInVia, end: VisitEnd): Promise<Step> {
    if (end.kind === 'to-browser') return { kind: 'attempt', way: 'browser' };
    const { ways } = this.#parts;
    const { id, redirectUri } = agent.profile;
    if (end.outcome.kind === 'signed-in') {
      ways.remember(id, way);
      return over;
    }
    const { problem } = end.outcome;
    // A newer sign-in or a sign-out took its place: the user did that, and sees it.
    if (problem.code === 'sign-in.superseded') return over;
    if (problem.code === 'sign-in.wrong-account') return this.#afterWrongAccount(agent, way, problem);
    if (
      problem.code === 'conditional-access' &&
      way === 'window' &&
      receivablePort(redirectUri) !== undefined
    ) {
      const choice = await askAboutPolicy(alone, problem);
      return choice === 'browser' ? { kind: 'attempt', way: 'browser' } : closed(problem);
    }
    // What did not work is not tried first the next time.
    ways.remember(id, 'window');
    if (end.told === 'told' || problem.code === 'sign-in.window-closed') return closed(problem);
    return { kind: 'end', end: { kind: 'failed', problem } };
  }

  async #afterWrongAccount(agent: Agent, way: SignInVia, problem: Problem): Promise<Step> {
    const found = String(problem.params.found);
    const choice = await askAboutAccount(alone, { found, expected: String(problem.params.expected) });
    switch (choice) {
      case 'use': {
        // A session is replaced by ending it: tokens, refresh token and cookies of the other account go.
        const refused = await agent.signOut();
        return refused === undefined
          ? { kind: 'attempt', way }
          : { kind: 'end', end: { kind: 'failed', problem: refused } };
      }
      case 'again':
        // The window's cookies are those of the wrong account, and would sign it in again.
        await this.#parts.session.clear();
        return { kind: 'attempt', way };
      case 'cancel':
      case undefined:
        return closed(problem);
    }
  }
}

function closed(problem: Problem): Step {
  return { kind: 'end', end: { kind: 'closed', problem } };
}

/** The sign-in of the running application. */
export function openSignInFlow(session: SignInSession, log: Log): SignInFlow {
  return new SignInFlow({
    session,
    window: new SignInWindow(session, log),
    browser: new BrowserSignIn({ openExternal: (url) => shell.openExternal(url), log }),
    ways: new WaysInMemory(),
  });
}
