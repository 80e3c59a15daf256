import type { IncomingMessage } from 'node:http';
import type { Agent } from '../agent/agent.ts';
import { problem, type Problem } from '../agent/problem.ts';
import { equalSecrets } from '../agent/redirect.ts';
import { showFound } from '../config/issue.ts';
import { portOfRedirectUri } from '../config/redirect-uri.ts';
import { ok, refuse, type Handler } from '../outlets/limited-server.ts';
import { answerToken } from '../outlets/socket-api.ts';
import type { Secret } from '../vault/secret.ts';
import { say, sayProblem, type ProblemWords } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import { Browsers, type Browser } from './browsers.ts';
import {
  jsonAnswer,
  pageAnswer,
  redirectAnswer,
  refusalAnswer,
  sendAnswer,
  type WebAnswer,
} from './web-answer.ts';
import { isOpenedByPerson, refusalOf } from './web-guard.ts';
import { signedInPage, signInPage } from './web-pages.ts';

/** The old application showed as much; of a JWT it is the header, which says nothing about anybody. */
const TOKEN_HEAD_CHARACTERS = 50;

/** The part of the agent that the pages need. */
export type WebAgent = Pick<Agent, 'status' | 'onStatus' | 'getToken' | 'beginSignIn'>;

export interface WebOptions {
  readonly agent: WebAgent;
  /** http on this machine; its port is the one that is listened on. */
  readonly redirectUri: string;
  readonly accessKey: Secret;
  readonly now: () => number;
}

/** The old web application's pages, on the redirect URI's port. */
export interface Web {
  readonly handler: Handler;
  /** The address with a new one-time ticket, for a person to open. */
  readonly invite: () => string;
}

interface Visit {
  readonly headers: IncomingMessage['headers'];
  /** Path and query as they were sent; begins with one slash. */
  readonly url: string;
  readonly query: URLSearchParams;
}

type Route = (visit: Visit) => Promise<WebAnswer> | WebAnswer;

/**
 * `/login` begins a sign-in for whoever has a ticket, the redirect path ends it in the browser that began
 * it, `/` shows it there; `/token` gives the token for the access key, `/health` says how it is.
 */
export function openWeb({ agent, redirectUri, accessKey, now }: WebOptions): Web {
  const { origin, pathname: redirectPath } = new URL(redirectUri);
  const port = portOfRedirectUri(redirectUri);
  const browsers = new Browsers(port, now);
  // A cookie goes to every server on localhost. Whoever has one must not sign somebody else in after a sign-out.
  let seen = agent.status.session.kind;
  agent.onStatus(({ session }) => {
    if (session.kind === 'signed-out' && seen !== 'signed-out') browsers.forget();
    seen = session.kind;
  });
  const loginPath = (ticket: string): string => `/login?ticket=${ticket}`;

  function login({ headers, query }: Visit): Promise<WebAnswer> | WebAnswer {
    if (!isOpenedByPerson(headers)) return refusePerson(403, problem('usage', 'web.not-opened'));
    const known = browsers.find(headers.cookie);
    const redeemed = browsers.redeem(query.get('ticket') ?? '', known);
    switch (redeemed.kind) {
      case 'refused':
        // "Back" or a reload in the browser that used the ticket: its page has a fresh link.
        return known === undefined ? refusePerson(403, problem('usage', 'web.ticket')) : redirectAnswer('/');
      case 'retry':
        return begin(redeemed.browser, {});
      case 'printed': {
        const { browser, setCookie } = browsers.admit();
        const cookie = { 'Set-Cookie': setCookie };
        return agent.status.session.kind === 'signed-in'
          ? redirectAnswer('/', cookie)
          : begin(browser, cookie);
      }
    }
  }

  async function begin(browser: Browser, headers: WebAnswer['headers']): Promise<WebAnswer> {
    browser.attempt = undefined;
    browser.trouble = undefined;
    const started = await agent.beginSignIn('browser');
    if (started.kind === 'failed') {
      browser.trouble = started.problem;
      return redirectAnswer('/', headers);
    }
    const { attempt } = started;
    browser.attempt = attempt;
    void attempt.outcome.then((outcome) => {
      if (browser.attempt !== attempt) return;
      browser.attempt = undefined;
      browser.trouble = outcome.kind === 'failed' ? outcome.problem : undefined;
    });
    return redirectAnswer(attempt.authorizeUrl, headers);
  }

  /** Always answered by 303 to `/`, which takes code and state out of the address bar and the history. */
  async function receive({ headers, url }: Visit): Promise<WebAnswer> {
    const browser = browsers.find(headers.cookie);
    if (browser === undefined) return refusePerson(403, problem('usage', 'web.other-browser'));
    const { attempt } = browser;
    if (attempt !== undefined) {
      const outcome = await attempt.receive(origin + url);
      browser.trouble = outcome.kind === 'failed' ? outcome.problem : undefined;
    }
    return redirectAnswer('/');
  }

  async function home({ headers }: Visit): Promise<WebAnswer> {
    const browser = browsers.find(headers.cookie);
    if (browser === undefined) return refusePerson(401, problem('usage', 'web.no-cookie'));
    const retry = browsers.mintRetry(browser);
    const signInPath = retry === undefined ? undefined : loginPath(retry);
    const { session } = agent.status;
    switch (session.kind) {
      case 'signed-out':
        return pageAnswer(200, signInPage(say('session.signed-out'), words(browser.trouble), signInPath));
      case 'sign-in-needed': {
        const heading = say('session.sign-in-needed', { name: session.account.name });
        return pageAnswer(200, signInPage(heading, words(browser.trouble ?? session.reason), signInPath));
      }
      case 'signed-in': {
        const answer = await agent.getToken();
        const { name, username } = session.account;
        const found = answer.kind === 'refused' ? answer.problem : answer.warning;
        const token = answer.kind === 'refused' ? undefined : viewOf(answer.token, now());
        const trouble = words(browser.trouble ?? found);
        return pageAnswer(200, signedInPage({ name, username, token }, trouble, signInPath));
      }
    }
  }

  async function token({ headers, url, query }: Visit): Promise<WebAnswer> {
    const refused = keyRefusal({ headers, url }, accessKey);
    if (refused === undefined) return jsonAnswer(await answerToken(agent, query));
    const reply = refuse(401, refused);
    return jsonAnswer({ ...reply, headers: { 'WWW-Authenticate': 'Bearer realm="tokentray"' } });
  }

  function health(): WebAnswer {
    const { session, health: state } = agent.status;
    return jsonAnswer(ok({ status: session.kind === 'signed-in' ? state.kind : session.kind }));
  }

  const routes: Readonly<Record<string, Route | undefined>> = {
    '/login': login,
    '/': home,
    '/token': token,
    '/health': health,
  };

  function routeOf(path: string, query: URLSearchParams): Route | undefined {
    const own = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (path !== redirectPath) return own;
    // The redirect path may be that of a page: then it is one while it brings no answer.
    return own === undefined || query.has('state') ? receive : own;
  }

  async function answer(request: IncomingMessage): Promise<WebAnswer> {
    const { url = '', headers } = request;
    const [path = '', text = ''] = url.split('?', 2);
    const refusal = refusalOf(request, port);
    if (refusal !== undefined) {
      const reader = path === '/token' || path === '/health' ? 'program' : 'person';
      return refusalAnswer(refusal, reader);
    }
    const query = new URLSearchParams(text);
    const route = routeOf(path, query);
    if (route !== undefined) return route({ headers, url, query });
    return refusePerson(404, problem('usage', 'request.not-found', { path: showFound(path) ?? '' }));
  }

  return {
    invite: () => origin + loginPath(browsers.mintTicket()),
    handler: async (request, response) => sendAnswer(response, await answer(request)),
  };
}

function refusePerson(status: number, reason: Problem): WebAnswer {
  return refusalAnswer({ status, problem: reason }, 'person');
}

/** The key comes in a header, never in the address and never as a cookie. */
function keyRefusal({ headers, url }: Omit<Visit, 'query'>, accessKey: Secret): Problem | undefined {
  const bearer = /^Bearer +(\S+)$/iu.exec(headers.authorization ?? '')?.[1];
  const own = headers['x-tokentray-key'];
  const given = bearer ?? (typeof own === 'string' ? own : '');
  if (url.includes(accessKey.reveal())) return problem('usage', 'request.key-in-url');
  return equalSecrets(given, accessKey.reveal()) ? undefined : problem('usage', 'request.access-key');
}

/** Never more than a quarter: the first characters of a short opaque token would be all of it. */
function headOf(token: Secret): string {
  const text = token.reveal();
  return text.slice(0, Math.min(TOKEN_HEAD_CHARACTERS, Math.floor(text.length / 4)));
}

function viewOf(
  { value, expiresOn }: { readonly value: Secret; readonly expiresOn: number },
  now: number,
): { readonly head: string; readonly goodUntil: string } {
  return {
    head: headOf(value),
    goodUntil: sayTimeWithZone(expiresOn, now),
  };
}

/** With the zone: the browser may be in another one than this machine. */
function sayTimeWithZone(at: number, now: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(at);
  const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${sayTime(at, now)} ${zone}`.trim();
}

function words(reason: Problem | undefined): ProblemWords | undefined {
  return reason === undefined ? undefined : sayProblem(reason);
}
