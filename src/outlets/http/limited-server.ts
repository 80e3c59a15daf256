import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  JSON_SCHEMA_VERSION,
  jsonText,
  replyWithProblem,
  type ErrorBody,
  type Reply,
} from '../answer/answer.ts';
import type { ListenOptions } from 'node:net';
import type { Problem } from '../../words/problem.ts';
import { Connections } from './connections.ts';

/** Node's default, written down: request line and headers of any client of ours are below 2 kB. */
const MAX_HEADER_BYTES = 16_384;
/** A client on this machine sends its headers at once; a browser behind an SSH tunnel within a second. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Long enough for one page and its successor; then the connection is closed and nothing lingers at the end. */
const KEEP_ALIVE_MS = 2_000;
/** Hardly any request of ours has a body worth reading. */
export const MAX_BODY_BYTES = 16_384;
/** Longer than any answer takes (socket-client.ts waits 150 s): who takes no bytes for so long is gone or hostile. */
const SILENCE_MS = 180_000;
/** How often stale requests are looked for: as often as the shortest limit needs. */
const CHECK_INTERVAL_MS = 5_000;

/** Answers one request. A rejection becomes a plain 500 without content. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * A server of Node's own with every limit set, which silent connections cannot fill ({@link Connections}); `onError` is told what a handler threw. `maxBodyBytes` says
 * how large a request's body may be where its handler reads it; others are read and dropped.
 */
export function limitedServer(
  handler: Handler,
  onError: (error: unknown) => void,
  maxBodyBytes: (request: IncomingMessage) => number = () => MAX_BODY_BYTES,
): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      // Node would answer without content; who cares for Host refuses what has none ({@link isForUs}).
      requireHostHeader: false,
    },
    (request, response) => {
      if (connections.begin(request.socket, response) === 'gone') return;
      limitBody(request, maxBodyBytes(request));
      handler(request, response).catch((error: unknown) => {
        onError(error);
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { Connection: 'close', 'Cache-Control': 'no-store' }).end();
      });
    },
  );
  server.timeout = SILENCE_MS;
  const connections = new Connections(server);
  return server;
}

/** Bodies are read and dropped, so that the connection can be used again; a large one ends it. */
function limitBody(request: IncomingMessage, maxBytes: number): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  // Without either there is none (RFC 9112 6.3), and Node drops nothing faster than by itself.
  if (length === undefined && coding === undefined) return;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) request.destroy();
  });
}

/** Listens on an address or a path. Rejects with the system's error. */
export function listen(server: Server, where: ListenOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** Closes at once: what is being answered is cut off, which its asker sees as "not running". */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Sends a reply as JSON that nobody stores. `extra` wins over the reply's own headers. */
export function sendJson(
  response: ServerResponse,
  { httpStatus, headers, body }: Pick<Reply, 'httpStatus' | 'headers' | 'body'>,
  extra: Readonly<Record<string, string>> = {},
): void {
  const text = jsonText(body);
  response.writeHead(httpStatus, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
    ...extra,
  });
  response.end(text);
}

/** A request that is refused as such: the problem with an HTTP status of its own (404, 405, 401 …). */
export function refuse(status: number, problem: Problem): Reply<ErrorBody> {
  return { ...replyWithProblem(problem), httpStatus: status };
}

/** A reply that went well. */
export function ok<Body extends object>(
  body: Body,
): Reply<{ schemaVersion: typeof JSON_SCHEMA_VERSION } & Body> {
  return {
    exitCode: 0,
    httpStatus: 200,
    headers: {},
    body: { schemaVersion: JSON_SCHEMA_VERSION, ...body },
  };
}
