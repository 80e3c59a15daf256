import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import type { Log } from '../../system/log/log.ts';
import type { Secret } from '../../system/secret.ts';
import { problemBody, type Reply } from '../answer/answer.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { identityError, identityReply, readIdentityQuery } from './identity-protocol.ts';
import { keyCheck, type KeyFound } from '../http/key-check.ts';
import { closeServer, limitedServer, listen, ok, refuse, sendJson } from '../http/limited-server.ts';
import { sayPortHolder } from '../../system/ports/port-holder.ts';
import { isLoopbackAddress, nothingAt, refusalOf, type Admitted } from '../http/request-guard.ts';
import { readTarget } from '../http/request-target.ts';
import type { TokenSource } from './token-source.ts';

export interface LoopbackApi {
  readonly port: number;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

type Answer = Pick<Reply, 'httpStatus' | 'headers' | 'body'>;

const ADDRESS = '127.0.0.1';

/** Too short to be noticed. */
const LOOK_AGAIN_MS = 100;

/**
 * Serves tokens to programs that cannot use the socket: over HTTP on 127.0.0.1, which other users of the machine
 * and web pages can reach too. Everything but `/health` requires the key in a header; `Host` must be this server's
 * own; web pages are refused; only GET is allowed. Answers are always JSON with a body:
 * - `GET /msi/token?api-version=2019-08-01&resource=…`: Azure App Service's managed-identity protocol, with the key
 *   in `X-IDENTITY-HEADER`; see {@link readIdentityQuery}
 * - `GET /token`: the old web application's route; queries and answers are those of `/v1/token` on the socket
 * - `GET /health`: one word as `status`
 * - `/` and `/login`: how to sign in; any other path: 400
 *
 * Refusals have the status 401 (key), 403 (web page), 405 (method) or 421 (`Host`).
 * @throws ProblemError `loopback.port-taken`, naming who holds the port; otherwise the system's error
 */
export async function openLoopbackApi(options: {
  readonly source: TokenSource;
  readonly key: Secret;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  /** How long a predecessor may still hold the port while it exits. */
  readonly patienceMs?: number;
}): Promise<LoopbackApi> {
  const { source, key, log, patienceMs = 0 } = options;
  const foundKey = keyCheck(key);
  let admitted: Admitted = { port: 0, hosts: [], origins: [] };
  const server = limitedServer(
    async (request, response) => {
      const answer = await answerOf(request, { source, foundKey, admitted, log });
      sendJson(response, answer, answer.httpStatus === 405 ? { Allow: 'GET' } : {});
    },
    (error) => log.error('loopback request failed', { error }),
  );
  // Without these three, Node sends answers without content.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => endWith(socket, 405, methodProblem('CONNECT')));
  server.on('clientError', (error, socket) => {
    const status = STATUS_OF_ERROR.get(errorCode(error)) ?? 400;
    endWith(socket, status, problem('usage', 'request.malformed', { detail: errorCode(error) }));
  });
  try {
    await listenPatiently(server, options.port, patienceMs);
  } catch (error) {
    throw await portProblem(error, options.port);
  }
  const { port } = server.address() as AddressInfo;
  admitted = { port, hosts: [`${ADDRESS}:${port}`, `localhost:${port}`], origins: [] };
  return { port, close: () => closeServer(server) };
}

/** What an answer is made from. */
interface Parts {
  readonly source: TokenSource;
  readonly foundKey: (headers: IncomingMessage['headers'], url: string) => KeyFound;
  readonly admitted: Admitted;
  readonly log: Log;
}

/** Paths answered as on the socket. All others are answered in the form that Azure's clients read. */
const OWN_PATHS: ReadonlySet<string> = new Set(['/token', '/health']);

/** The answer to a request. For {@link openLoopbackApi} and its tests. */
export async function answerOf(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'> & {
    readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
  },
  { source, foundKey, admitted, log }: Parts,
): Promise<Answer> {
  const { url = '', headers } = request;
  const { path, query } = readTarget(url);
  const refused = (status: number, reason: Problem): Answer => {
    log.debug('loopback request refused', { status, code: reason.code });
    return OWN_PATHS.has(path) ? refuse(status, reason) : identityError(status, problemBody(reason));
  };
  if (!isLoopbackAddress(request.socket.remoteAddress))
    return refused(403, problem('usage', 'request.foreign'));
  const refusal = refusalOf(request, admitted);
  if (refusal !== undefined) return refused(refusal.status, refusal.problem);
  if (path === '/health') return ok({ status: await source.health() });
  const isForPeople = path === '/' || path === '/login';
  switch (foundKey(headers, url)) {
    case 'wrong':
      return refused(401, problem('usage', isForPeople ? 'loopback.sign-in' : 'loopback.key'));
    case 'in the address':
      return refused(401, problem('usage', 'loopback.key-in-url'));
    case 'right':
      break;
  }
  if (isForPeople) return refused(400, problem('usage', 'loopback.sign-in'));
  switch (path) {
    case '/token':
      return source.answerToken(query);
    case '/msi/token': {
      const read = readIdentityQuery(query);
      if (read.kind === 'wrong') return refused(400, read.problem);
      const reply = identityReply(await source.answerToken(read.query), read.resource);
      if ('error' in reply.body) {
        const { code, correlationId } = reply.body;
        log.info('loopback token refused', { status: reply.httpStatus, code, correlationId });
      }
      return reply;
    }
    default:
      return refused(400, nothingAt(url));
  }
}

/** The status for errors of Node's parser; 400 by default. */
const STATUS_OF_ERROR: ReadonlyMap<string, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

function methodProblem(found: string): Problem {
  return problem('usage', 'request.method', { wanted: 'GET', found });
}

/** Sends an answer on a connection that is not HTTP any more, and closes it. */
function endWith(socket: Duplex, status: number, reason: Problem): void {
  // Reset by the other side, or in the middle of another answer.
  if (!socket.writable || ('bytesWritten' in socket && socket.bytesWritten !== 0)) {
    socket.destroy();
    return;
  }
  const { headers, body } = identityError(status, problemBody(reason));
  const text = `${JSON.stringify(body)}\n`;
  const lines = Object.entries({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`, () =>
    socket.destroy(),
  );
}

async function listenPatiently(server: Server, port: number, patienceMs: number): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    try {
      await listen(server, { host: ADDRESS, port });
      return;
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE' || waitedMs >= patienceMs) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/** Windows refuses reserved ports with EACCES. */
async function portProblem(error: unknown, port: number): Promise<unknown> {
  const code = errorCode(error);
  if (!['EADDRINUSE', 'EACCES'].includes(code)) return error;
  const holder = await sayPortHolder(port);
  return new ProblemError(problem('admin', 'loopback.port-taken', { port, holder }));
}
