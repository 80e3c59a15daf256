import { request, type RequestOptions } from 'node:http';
import { problem, ProblemError } from '../agent/problem.ts';
import type { Places } from '../config/places.ts';
import { errorCode } from './error-code.ts';
import { checkPrivateDirectory } from './private-directory.ts';

/**
 * Longer than the owner takes when everything hangs: 10 s to connect and 30 s in all for each of
 * discovery and token request, and one other request that may be ahead in the queue.
 */
const ANSWER_TIMEOUT_MS = 150_000;
/** The owner sends something every 25 s; a machine in trouble may be late with it. */
const SILENCE_MS = 75_000;
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
 * @throws ProblemError `agent-not-running`, `agent-silent`, `agent-garbled`, `socket-directory`; `request.too-large`
 */
export async function askOwner(
  places: ClientPlaces,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: {
    readonly platform?: NodeJS.Platform;
    readonly timeoutMs?: number;
    /** Sent as JSON. */
    readonly json?: unknown;
  } = {},
): Promise<SocketAnswer> {
  const { platform, timeoutMs = ANSWER_TIMEOUT_MS, json } = options;
  const body = json === undefined ? undefined : await bodyOf(json);
  const target = await reach(places, platform);
  const { status, text } = await exchange({ ...target, method, path }, timeoutMs, body);
  return { status, body: parseObject(text) };
}

/**
 * Calls `onEvent` with the owner's status, at once and after every change (`GET /v1/events`, with
 * `?profile=ID` where another than the default is meant). Resolves with undefined when `signal` ends it, or
 * with the owner's refusal: no such profile, or not any more.
 * @throws ProblemError `agent-not-running` when the owner ends; `agent-silent`, `agent-garbled`, `socket-directory`
 */
export async function watchOwner(
  places: ClientPlaces,
  path: string,
  onEvent: (body: SocketAnswer['body']) => void,
  signal: AbortSignal,
  options: { readonly platform?: NodeJS.Platform; readonly silenceMs?: number } = {},
): Promise<SocketAnswer | undefined> {
  const { platform, silenceMs = SILENCE_MS } = options;
  const target = await reach(places, platform);
  if (signal.aborted) return undefined;
  return follow({ ...target, method: 'GET', path }, onEvent, signal, silenceMs);
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
  const { MAX_JSON_BODY_BYTES, tooLarge } = await import('./request-body.ts');
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
  const { pipeKeyFile, readKey } = await import('./key-file.ts');
  const key = await readKey(pipeKeyFile(places), undefined);
  if (key === undefined) throw notRunning();
  return { 'x-tokentray-key': key.reveal() };
}

function exchange(
  options: RequestOptions,
  timeoutMs: number,
  body: Buffer | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(body === undefined ? options : withBody(options, body));
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(toProblemError(error));
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
  silenceMs: number,
): Promise<SocketAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(options);
    const silence = setTimeout(() => {
      fail(new ProblemError(problem('transient', 'agent-silent', { seconds: silenceMs / 1000 })));
    }, silenceMs);
    const stop = (): void => {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      sent.destroy();
    };
    const fail = (error: unknown): void => {
      stop();
      reject(toProblemError(error));
    };
    const abort = (): void => {
      stop();
      resolve(undefined);
    };
    signal.addEventListener('abort', abort);
    sent.on('error', fail);
    sent.on('response', (response) => {
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

/** No socket, nobody behind it, or gone in the middle: the owner is not running. */
function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const code = errorCode(error);
  if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code)) return notRunning();
  return new ProblemError(problem('transient', 'agent-garbled', { detail: code === '' ? '?' : code }));
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
