import { receivablePort } from '../../../config/profile/redirect-uri.ts';
import type { IncomingMessage } from 'node:http';
import { problem } from '../../../words/problem.ts';
import type { Session } from '../../../agent/status/status.ts';
import type { Reply } from '../../../outlets/answer/answer.ts';
import { healthWord } from '../../../outlets/answer/health.ts';
import { keyCheck } from '../../../outlets/http/key-check.ts';
import { ok, refuse, type Handler } from '../../../outlets/http/limited-server.ts';
import { ownHosts } from '../../../outlets/http/own-hosts.ts';
import { nothingAt, refusalOf } from '../../../outlets/http/request-guard.ts';
import { readTarget } from '../../../outlets/http/request-target.ts';
import type { Secret } from '../../../system/secret.ts';
import { Browsers } from './browsers.ts';
import type { Agent } from '../../../agent/agent.ts';
import type { ServedProfiles } from '../../../outlets/answer/host.ts';
import { spokenName } from './spoken-name.ts';
import {
  jsonAnswer,
  refusalAnswer,
  refusePerson,
  sendAnswer,
  type Route,
  type Visit,
  type WebAnswer,
} from './answer.ts';
import { namedProfile } from '../../../outlets/answer/token-answer.ts';
import { homeAnswer } from './home.ts';
import { loginPath, WebSignIn } from './sign-in.ts';
import { statusRoutes, type StatusSources } from './status.ts';

export interface WebOptions {
  readonly profiles: ServedProfiles;
  /** The port of the server; users sign in here to the profiles whose redirect URI has this port. */
  readonly port: number;
  readonly accessKey: Secret;
  /** Answers the token request of a query, for any profile. The caller has checked the access key. */
  readonly answerToken: (query: URLSearchParams) => Promise<Reply>;
  /** What `/` shows of a session. */
  readonly sources: StatusSources;
  /** The absolute path of the built pages. */
  readonly directory: string;
  readonly now: () => number;
}

/** The pages of the old web application, on one port. */
export interface Web {
  readonly handler: Handler;
  /** An address for the user to open, with a new one-time ticket to one of this port's profiles. */
  readonly invite: (agent: Pick<Agent, 'profile'>) => string;
  /** Stops watching the profiles. */
  readonly close: () => void;
}

/** Paths whose refusals are JSON; elsewhere they are pages. */
const FOR_PROGRAMS = /^\/(?:token|health|status\/.*)$/u;

/**
 * `/login` starts a sign-in for a browser with a ticket. The redirect path completes it in the same browser, and `/`
 * shows the session there, with data from `/status/`. `/token` serves the token for the access key, `/health` a word.
 */
export function openWeb(options: WebOptions): Web {
  const { profiles, port, accessKey, answerToken, sources, directory, now } = options;
  const browsers = new Browsers(port, now);
  const agents = (): readonly Agent[] =>
    profiles.list.filter(({ profile }) => receivablePort(profile.redirectUri) === port);
  const agentOf = (id: string): Agent | undefined => agents().find(({ profile }) => profile.id === id);
  const nameOf = (agent: Agent): string | undefined => spokenName(profiles, agent);
  const namedOf = (agent: Agent): string | undefined => namedProfile(profiles, agent);
  const signIn = new WebSignIn(browsers, agentOf);
  const close = forgetAtSignOut(profiles, browsers);
  const foundKey = keyCheck(accessKey);
  const hosts = ownHosts(port);
  const admitted = { port, hosts, origins: hosts.map((own) => `http://${own}`) };

  async function token(visit: Visit): Promise<WebAnswer> {
    const found = foundKey(visit.headers, visit.url);
    if (found === 'right') return jsonAnswer(await answerToken(visit.query));
    const code = found === 'wrong' ? 'request.access-key' : 'request.key-in-url';
    const reply = refuse(401, problem('usage', code));
    return jsonAnswer({ ...reply, headers: { 'WWW-Authenticate': 'Bearer realm="tokentray"' } });
  }

  const routes: Readonly<Record<string, Route | undefined>> = {
    ...statusRoutes({ browsers, agentOf, sources, directory }),
    '/login': (visit) => signIn.login(visit),
    '/': (visit) => homeAnswer(visit, { browsers, agentOf, nameOf, namedOf, now }),
    '/token': token,
    '/health': () => jsonAnswer(ok({ status: healthWord(profiles.get()?.status) })),
  };

  function routeOf(path: string, query: URLSearchParams): Route | undefined {
    const own = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!agents().some(({ profile }) => new URL(profile.redirectUri).pathname === path)) return own;
    // The redirect path may also be the path of a page; a request without an answer gets the page.
    return own === undefined || query.has('state') ? (visit) => signIn.receive(visit) : own;
  }

  async function answer(request: IncomingMessage): Promise<WebAnswer> {
    const { url = '', headers } = request;
    const { path, query } = readTarget(url);
    const refusal = refusalOf(request, admitted);
    if (refusal !== undefined) {
      const reader = FOR_PROGRAMS.test(path) ? 'program' : 'person';
      return refusalAnswer(refusal, reader);
    }
    const route = routeOf(path, query);
    if (route !== undefined) return route({ headers, url, path, query });
    return refusePerson(404, nothingAt(path));
  }

  return {
    invite: ({ profile }) => new URL(profile.redirectUri).origin + loginPath(browsers.mintTicket(profile.id)),
    handler: async (request, response) => sendAnswer(response, await answer(request)),
    close,
  };
}

/** Every server on localhost receives the cookie, so it must not start a sign-in after the user signed out. */
function forgetAtSignOut(profiles: ServedProfiles, browsers: Browsers): () => void {
  const seen = new Map<string, Session['kind']>(
    profiles.list.map(({ profile, status }) => [profile.id, status.session.kind]),
  );
  return profiles.watch(({ profile: { id } }, { session }) => {
    const before = seen.get(id) ?? 'signed-out';
    if (session.kind === 'signed-out' && before !== 'signed-out') browsers.forget(id);
    seen.set(id, session.kind);
  });
}
