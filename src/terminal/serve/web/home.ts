import { problem, type Problem } from '../../../words/problem.ts';
import { contentSecurityPolicy } from '../../../outlets/page.ts';
import type { Secret } from '../../../system/secret.ts';
import { say, sayProblem, type ProblemWords } from '../../../words/say.ts';
import { sayTime } from '../../../words/time.ts';
import type { Browsers } from './browsers.ts';
import type { WebAgent } from './agent.ts';
import { pageAnswer, refusePerson, type Visit, type WebAnswer } from './answer.ts';
import { signedInPage, signInPage, type PageFrame } from './pages.ts';
import { loginPath } from './sign-in.ts';

/** As much as the old application showed. In a JWT this is the header, which says nothing about the user. */
const TOKEN_HEAD_CHARACTERS = 50;

/** Allows the page's own files and what its script reads; everything else is forbidden as on every page. */
const HEADERS = {
  'Content-Security-Policy': contentSecurityPolicy(
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
  ),
};

/** `/`: the session of the profile that this browser was invited to. No other browser sees it. */
export async function homeAnswer(
  { headers }: Visit,
  parts: {
    readonly browsers: Browsers;
    readonly agentOf: (profile: string) => WebAgent | undefined;
    readonly nameOf: (agent: WebAgent) => string | undefined;
    readonly now: () => number;
  },
): Promise<WebAnswer> {
  const browser = parts.browsers.find(headers.cookie);
  const agent = browser === undefined ? undefined : parts.agentOf(browser.shown);
  if (browser === undefined || agent === undefined)
    return refusePerson(401, problem('usage', 'web.no-cookie'));
  const retry = parts.browsers.mintRetry(browser);
  const trouble = browser.signIns.get(browser.shown)?.trouble;
  const frame = (reason: Problem | undefined): PageFrame => ({
    profileId: agent.profile.id,
    profileName: parts.nameOf(agent),
    signInProblem: inWords(trouble),
    problem: inWords(reason),
    signInUrl: retry === undefined ? undefined : loginPath(retry),
  });
  const { session } = agent.status;
  switch (session.kind) {
    case 'signed-out':
      return homePage(signInPage(say('session.signed-out'), frame(undefined)));
    case 'sign-in-needed': {
      const heading = say('session.sign-in-needed', { name: session.account.name });
      return homePage(signInPage(heading, frame(session.reason)));
    }
    case 'signed-in': {
      const answer = await agent.getToken();
      const { name, username } = session.account;
      const found = answer.kind === 'refused' ? answer.problem : answer.warning;
      const token = answer.kind === 'refused' ? undefined : viewOf(answer.token, parts.now());
      return homePage(signedInPage({ name, username, token }, frame(found)));
    }
  }
}

function homePage(markup: string): WebAnswer {
  const { status, headers, body } = pageAnswer(200, markup);
  return { status, headers: { ...headers, ...HEADERS }, body };
}

function inWords(reason: Problem | undefined): ProblemWords | undefined {
  return reason === undefined ? undefined : sayProblem(reason);
}

/** At most a quarter: 50 characters could be all of a short opaque token. */
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

/** With the time zone: the browser's may differ from this machine's. */
function sayTimeWithZone(at: number, now: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(at);
  const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${sayTime(at, now)} ${zone}`.trim();
}
