import { request, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../system/files/error-code.ts';
import { checkPrivateDirectory } from '../../system/files/private-directory.ts';
import type { Places } from '../../system/places.ts';
import { problem, ProblemError } from '../../words/problem.ts';

/**
 * Longer than the owner takes when everything hangs: 10 s to connect and 30 s in all, each for discovery and token
 * request, and for one other request that is ahead in the queue.
 */
const ANSWER_TIMEOUT_MS = 150_000;
/**
 * The pauses before a request that was cut off is sent again. An owner answers hundreds of requests in 50 ms; a
 * thousand at once on a loaded machine take a second.
 */
const TRY_AGAIN_MS = [50, 250, 1000];
/** A token response has less than 20 kB. */
export const MAX_ANSWER_BYTES = 1_000_000;

/** The owner's answer: HTTP status and JSON object, whose fields are checked where they are used. */
export interface SocketAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type ClientPlaces = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

/** A path of the owner's socket for one profile; by default for the default profile. */
export function ownerPath(path: string, profile: string | undefined): string {
  return profile === undefined ? path : `${path}?profile=${encodeURIComponent(profile)}`;
}

/**
 * Sends a request to the process that owns the session. Checks the directory first: a socket in another user's
 * directory could give out another user's token. A GET that is cut off is sent again, because an owner with too many
 * connections cuts some off (connections.ts).
 * @throws ProblemError `agent-not-running`, `agent-silent`, `agent-garbled`, `request.busy`, `socket-directory`,
 * `request.too-large`
 */
export async function askOwner(
  places: ClientPlaces,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: {
    readonly platform?: NodeJS.Platform;
    readonly timeoutMs?: number;
    /** Sent as JSON. */
    readonly json?: unknown;
    /** Aborts the request. */
    readonly signal?: AbortSignal;
  } = {},
): Promise<SocketAnswer> {
  const { platform, timeoutMs = ANSWER_TIMEOUT_MS, json, signal } = options;
  const body = json === undefined ? undefined : await bodyOf(json);
  const abort = signal === undefined ? {} : { signal };
  const sent = { ...(await reach(places, platform)), method, path, ...abort };
  try {
    // Any other method may have taken effect already.
    const pauses = method === 'GET' ? TRY_AGAIN_MS : [];
    const { status, text } = await pauses.reduce(
      (answer, pauseMs) =>
        answer.catch(async (error: unknown) => {
          if (!isCutOff(error)) throw error;
          // By chance, so that the clients do not all return at the same moment.
          await sleep(pauseMs * (0.5 + Math.random()), undefined, abort);
          return exchange(sent, timeoutMs, body);
        }),
      exchange(sent, timeoutMs, body),
    );
    return { status, body: parseObject(text) };
  } catch (error) {
    throw await toProblemError(error, sent);
  }
}

/** How to reach the owner's socket. @throws ProblemError `agent-not-running`, `socket-directory` */
export async function reach(
  places: ClientPlaces,
  platform: NodeJS.Platform = process.platform,
): Promise<RequestOptions> {
  if ((await checkPrivateDirectory(places.runtimeDirectory)) === 'absent') throw notRunning();
  const headers = platform === 'win32' ? await keyHeader(places) : {};
  return { socketPath: places.socketPath, headers, agent: false };
}

/** Checks the size here too: an owner that ends an oversized request may close before its answer arrives. */
async function bodyOf(json: unknown): Promise<Buffer> {
  const body = Buffer.from(JSON.stringify(json));
  const { MAX_JSON_BODY_BYTES, tooLarge } = await import('../http/request-body.ts');
  if (body.length > MAX_JSON_BODY_BYTES) throw new ProblemError(tooLarge());
  return body;
}

export function notRunning(): ProblemError {
  return new ProblemError(problem('admin', 'agent-not-running'));
}

export function silent(timeoutMs: number): ProblemError {
  return new ProblemError(problem('transient', 'agent-silent', { seconds: timeoutMs / 1000 }));
}

/** Loaded on Windows only: the fewer modules `tokentray token` loads, the better. */
async function keyHeader(
  places: Pick<Places, 'runtimeDirectory'>,
): Promise<Readonly<Record<string, string>>> {
  const { pipeKeyFile, readKey } = await import('../http/key-file.ts');
  const key = await readKey(pipeKeyFile(places), undefined);
  if (key === undefined) throw notRunning();
  return { 'x-tokentray-key': key.reveal() };
}

/** Rejects with a ProblemError, or with the system's error. */
function exchange(
  options: RequestOptions,
  timeoutMs: number,
  body: Buffer | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(body === undefined ? options : withBody(options, body));
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
      sent.destroy();
    };
    const timer = setTimeout(() => fail(silent(timeoutMs)), timeoutMs);
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) fail(new Error('oversize'));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    sent.end(body);
  });
}

function withBody(options: RequestOptions, body: Buffer): RequestOptions {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  return { ...options, headers: { ...(options.headers as Record<string, string>), ...headers } };
}

/** Whether a connection ended early, or was not accepted at all (EAGAIN: too many are waiting). */
export function isCutOff(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'EAGAIN'].includes(errorCode(error));
}

/** Without a socket or a listener, the owner is not running. An owner that listens but cuts off is busy. */
export async function toProblemError(
  error: unknown,
  { socketPath = '' }: RequestOptions,
): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  const code = errorCode(error);
  if (isNobody(code) || (isCutOff(error) && isNobody(await connectError(socketPath)))) return notRunning();
  if (isCutOff(error)) return new ProblemError((await import('../http/request-body.ts')).busy());
  return garbled(code === '' ? '?' : code);
}

function garbled(detail: string): ProblemError {
  return new ProblemError(problem('transient', 'agent-garbled', { detail }));
}

function isNobody(code: string): boolean {
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/** The error code of a connection attempt; empty if it succeeds. */
function connectError(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve('');
    });
    socket.once('error', (error) => resolve(errorCode(error)));
  });
}

/** The JSON object in a text. @throws ProblemError `agent-garbled` */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw garbled('JSON');
}
