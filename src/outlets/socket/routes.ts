import type { IncomingMessage } from 'node:http';
import type { Agent } from '../../agent/agent.ts';
import { equalSecrets } from '../../agent/sign-in/redirect.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Secret } from '../../system/secret.ts';
import { problem } from '../../words/problem.ts';
import { problemBody, replyWithProblem, rfc3339, type Reply } from '../answer/answer.ts';
import type { ServedProfiles, SocketHost } from '../answer/host.ts';
import { statusBody, type StatusBody } from '../answer/status-body.ts';
import {
  answerToken,
  findAgent,
  namedProfile,
  unknownProfile,
  type FoundAgent,
} from '../answer/token-answer.ts';
import { unknownName } from '../answer/token-query.ts';
import { MAX_BODY_BYTES, ok, refuse } from '../http/limited-server.ts';
import { MAX_JSON_BODY_BYTES } from '../http/request-body.ts';
import { readTarget } from '../http/request-target.ts';

/** The part of a request that decides on its route. */
export type SocketRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** What an answer is made from. */
export interface Asked {
  readonly host: SocketHost;
  readonly profiles: ServedProfiles;
  readonly query: URLSearchParams;
  /** The last segment of the path, if it names a profile. */
  readonly id: string;
  /** JSON, unchecked; undefined if none was read. */
  readonly body: unknown;
}

/** `body`: the request's body is read first. `events`: a stream of a profile's status. */
export type Route =
  | { readonly kind: 'answer' | 'body'; readonly answer: (asked: Asked) => Promise<Reply> | Reply }
  | { readonly kind: 'events' };

export type Admission =
  | { readonly kind: 'refused'; readonly reply: Reply }
  | {
      readonly kind: 'admitted';
      readonly route: Route;
      readonly query: URLSearchParams;
      readonly id: string;
    };

const PROFILE_PATH = '/v1/profiles/';

/** Loads the settings' schema when a registration is changed, not at the start. */
const registrationAnswers = () => import('./registration-answers.ts');

const answer = (make: (asked: Asked) => Promise<Reply> | Reply): Route => ({ kind: 'answer', answer: make });
const withBody = (make: (asked: Asked) => Promise<Reply>): Route => ({ kind: 'body', answer: make });

/** The routes by path and method; `{id}` stands for a profile's ID. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  '/v1/token': { GET: answer(({ profiles, query }) => answerToken(profiles, query)) },
  '/v1/status': { GET: ofAgent((agent, asked) => ok(toldStatus(agent, asked))) },
  '/v1/events': { GET: { kind: 'events' } },
  '/v1/refresh': { POST: ofAgent(answerRefresh) },
  '/v1/sign-in': { POST: ofAgent(answerSignIn) },
  '/v1/sign-out': { POST: ofAgent(answerSignOut) },
  '/v1/hand-over': { GET: answer(answerAtStake), POST: answer(answerHandOver) },
  '/v1/checkup': { POST: ofAgent(async (agent, { host }) => ok({ lines: await host.checkUp(agent) })) },
  '/v1/default': {
    POST: ofAgent(async ({ profile }, { host }) =>
      (await registrationAnswers()).answerDefault(host.registrations, profile.id),
    ),
  },
  '/v1/profiles': { GET: answer(answerProfiles) },
  '/v1/outlets': { GET: answer(answerOutlets) },
  '/v1/settings': {
    PATCH: withBody(async ({ host, body }) =>
      (await registrationAnswers()).answerChange(host.registrations, body),
    ),
  },
  '/v1/token-files': {
    POST: withBody(async ({ host, body }) =>
      (await registrationAnswers()).answerAddTokenFile(host.registrations, body),
    ),
    DELETE: answer(async ({ host, query }) =>
      (await registrationAnswers()).answerRemoveTokenFile(host.registrations, query),
    ),
  },
  '/v1/reload': {
    POST: answer(async ({ host }) => (await registrationAnswers()).answerReload(host.registrations)),
  },
  '/v1/profiles/{id}': {
    PUT: withBody(async ({ host, id, body }) =>
      (await registrationAnswers()).answerPut(host.registrations, id, body),
    ),
    DELETE: answer(answerDelete),
  },
};

/** The methods of a path, and the profile's ID in it. */
function methodsAt(path: string): { methods: Readonly<Record<string, Route>> | undefined; id: string } {
  const id = path.startsWith(PROFILE_PATH) ? path.slice(PROFILE_PATH.length) : '';
  const pattern = id === '' || id.includes('/') ? path : `${PROFILE_PATH}{id}`;
  return { methods: Object.hasOwn(ROUTES, pattern) ? ROUTES[pattern] : undefined, id };
}

/** The size limit of a request's body: only registrations and settings are read. */
export function maxBodyBytes({ method = '', url = '' }: SocketRequest): number {
  return methodsAt(url).methods?.[method]?.kind === 'body' ? MAX_JSON_BODY_BYTES : MAX_BODY_BYTES;
}

/**
 * Decides on a request by its head alone. Browsers cannot reach a Unix socket; a client that sends an Origin was not
 * written for this one. `key` is the key of Windows' pipe, undefined elsewhere.
 */
export function admit(request: SocketRequest, key: Secret | undefined): Admission {
  const refused = (reply: Reply): Admission => ({ kind: 'refused', reply });
  if (request.headers.origin !== undefined) return refused(refuse(403, problem('usage', 'request.origin')));
  const given = request.headers['x-tokentray-key'];
  if (key !== undefined && !equalSecrets(typeof given === 'string' ? given : '', key.reveal())) {
    return refused(refuse(401, problem('usage', 'request.pipe-key')));
  }
  const { method = '', url = '' } = request;
  const { path, query } = readTarget(url);
  const { methods, id } = methodsAt(path);
  if (methods === undefined) {
    return refused(refuse(404, problem('usage', 'request.not-found', { path: showFound(path) ?? '' })));
  }
  const route = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (route !== undefined) return { kind: 'admitted', route, query, id };
  const wanted = Object.keys(methods).join(', ');
  const reply = refuse(405, problem('usage', 'request.method', { wanted, found: method }));
  return refused({ ...reply, headers: { Allow: wanted } });
}

/** The status of an agent as this host reports it. */
export function toldStatus(agent: Agent, { host, profiles }: Pick<Asked, 'host' | 'profiles'>): StatusBody {
  return statusBody(agent, {
    standing: profiles.get() === agent ? 'default' : 'further',
    surface: 'terminal',
    source: host.registrations === undefined ? 'passing' : 'stored',
    tokenFileTroubles: host.tokenFileTroubles?.(agent.profile.id) ?? [],
  });
}

/** The agent of `profile=ID`, or the default profile's. No other parameter is allowed. */
export function agentOf({ profiles, query }: Pick<Asked, 'profiles' | 'query'>): FoundAgent {
  const wrong = unknownName(query, ['profile']);
  return wrong === undefined ? findAgent(profiles, query) : { kind: 'missing', problem: wrong };
}

function ofAgent(make: (agent: Agent, asked: Asked) => Promise<Reply> | Reply): Route {
  return answer((asked) => {
    const found = agentOf(asked);
    return found.kind === 'missing' ? replyWithProblem(found.problem) : make(found.agent, asked);
  });
}

/** Without the token: a user who refreshes in a terminal does not need it on the screen. */
async function answerRefresh(agent: Agent, { profiles }: Asked): Promise<Reply> {
  const profile = namedProfile(profiles, agent);
  const given = await agent.getToken({ fresh: 'always' });
  if (given.kind === 'refused') return replyWithProblem(given.problem, profile);
  // What is left of the old token would serve a request for a token, but it is not a refresh.
  if (given.warning !== undefined) return replyWithProblem(given.warning, profile);
  return ok({ expiresOn: rfc3339(given.token.expiresOn) });
}

async function answerSignIn(agent: Agent, { host, profiles }: Asked): Promise<Reply> {
  const invitation = await host.inviteToSignIn(agent);
  return invitation.kind === 'failed'
    ? replyWithProblem(invitation.problem, namedProfile(profiles, agent))
    : ok(invitation);
}

async function answerSignOut(agent: Agent, { profiles }: Asked): Promise<Reply> {
  const trouble = await agent.signOut();
  return trouble === undefined ? ok({}) : replyWithProblem(trouble, namedProfile(profiles, agent));
}

/** What the user should know before the host exits. */
async function answerAtStake({ host: { handOver } }: Asked): Promise<Reply> {
  return handOver === undefined ? staysHere() : ok({ sessions: await handOver.sessions() });
}

/** The host exits once the answer is on its way. */
function answerHandOver({ host: { handOver } }: Asked): Reply {
  if (handOver === undefined) return staysHere();
  setImmediate(() => handOver.end());
  return ok({});
}

function staysHere(): Reply {
  return refuse(404, problem('usage', 'request.not-found', { path: '/v1/hand-over' }));
}

function answerProfiles(asked: Asked): Reply {
  return ok({ profiles: asked.profiles.list.map((agent) => toldStatus(agent, asked)) });
}

function answerOutlets({ host }: Asked): Reply {
  const told = host.outlets?.();
  if (told === undefined) return replyWithProblem(problem('transient', 'starting'));
  const { loopback, shellCache } = told;
  return ok({
    loopback:
      loopback.kind === 'trouble' ? { kind: loopback.kind, reason: problemBody(loopback.problem) } : loopback,
    shellCache,
  });
}

async function answerDelete({ host, profiles, id }: Asked): Promise<Reply> {
  return profiles.get(id) === undefined
    ? replyWithProblem(unknownProfile(profiles, id))
    : (await registrationAnswers()).answerRemove(host.registrations, id);
}
