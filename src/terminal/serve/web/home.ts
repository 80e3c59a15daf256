import { contentSecurityPolicy } from '../../../outlets/page.ts';
import type { Agent } from '../../../agent/agent.ts';
import { problem, type Problem } from '../../../words/problem.ts';
import { say, sayProblem, type ProblemWords } from '../../../words/say.ts';
import { sayTime } from '../../../words/time.ts';
import { pageAnswer, refusePerson, type Visit, type WebAnswer } from './answer.ts';
import type { Browsers } from './browsers.ts';
import { homePage, type HomeView } from './pages.ts';
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
    readonly agentOf: (profile: string) => Agent | undefined;
    readonly nameOf: (agent: Agent) => string | undefined;
    /** The profile that commands must name. */
    readonly namedOf: (agent: Agent) => string | undefined;
    readonly now: () => number;
  },
): Promise<WebAnswer> {
  const { browsers, agentOf, nameOf, namedOf, now } = parts;
  const browser = browsers.find(headers.cookie);
  const agent = browser === undefined ? undefined : agentOf(browser.shown);
  if (browser === undefined || agent === undefined)
    return refusePerson(401, problem('usage', 'web.no-cookie'));
  const named = namedOf(agent);
  const retry = browsers.mintRetry(browser);
  const page = homePage({
    ...(await sessionView(agent, now(), named)),
    profileId: agent.profile.id,
    profileName: nameOf(agent),
    signInProblem: inWords(browser.signIns.get(browser.shown)?.trouble, named),
    signInUrl: retry === undefined ? undefined : loginPath(retry),
  });
  const answer = pageAnswer(200, page);
  return { ...answer, headers: { ...answer.headers, ...HEADERS } };
}

/** What the page shows of the session. */
async function sessionView(
  agent: Agent,
  now: number,
  named: string | undefined,
): Promise<Pick<HomeView, 'heading' | 'problem' | 'signedIn'>> {
  const { session } = agent.status;
  switch (session.kind) {
    case 'signed-out':
      return { heading: say('session.signed-out'), problem: undefined, signedIn: undefined };
    case 'sign-in-needed': {
      const heading = say('session.sign-in-needed', { name: session.account.name });
      return { heading, problem: inWords(session.reason, named), signedIn: undefined };
    }
    case 'signed-in': {
      const answer = await agent.getToken();
      const { name, username } = session.account;
      const isRefused = answer.kind === 'refused';
      const token = isRefused
        ? undefined
        : {
            head: headOf(answer.token.value.reveal()),
            goodUntil: sayTimeWithZone(answer.token.expiresOn, now),
          };
      return {
        heading: say('session.signed-in', { name }),
        problem: inWords(isRefused ? answer.problem : answer.warning, named),
        signedIn: { name, username, token },
      };
    }
  }
}

function inWords(reason: Problem | undefined, profile: string | undefined): ProblemWords | undefined {
  return reason === undefined ? undefined : sayProblem(reason, 'web', profile);
}

/** At most a quarter: 50 characters could be all of a short opaque token. */
function headOf(token: string): string {
  return token.slice(0, Math.min(TOKEN_HEAD_CHARACTERS, Math.floor(token.length / 4)));
}

/** With the time zone: the browser's may differ from this machine's. */
function sayTimeWithZone(at: number, now: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(at);
  const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${sayTime(at, now)} ${zone}`.trim();
}
