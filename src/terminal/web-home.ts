import { problem, type Problem } from '../agent/problem.ts';
import type { Secret } from '../vault/secret.ts';
import { say, sayProblem } from '../words/say.ts';
import { sayTime } from '../words/time.ts';
import type { Browsers } from './browsers.ts';
import type { WebAgent } from './web-agent.ts';
import { pageAnswer, refusePerson, type Visit, type WebAnswer } from './web-answer.ts';
import { signedInPage, signInPage, type PageFrame } from './web-pages.ts';
import { loginPath } from './web-sign-in.ts';

/** The old application showed as much; of a JWT it is the header, which says nothing about anybody. */
const TOKEN_HEAD_CHARACTERS = 50;

/** `/`: the session of the profile that this browser was invited to, shown to nobody else. */
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
    profileName: parts.nameOf(agent),
    problem: reason === undefined ? undefined : sayProblem(reason),
    signInUrl: retry === undefined ? undefined : loginPath(retry),
  });
  const { session } = agent.status;
  switch (session.kind) {
    case 'signed-out':
      return pageAnswer(200, signInPage(say('session.signed-out'), frame(trouble)));
    case 'sign-in-needed': {
      const heading = say('session.sign-in-needed', { name: session.account.name });
      return pageAnswer(200, signInPage(heading, frame(trouble ?? session.reason)));
    }
    case 'signed-in': {
      const answer = await agent.getToken();
      const { name, username } = session.account;
      const found = answer.kind === 'refused' ? answer.problem : answer.warning;
      const token = answer.kind === 'refused' ? undefined : viewOf(answer.token, parts.now());
      return pageAnswer(200, signedInPage({ name, username, token }, frame(trouble ?? found)));
    }
  }
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
