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
/** A token response is below 20 kB. */
const MAX_ANSWER_BYTES = 1_000_000;

/** What the owner answered: the HTTP status and the JSON object, whose fields are checked where they are used. */
export interface SocketAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Asks the process that owns the session. The directory is checked first: a socket in somebody else's
 * directory could hand out somebody else's token.
 * @throws ProblemError `agent-not-running`, `agent-silent`, `socket-directory`
 */
export async function askOwner(
  places: Pick<Places, 'runtimeDirectory' | 'socketPath'>,
  method: 'GET' | 'POST',
  path: string,
  options: { readonly platform?: NodeJS.Platform; readonly timeoutMs?: number } = {},
): Promise<SocketAnswer> {
  const { platform = process.platform, timeoutMs = ANSWER_TIMEOUT_MS } = options;
  if ((await checkPrivateDirectory(places.runtimeDirectory)) === 'absent') throw notRunning();
  const headers = platform === 'win32' ? await keyHeader(places) : {};
  const { status, text } = await exchange(
    { socketPath: places.socketPath, method, path, headers, agent: false },
    timeoutMs,
  );
  return { status, body: parseObject(text) };
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
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(options);
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
    sent.end();
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
