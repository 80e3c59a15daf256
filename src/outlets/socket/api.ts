import { rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { replacedProblem } from '../../agent/failures/thrown.ts';
import { ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import type { Log } from '../../system/log/log.ts';
import type { Secret } from '../../system/secret.ts';
import { JSON_SCHEMA_VERSION, replyWithProblem, type Reply } from '../answer/answer.ts';
import { KeptSocket } from './kept-socket.ts';
import { loadOrMakeKey, pipeKeyFile } from '../http/key-file.ts';
import { closeServer, limitedServer, listen, refuse, sendJson } from '../http/limited-server.ts';
import type { Ownership } from '../../system/ownership/ownership.ts';
import { plainTokenOf, sendPlainToken } from '../answer/plain-token.ts';
import { busy, JsonBodies } from '../http/request-body.ts';
import type { SocketHost } from '../answer/host.ts';
import { admit, agentOf, maxBodyBytes, toldStatus, type Asked } from './routes.ts';
import { StatusEvents } from './status-events.ts';
import { unknownProfile } from '../answer/token-answer.ts';

export type { SignInInvitation, SocketHost } from '../answer/host.ts';
export { answerToken } from '../answer/token-answer.ts';

export interface SocketApi {
  /** Ends every connection and removes the socket. Call it before `Ownership.release`. */
  close(): Promise<void>;
}

type SocketPlaces = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

/**
 * Serves the sessions to the other programs of this user: HTTP over the Unix socket in the private runtime
 * directory (a pipe and a key on Windows). `ownership` proves that the caller may remove a socket that a dead owner
 * left; the socket is opened again if its file is removed ({@link KeptSocket}).
 *
 * Every answer is JSON with `schemaVersion`. A refusal is `error` with `kind`, `code`, `message` and `next`; the
 * HTTP status follows its kind. Routes about one profile take `profile=ID`, by default the default profile:
 * - `GET /v1/token?scope=…` (repeatable) or `resource=…`, with `min_lifetime=600` (seconds), `refresh=1`,
 *   `claims={…}` (a challenge as JSON); the bare token for `Accept: text/plain`, unless there is a warning
 * - `GET /v1/status`; `GET /v1/events`: the same as server-sent events, at once and after every change
 * - `POST /v1/refresh` · `POST /v1/sign-in` · `POST /v1/sign-out` · `POST /v1/checkup` · `POST /v1/default`
 * - `GET /v1/hand-over`: whether the sessions outlive the host; `POST /v1/hand-over`: the host exits
 * - `GET /v1/profiles`: the status of each
 * - `GET /v1/outlets`: the loopback server and the shell's cache · `POST /v1/reload`: reads the settings file again
 * - `PATCH /v1/settings`: single settings as JSON, at most 256 kB
 * - `POST /v1/token-files`: a file to keep fresh as JSON · `DELETE /v1/token-files?path=…`
 * - `PUT /v1/profiles/{id}`: a registration as JSON, at most 256 kB · `DELETE /v1/profiles/{id}`
 */
export async function openSocketApi(options: {
  readonly places: SocketPlaces;
  readonly ownership: Ownership;
  readonly host: SocketHost;
  readonly log: Log;
  /** Called once if another process has become the owner: this one must end and write nothing more. */
  readonly onLost: () => void;
  readonly now?: () => number;
  readonly platform?: NodeJS.Platform;
}): Promise<SocketApi> {
  const { places, ownership, host, log, onLost, now = Date.now, platform = process.platform } = options;
  const isPipe = platform === 'win32';
  // A new key each time: a process that used the pipe's name while no owner ran may have received the last one.
  if (isPipe) await rm(pipeKeyFile(places), { force: true });
  const key = isPipe ? await loadOrMakeKey(pipeKeyFile(places), undefined) : undefined;
  const handler = socketHandler({ host, key, now });
  const onError = (error: unknown): void => log.error('socket request failed', { error });
  const makeServer = (): Server => limitedServer(handler, onError, maxBodyBytes);
  if (isPipe) {
    const server = makeServer();
    await listen(server, { path: places.socketPath });
    return { close: () => closeServer(server) };
  }
  await rm(places.socketPath, { force: true });
  return KeptSocket.open({ places, ownership, makeServer, log, now, onLost });
}

/** The request handler of the socket, for {@link openSocketApi} and tests. */
export function socketHandler(options: {
  readonly host: SocketHost;
  readonly key: Secret | undefined;
  readonly now: () => number;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { host, key, now } = options;
  const bodies = new JsonBodies();
  const events = new StatusEvents();
  return async (request, response) => {
    const admission = admit(request, key);
    if (admission.kind === 'refused') {
      sendJson(response, admission.reply);
      return;
    }
    const { route, query, id } = admission;
    const read = route.kind === 'body' ? await bodies.read(request) : undefined;
    if (read?.kind === 'refused') {
      // Does not wait for the rest of the body.
      sendJson(response, refuse(read.status, read.problem), { Connection: 'close' });
      return;
    }
    try {
      const asked: Asked = { host, profiles: await host.profiles(), query, id, body: read?.value };
      const reply =
        route.kind === 'events' ? openEvents(events, response, asked, now) : await route.answer(asked);
      if (reply === undefined) return;
      const plain = plainTokenOf(request.headers, reply);
      if (plain === undefined) sendJson(response, reply);
      else sendPlainToken(response, plain);
    } catch (error) {
      const known = error instanceof ProblemError ? error.problem : replacedProblem(error);
      if (response.headersSent || known === undefined) throw error;
      sendJson(response, replyWithProblem(known));
    }
  };
}

/** Returns a reply if no stream can be opened. */
function openEvents(
  events: StatusEvents,
  response: ServerResponse,
  asked: Asked,
  now: () => number,
): Reply | undefined {
  const { profiles, query } = asked;
  const found = agentOf(asked);
  if (found.kind === 'missing') return replyWithProblem(found.problem);
  // The client left while the sessions were being restored.
  if (response.destroyed) return undefined;
  if (events.isFull) return replyWithProblem(busy());
  const id = query.getAll('profile').at(-1);
  events.open(response, {
    profiles,
    agent: () => profiles.get(id),
    say: (agent) => JSON.stringify({ schemaVersion: JSON_SCHEMA_VERSION, ...toldStatus(agent, asked) }),
    farewell: () => JSON.stringify(replyWithProblem(unknownProfile(profiles, id)).body),
    now,
  });
  return undefined;
}
