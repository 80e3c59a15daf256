import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../../words/problem.ts';

/** A registration with a certificate chain and a key has at most about 20 kB. */
export const MAX_JSON_BODY_BYTES = 256 * 1024;

/** Users change registrations one at a time; more at once would only hold memory. */
const MAX_BODIES_AT_ONCE = 4;

/** A body parsed as JSON, or why it could not be; `status` is the matching HTTP status. */
export type JsonBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: Problem };

/** Reads JSON bodies, few at a time. The server's time limit ends slow ones. */
export class JsonBodies {
  #reading = 0;

  /** Call it in the same turn in which the request arrives: data that arrives before the listener is lost. */
  async read(request: IncomingMessage): Promise<JsonBody> {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > MAX_JSON_BODY_BYTES) return refused(413, tooLarge());
    if (this.#reading >= MAX_BODIES_AT_ONCE) return refused(503, busy());
    this.#reading += 1;
    try {
      const bytes = await collect(request);
      return bytes === undefined ? refused(413, tooLarge()) : parse(bytes);
    } finally {
      this.#reading -= 1;
    }
  }
}

/** Too many requests of this kind at once. */
export function busy(): Problem {
  return problem('transient', 'request.busy', {}, { retryAfterMs: 1000 });
}

/** A body larger than {@link MAX_JSON_BODY_BYTES}. */
export function tooLarge(): Problem {
  return problem('usage', 'request.too-large', { kilobytes: MAX_JSON_BODY_BYTES / 1024 });
}

function refused(status: number, reason: Problem): JsonBody {
  return { kind: 'refused', status, problem: reason };
}

/** Undefined if it was cut off: by its sender, by the time limit, or because it is too large. */
function collect(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}

/** A JSON error quotes the text, which may hold a secret: it is not repeated. */
function parse(bytes: Buffer): JsonBody {
  try {
    return { kind: 'json', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    return refused(400, problem('usage', 'request.not-json'));
  }
}
