import { chmod, rm } from 'node:fs/promises';
import type { IncomingMessage, Server } from 'node:http';
import type { Agent } from '../agent/agent.ts';
import { problem, type Problem } from '../agent/problem.ts';
import { equalSecrets } from '../agent/redirect.ts';
import { showFound } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Log } from '../vault/log.ts';
import type { Secret } from '../vault/secret.ts';
import { replyWithProblem, replyWithToken, rfc3339, type Reply } from './answer.ts';
import { loadOrMakeKey, pipeKeyFile } from './key-file.ts';
import { closeServer, limitedServer, ok, refuse, sendJson } from './limited-server.ts';
import type { Ownership } from './ownership.ts';
import { statusBody } from './status-body.ts';
import { readTokenQuery } from './token-query.ts';

/** The part of the agent that askers reach. */
export type SocketAgent = Pick<Agent, 'profile' | 'status' | 'nextScheduledAt' | 'getToken' | 'signOut'>;

/** What a host does when somebody wants to sign in: gives a URL to open, or shows its own window. */
export type SignInInvitation =
  | { readonly kind: 'visit'; /** Holds a one-time ticket. */ readonly url: string }
  | { readonly kind: 'shown' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What the socket asks of the host that owns the session. */
export interface SocketHost {
  /** The agent of the default profile as it is now; undefined before anything is configured. */
  readonly agent: () => SocketAgent | undefined | Promise<SocketAgent | undefined>;
  /** Asked only on `POST /v1/sign-in`, which a person started. */
  readonly inviteToSignIn: () => Promise<SignInInvitation>;
}

export interface SocketApi {
  /** Ends every connection and removes the socket; before `Ownership.release`. */
  close(): Promise<void>;
}

type SocketPlaces = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

const ONLY_ITS_USER = 0o600;

/**
 * Serves the session to the other programs of this user: HTTP over the Unix socket in the private
 * runtime directory (a pipe and a key on Windows). `ownership` shows that the caller may remove a socket
 * that a dead owner left; it is not called.
 *
 * `GET /v1/token?scope=…&min_lifetime=600&refresh=1` · `GET /v1/status` · `POST /v1/refresh` ·
 * `POST /v1/sign-in` · `POST /v1/sign-out`; JSON with `schemaVersion`, status codes by DESIGN's table.
 */
export async function openSocketApi(options: {
  readonly places: SocketPlaces;
  readonly ownership: Ownership;
  readonly host: SocketHost;
  readonly log: Log;
  readonly platform?: NodeJS.Platform;
}): Promise<SocketApi> {
  const { places, host, log, platform = process.platform } = options;
  const isPipe = platform === 'win32';
  // A new one each time: whoever squatted on the pipe's name while no owner lived may have been shown the last.
  if (isPipe) await rm(pipeKeyFile(places), { force: true });
  const key = isPipe ? await loadOrMakeKey(pipeKeyFile(places), undefined) : undefined;
  const server = limitedServer(
    async (request, response) => sendJson(response, await answerSocket(request, host, key)),
    (error) => log.error('socket request failed', { error }),
  );
  if (!isPipe) await rm(places.socketPath, { force: true });
  await listen(server, places.socketPath);
  if (!isPipe) await chmod(places.socketPath, ONLY_ITS_USER);
  return { close: () => closeServer(server) };
}

/** Answers one request of the socket; for {@link openSocketApi} and its tests. */
export async function answerSocket(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  host: SocketHost,
  key: Secret | undefined,
): Promise<Reply> {
  // Browsers cannot reach a Unix socket. Whatever sends an Origin was not written for this.
  if (request.headers.origin !== undefined) return refuse(403, problem('usage', 'request.origin'));
  const given = request.headers['x-tokentray-key'];
  if (key !== undefined && !equalSecrets(typeof given === 'string' ? given : '', key.reveal())) {
    return refuse(401, problem('usage', 'request.pipe-key'));
  }
  const { method = '', url = '' } = request;
  const [path = '', query = ''] = url.split('?', 2);
  const route = routes[path];
  if (route === undefined) {
    return refuse(404, problem('usage', 'request.not-found', { path: showFound(path) ?? '' }));
  }
  if (method !== route.method) {
    const reply = refuse(405, problem('usage', 'request.method', { wanted: route.method, found: method }));
    return { ...reply, headers: { Allow: route.method } };
  }
  const agent = await host.agent();
  if (agent === undefined) return replyWithProblem(problem('admin', 'not-configured'));
  return route.answer(agent, host, new URLSearchParams(query));
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly answer: (agent: SocketAgent, host: SocketHost, query: URLSearchParams) => Promise<Reply> | Reply;
}

const routes: Readonly<Record<string, Route | undefined>> = {
  '/v1/token': { method: 'GET', answer: (agent, _host, query) => answerToken(agent, query) },
  '/v1/status': { method: 'GET', answer: (agent) => ok(statusBody(agent)) },
  '/v1/refresh': { method: 'POST', answer: answerRefresh },
  '/v1/sign-in': { method: 'POST', answer: answerSignIn },
  '/v1/sign-out': { method: 'POST', answer: answerSignOut },
};

/** The token request of a query, answered: the same over the socket and over loopback HTTP. */
export async function answerToken(
  agent: Pick<Agent, 'getToken' | 'status'>,
  query: URLSearchParams,
): Promise<Reply> {
  const read = readTokenQuery(query);
  if (read.kind === 'wrong') return replyWithProblem(read.problem);
  const answer = await agent.getToken(read.request);
  // Asked afterwards: the account may have been restored or changed while the refresh was under way.
  const { session } = agent.status;
  return replyWithToken(answer, session.kind === 'signed-out' ? undefined : session.account);
}

/** Without the token: whoever refreshes from a terminal does not want it on the screen. */
async function answerRefresh(agent: SocketAgent): Promise<Reply> {
  const answer = await agent.getToken({ fresh: 'always' });
  if (answer.kind === 'refused') return replyWithProblem(answer.problem);
  // What is left of the old token would do for an asker, but it is no refresh.
  if (answer.warning !== undefined) return replyWithProblem(answer.warning);
  return ok({ expiresOn: rfc3339(answer.token.expiresOn) });
}

async function answerSignIn(_agent: SocketAgent, host: SocketHost): Promise<Reply> {
  const invitation = await host.inviteToSignIn();
  switch (invitation.kind) {
    case 'visit':
      return ok({ kind: invitation.kind, url: invitation.url });
    case 'shown':
      return ok({ kind: invitation.kind });
    case 'failed':
      return replyWithProblem(invitation.problem);
  }
}

async function answerSignOut(agent: SocketAgent): Promise<Reply> {
  const trouble = await agent.signOut();
  return trouble === undefined ? ok({}) : replyWithProblem(trouble);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
