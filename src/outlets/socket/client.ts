import { request, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { checkPrivateDirectory } from '../../system/files/private-directory.ts';

/**
 * Longer than the owner takes when everything hangs: 10 s to connect and 30 s in all for each of
 * discovery and token request, and one other request that may be ahead in the queue.
 */
const ANSWER_TIMEOUT_MS = 150_000;
/** The owner sends something every 25 s; a machine in trouble may be late with it. */
const SILENCE_MS = 75_000;
/**
 * Who was cut off waits some so long before each further try. In 50 ms an owner answers hundreds of others; with a
 * thousand and more at once on a loaded machine it takes a second.
 */
const TRY_AGAIN_MS = [50, 250, 1000];
/** A token response is below 20 kB. */
const MAX_ANSWER_BYTES = 1_000_000;

/** What the owner answered: the HTTP status and the JSON object, whose fields are checked where they are used. */
export interface SocketAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

type ClientPlaces = Pick<Places, 'runtimeDirectory' | 'socketPath'>;

/**
 * Asks the process that owns the session. The directory is checked first: a socket in somebody else's
 * directory could hand out somebody else's token.
 * A question that is cut off, as an owner does to whom more come than it lets in (connections.ts), is asked
 * again.
 * @throws ProblemError `agent-not-running`, `agent-silent`, `agent-garbled`, `request.busy`, `socket-directory`;
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
    /** Gives the request up, whose answer nobody waits for any more. */
    readonly signal?: AbortSignal;
  } = {},
): Promise<SocketAnswer> {
  const { platform, timeoutMs = ANSWER_TIMEOUT_MS, json, signal } = options;
  const body = json === undefined ? undefined : await bodyOf(json);
  const target = await reach(places, platform);
  const sent = { ...target, method, path, ...(signal === undefined ? {} : { signal }) };
  try {
    // What is more than a question may have been done already.
    const pauses = method === 'GET' ? TRY_AGAIN_MS : [];
    const { status, text } = await pauses.reduce(
      (answer, pauseMs) =>
        answer.catch(async (error: unknown) => {
          if (!isCutOff(error)) throw error;
          // Not all at the same moment again.
          await sleep(pauseMs * (0.5 + Math.random()), undefined, signal === undefined ? {} : { signal });
          return exchange(sent, timeoutMs, body);
        }),
      exchange(sent, timeoutMs, body),
    );
    return { status, body: parseObject(text) };
  } catch (error) {
    throw await toProblemError(error, sent);
  }
}

/**
 * Calls `onEvent` with the owner's status, at once and after every change (`GET /v1/events`, with
 * `?profile=ID` where another than the default is meant). Resolves with undefined when `signal` ends it, or
 * with the owner's refusal: no such profile, or not any more.
 * @throws ProblemError `agent-not-running` when the owner ends; `agent-silent`, `agent-garbled`, `request.busy`,
 * `socket-directory`
 */
export async function watchOwner(
  places: ClientPlaces,
  path: string,
  onEvent: (body: SocketAnswer['body']) => void,
  signal: AbortSignal,
  options: {
    readonly platform?: NodeJS.Platform;
    readonly silenceMs?: number;
    /** `nothing`: a process that has nothing else to do ends, as if nobody listened. */
    readonly holds?: 'the process' | 'nothing';
  } = {},
): Promise<SocketAnswer | undefined> {
  const { platform, silenceMs = SILENCE_MS, holds = 'the process' } = options;
  const target = await reach(places, platform);
  if (signal.aborted) return undefined;
  return follow({ ...target, method: 'GET', path }, onEvent, signal, { silenceMs, holds });
}

async function reach(
  places: ClientPlaces,
  platform: NodeJS.Platform = process.platform,
): Promise<RequestOptions> {
  if ((await checkPrivateDirectory(places.runtimeDirectory)) === 'absent') throw notRunning();
  const headers = platform === 'win32' ? await keyHeader(places) : {};
  return { socketPath: places.socketPath, headers, agent: false };
}

/** Measured here too: an owner that ends an oversized request may not be heard any more. */
async function bodyOf(json: unknown): Promise<Buffer> {
  const body = Buffer.from(JSON.stringify(json));
  const { MAX_JSON_BODY_BYTES, tooLarge } = await import('../http/request-body.ts');
  if (body.length > MAX_JSON_BODY_BYTES) throw new ProblemError(tooLarge());
  return body;
}

function notRunning(): ProblemError {
  return new ProblemError(problem('admin', 'agent-not-running'));
}

/** Imported on Windows only: everywhere else the fewer modules `tokentray token` loads, the better. */
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
    const timer = setTimeout(() => {
      fail(new ProblemError(problem('transient', 'agent-silent', { seconds: timeoutMs / 1000 })));
    }, timeoutMs);
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

function follow(
  options: RequestOptions,
  onEvent: (body: SocketAnswer['body']) => void,
  signal: AbortSignal,
  { silenceMs, holds }: { readonly silenceMs: number; readonly holds: 'the process' | 'nothing' },
): Promise<SocketAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(options);
    const silence = setTimeout(() => {
      fail(new ProblemError(problem('transient', 'agent-silent', { seconds: silenceMs / 1000 })));
    }, silenceMs);
    if (holds === 'nothing') {
      silence.unref();
      sent.on('socket', (socket) => socket.unref());
    }
    const stop = (): void => {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      sent.destroy();
    };
    let hasBegun = false;
    const fail = (error: unknown): void => {
      stop();
      void toProblemError(hasBegun && isCutOff(error) ? notRunning() : error, options).then(reject);
    };
    const abort = (): void => {
      stop();
      resolve(undefined);
    };
    signal.addEventListener('abort', abort);
    sent.on('error', fail);
    sent.on('response', (response) => {
      hasBegun = true;
      const status = response.statusCode ?? 0;
      let text = '';
      response.setEncoding('utf8');
      response.on('error', fail);
      response.on('data', (chunk: string) => {
        silence.refresh();
        text += chunk;
        if (text.length > MAX_ANSWER_BYTES) fail(new Error('oversize'));
        else if (status === 200) text = tellAll(text);
      });
      response.on('end', () => {
        if (status === 200) {
          fail(notRunning());
          return;
        }
        try {
          resolve({ status, body: parseObject(text) });
          stop();
        } catch (error) {
          fail(error);
        }
      });
    });
    sent.end();

    /** Tells the complete events of a text and gives back the rest. */
    function tellAll(text: string): string {
      const events = text.split('\n\n');
      const rest = events.pop() ?? '';
      try {
        for (const event of events) tell(event);
      } catch (error) {
        // What the listener threw is its own affair.
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      return rest;
    }

    /** One event of ours: `event: NAME`, then one line of data. A comment has neither. */
    function tell(event: string): void {
      const data = /^data: (.*)$/mu.exec(event)?.[1];
      if (data === undefined || signal.aborted) return;
      const body = parseObject(data);
      if (event.startsWith('event: end')) {
        stop();
        resolve({ status: 400, body });
      } else onEvent(body);
    }
  });
}

/** Cut off before the end, or not let in at all (EAGAIN: too many wait to be). */
function isCutOff(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'EAGAIN'].includes(errorCode(error));
}

/** No socket, or nobody behind it: the owner is not running. One that cuts off and lives has too much to do. */
async function toProblemError(error: unknown, { socketPath = '' }: RequestOptions): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  const code = errorCode(error);
  if (isNobody(code) || (isCutOff(error) && isNobody(await troubleAt(socketPath)))) return notRunning();
  if (isCutOff(error)) return new ProblemError((await import('../http/request-body.ts')).busy());
  return new ProblemError(problem('transient', 'agent-garbled', { detail: code === '' ? '?' : code }));
}

function isNobody(code: string): boolean {
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/** The code of the error that a connection meets; empty where there is one. */
function troubleAt(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve('');
    });
    socket.once('error', (error) => resolve(errorCode(error)));
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ProblemError(problem('transient', 'agent-garbled', { detail: 'JSON' }));
}
