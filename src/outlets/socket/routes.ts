import type { IncomingMessage } from 'node:http';
import type { Agent } from '../../agent/agent.ts';
import { problem } from '../../words/problem.ts';
import { equalSecrets } from '../../agent/sign-in/redirect.ts';
import { showFound } from '../../config/rules/issue.ts';
import type { Secret } from '../../system/secret.ts';
import { problemBody, replyWithProblem, rfc3339, type Reply } from '../answer/answer.ts';
import { MAX_BODY_BYTES, ok, refuse } from '../http/limited-server.ts';
import { MAX_JSON_BODY_BYTES } from '../http/request-body.ts';
import { readTarget } from '../http/request-target.ts';
import type { ServedProfiles, SocketHost } from '../answer/host.ts';
import { statusBody, type StatusBody } from '../answer/status-body.ts';
import { answerToken, findAgent, unknownProfile, type FoundAgent } from '../answer/token-answer.ts';
import { unknownName } from '../answer/token-query.ts';

/** The part of a request that decides who answers it. */
export type SocketRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** What an answer is made from. */
export interface Asked {
  readonly host: SocketHost;
  readonly profiles: ServedProfiles;
  readonly query: URLSearchParams;
  /** The last part of the path, where a profile is named there. */
  readonly id: string;
  /** JSON, unchecked; undefined where none was read. */
  readonly body: unknown;
}

export type Route =
  | { readonly kind: 'answer'; readonly answer: (asked: Asked) => Promise<Reply> | Reply }
  /** The same, with the request's body. */
  | { readonly kind: 'body'; readonly answer: (asked: Asked) => Promise<Reply> | Reply }
  /** The status of a profile, again and again. */
  | { readonly kind: 'events' };

/** Where a request leads. */
export type Admission =
  | { readonly kind: 'refused'; readonly reply: Reply }
  | {
      readonly kind: 'admitted';
      readonly route: Route;
      readonly query: URLSearchParams;
      readonly id: string;
    };

/** What a path answers, by method. */
type Methods = ReadonlyMap<string, Route>;

const PROFILE_PATH = '/v1/profiles/';
const SETTINGS_PATH = '/v1/settings';
const TOKEN_FILES_PATH = '/v1/token-files';

/** The schema and what it knows of schedules and keys: loaded when a registration is changed, not at the start. */
const registrationAnswers = () => import('./registration-answers.ts');

const answer = (make: (asked: Asked) => Promise<Reply> | Reply): Route => ({ kind: 'answer', answer: make });

const paths: ReadonlyMap<string, Methods> = new Map([
  ['/v1/token', new Map([['GET', answer(({ profiles, query }) => answerToken(profiles, query))]])],
  ['/v1/status', new Map([['GET', ofAgent((agent, asked) => ok(toldStatus(agent, asked)))]])],
  ['/v1/events', new Map<string, Route>([['GET', { kind: 'events' }]])],
  ['/v1/refresh', new Map([['POST', ofAgent(answerRefresh)]])],
  ['/v1/sign-in', new Map([['POST', ofAgent(answerSignIn)]])],
  ['/v1/sign-out', new Map([['POST', ofAgent(answerSignOut)]])],
  [
    '/v1/hand-over',
    new Map([
      ['GET', answer(answerAtStake)],
      ['POST', answer(answerHandOver)],
    ]),
  ],
  ['/v1/checkup', new Map([['POST', ofAgent(answerCheckUp)]])],
  [
    '/v1/default',
    new Map([
      [
        'POST',
        ofAgent(async ({ profile }, { host }) =>
          (await registrationAnswers()).answerDefault(host.registrations, profile.id),
        ),
      ],
    ]),
  ],
  ['/v1/profiles', new Map([['GET', answer(answerProfiles)]])],
  ['/v1/outlets', new Map([['GET', answer(({ host }) => answerOutlets(host))]])],
  [
    SETTINGS_PATH,
    new Map<string, Route>([
      [
        'PATCH',
        {
          kind: 'body',
          answer: async ({ host, body }) =>
            (await registrationAnswers()).answerChange(host.registrations, body),
        },
      ],
    ]),
  ],
  [
    TOKEN_FILES_PATH,
    new Map<string, Route>([
      [
        'POST',
        {
          kind: 'body',
          answer: async ({ host, body }) =>
            (await registrationAnswers()).answerAddTokenFile(host.registrations, body),
        },
      ],
      [
        'DELETE',
        answer(async ({ host, query }) =>
          (await registrationAnswers()).answerRemoveTokenFile(host.registrations, query),
        ),
      ],
    ]),
  ],
  [
    '/v1/reload',
    new Map([
      ['POST', answer(async ({ host }) => (await registrationAnswers()).answerReload(host.registrations))],
    ]),
  ],
]);

const profileMethods: Methods = new Map<string, Route>([
  [
    'PUT',
    {
      kind: 'body',
      answer: async ({ host, id, body }) =>
        (await registrationAnswers()).answerPut(host.registrations, id, body),
    },
  ],
  ['DELETE', answer(answerDelete)],
]);

/** How large the body of a request may be: only registrations and settings are read. */
export function maxBodyBytes({ method, url = '' }: SocketRequest): number {
  const isRead =
    (method === 'PUT' && url.startsWith(PROFILE_PATH)) ||
    (method === 'PATCH' && url === SETTINGS_PATH) ||
    (method === 'POST' && url === TOKEN_FILES_PATH);
  return isRead ? MAX_JSON_BODY_BYTES : MAX_BODY_BYTES;
}

/**
 * Decides on a request by its head alone. Browsers cannot reach a Unix socket; whatever sends an Origin was
 * not written for this. `key` is what Windows' pipe asks for, undefined elsewhere.
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
  const id = path.startsWith(PROFILE_PATH) ? path.slice(PROFILE_PATH.length) : '';
  const methods = id === '' || id.includes('/') ? paths.get(path) : profileMethods;
  if (methods === undefined) {
    return refused(refuse(404, problem('usage', 'request.not-found', { path: showFound(path) ?? '' })));
  }
  const route = methods.get(method);
  if (route !== undefined) return { kind: 'admitted', route, query, id };
  const wanted = [...methods.keys()].join(', ');
  const reply = refuse(405, problem('usage', 'request.method', { wanted, found: method }));
  return refused({ ...reply, headers: { Allow: wanted } });
}

/** The status of an agent as this host tells it. */
export function toldStatus(agent: Agent, { host, profiles }: Pick<Asked, 'host' | 'profiles'>): StatusBody {
  return statusBody(agent, {
    standing: profiles.get() === agent ? 'default' : 'further',
    source: host.registrations === undefined ? 'passing' : 'stored',
    tokenFileTroubles: host.tokenFileTroubles?.(agent.profile.id) ?? [],
  });
}

/** The agent of a route about one profile: that of `profile=ID`, or the default; nothing else can be asked. */
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

/** Without the token: whoever refreshes from a terminal does not want it on the screen. */
async function answerRefresh(agent: Agent): Promise<Reply> {
  const given = await agent.getToken({ fresh: 'always' });
  if (given.kind === 'refused') return replyWithProblem(given.problem);
  // What is left of the old token would do for an asker, but it is no refresh.
  if (given.warning !== undefined) return replyWithProblem(given.warning);
  return ok({ expiresOn: rfc3339(given.token.expiresOn) });
}

async function answerSignIn(agent: Agent, { host }: Asked): Promise<Reply> {
  const invitation = await host.inviteToSignIn(agent);
  switch (invitation.kind) {
    case 'visit':
      return ok({ kind: invitation.kind, url: invitation.url });
    case 'shown':
      return ok({ kind: invitation.kind });
    case 'failed':
      return replyWithProblem(invitation.problem);
  }
}

async function answerSignOut(agent: Agent): Promise<Reply> {
  const trouble = await agent.signOut();
  return trouble === undefined ? ok({}) : replyWithProblem(trouble);
}

/** What a person should know before the host ends. */
async function answerAtStake({ host }: Asked): Promise<Reply> {
  const { handOver } = host;
  return handOver === undefined ? staysHere() : ok({ sessions: await handOver.sessions() });
}

/** The host ends once the answer is on its way. */
function answerHandOver({ host }: Asked): Reply {
  const { handOver } = host;
  if (handOver === undefined) return staysHere();
  setImmediate(() => handOver.end());
  return ok({});
}

function staysHere(): Reply {
  return refuse(404, problem('usage', 'request.not-found', { path: '/v1/hand-over' }));
}

async function answerCheckUp(agent: Agent, { host }: Asked): Promise<Reply> {
  return ok({ lines: await host.checkUp(agent) });
}

function answerProfiles(asked: Asked): Reply {
  return ok({ profiles: asked.profiles.list.map((agent) => toldStatus(agent, asked)) });
}

function answerOutlets({ outlets }: SocketHost): Reply {
  const told = outlets?.();
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
