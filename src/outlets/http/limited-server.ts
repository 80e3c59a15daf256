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

/** Node's default, stated explicitly. Request line and headers of our clients have less than 2 kB. */
const MAX_HEADER_BYTES = 16_384;
/** A client on this machine sends its headers at once, a browser behind an SSH tunnel within a second. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Long enough for a page and the next one; then the connection is closed, so that it does not delay an exit. */
const KEEP_ALIVE_MS = 2_000;
/** Few of our requests have a body that is read. */
export const MAX_BODY_BYTES = 16_384;
/**
 * Longer than any answer takes (client.ts waits 150 s): a client that accepts no bytes for so long is gone or
 * hostile.
 */
const SILENCE_MS = 180_000;
/** How often stale requests are looked for: as the shortest limit requires. */
const CHECK_INTERVAL_MS = 5_000;

/** Answers one request. A rejection becomes a plain 500 without content. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Node's HTTP server with every limit set, which silent connections cannot fill ({@link Connections}). `onError`
 * receives what a handler throws. `maxBodyBytes` is the maximum size of a request's body; a body that no handler
 * reads is discarded.
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
      // Node would answer without content. Servers for browsers refuse a request without Host ({@link isForUs}).
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

/** Discards bodies, so that the connection can be used again. A body that is too large ends it. */
function limitBody(request: IncomingMessage, maxBytes: number): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  // Without either header there is no body (RFC 9112 6.3).
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

/** Closes at once. Clients see an answer under way as cut off, and report that Tokentray is not running. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Sends a reply as JSON that must not be stored. `extra` overrides the reply's own headers. */
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

/** A refusal with its own HTTP status (404, 405, 401 …). */
export function refuse(status: number, problem: Problem): Reply<ErrorBody> {
  return { ...replyWithProblem(problem), httpStatus: status };
}

/** A successful reply. */
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
