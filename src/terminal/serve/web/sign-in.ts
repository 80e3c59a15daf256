import { problem, type Problem } from '../../../words/problem.ts';
import type { SignInAttempt } from '../../../agent/sign-in/sign-in.ts';
import type { Browser, Browsers } from './browsers.ts';
import type { Agent } from '../../../agent/agent.ts';
import { redirectAnswer, refusePerson, type Visit, type WebAnswer } from './answer.ts';
import { isOpenedByPerson } from './guard.ts';

/** The path for a ticket. */
export function loginPath(ticket: string): string {
  return `/login?ticket=${ticket}`;
}

/** `/login` and the redirect path of one port: a sign-in, from its ticket to its answer. */
export class WebSignIn {
  readonly #browsers: Browsers;
  readonly #agentOf: (profile: string) => Agent | undefined;

  /** `agentOf`: the agents of the profiles whose pages are on this port. */
  constructor(browsers: Browsers, agentOf: (profile: string) => Agent | undefined) {
    this.#browsers = browsers;
    this.#agentOf = agentOf;
  }

  /** `/login`: starts a sign-in for a browser with a ticket to the profile. */
  async login({ headers, query }: Visit): Promise<WebAnswer> {
    if (!isOpenedByPerson(headers)) return refusePerson(403, problem('usage', 'web.not-opened'));
    const known = this.#browsers.find(headers.cookie);
    const redeemed = this.#browsers.redeem(query.get('ticket') ?? '', known);
    // “Back” or a reload in the browser that used the ticket: its page has a new link.
    if (redeemed.kind === 'refused' && known !== undefined) return redirectAnswer('/');
    const agent = redeemed.kind === 'refused' ? undefined : this.#agentOf(redeemed.profile);
    // The profile of a ticket may have been removed.
    if (redeemed.kind === 'refused' || agent === undefined)
      return refusePerson(403, problem('usage', 'web.ticket'));
    if (redeemed.kind === 'retry') return this.#begin(redeemed.browser, agent, {});
    const { browser, setCookie } = this.#browsers.admit(redeemed.profile, known);
    const cookie = { 'Set-Cookie': setCookie };
    return agent.status.session.kind === 'signed-in' && !agent.isUserNeeded
      ? redirectAnswer('/', cookie)
      : this.#begin(browser, agent, cookie);
  }

  /**
   * The redirect path: passes the answer to the sign-in of this browser that it belongs to. Always answers 303 to `/`,
   * which removes code and state from the address bar and the history.
   */
  async receive({ headers, url, path, query }: Visit): Promise<WebAnswer> {
    const browser = this.#browsers.find(headers.cookie);
    if (browser === undefined) return refusePerson(403, problem('usage', 'web.other-browser'));
    const found = signInOf(browser, path, query.getAll('state'));
    if (found === undefined) return redirectAnswer('/');
    const { profile, attempt } = found;
    browser.shown = profile;
    const outcome = await attempt.receive(new URL(attempt.redirectUri).origin + url);
    // Undefined after a sign-out, which forgets the sign-ins of this browser.
    const now = browser.signIns.get(profile);
    if (now !== undefined) browser.signIns.set(profile, { ...now, trouble: troubleOf(outcome) });
    return redirectAnswer('/');
  }

  async #begin(browser: Browser, agent: Agent, headers: WebAnswer['headers']): Promise<WebAnswer> {
    const { signIns } = browser;
    const { id } = agent.profile;
    // Deleted first, so that the newest sign-in comes last.
    signIns.delete(id);
    const started = await agent.beginSignIn('browser');
    if (started.kind === 'failed') {
      signIns.set(id, { attempt: undefined, trouble: started.problem });
      return redirectAnswer('/', headers);
    }
    const { attempt } = started;
    signIns.set(id, { attempt, trouble: undefined });
    void attempt.outcome.then((outcome) => {
      if (signIns.get(id)?.attempt !== attempt) return;
      signIns.set(id, { attempt: undefined, trouble: troubleOf(outcome) });
    });
    return redirectAnswer(attempt.authorizeUrl, headers);
  }
}

function troubleOf(outcome: Awaited<SignInAttempt['outcome']>): Problem | undefined {
  return outcome.kind === 'failed' ? outcome.problem : undefined;
}

/**
 * The sign-in that an answer on `path` belongs to: the one with its state (two profiles may share a redirect URI), or
 * the newest, which reports that the state is wrong.
 */
function signInOf(
  { signIns }: Browser,
  path: string,
  states: readonly string[],
): { readonly profile: string; readonly attempt: SignInAttempt } | undefined {
  const waiting = [...signIns].flatMap(([profile, { attempt }]) =>
    attempt !== undefined && new URL(attempt.redirectUri).pathname === path ? [{ profile, attempt }] : [],
  );
  const [state] = states;
  const fits = ({ attempt }: { readonly attempt: SignInAttempt }): boolean => attempt.hasState(state ?? '');
  return waiting.find(fits) ?? waiting.at(-1);
}
