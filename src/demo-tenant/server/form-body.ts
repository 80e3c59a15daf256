import type { IncomingMessage } from 'node:http';

/** A token request with a client assertion has about 3 kB. */
const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Reads a body as a form (`application/x-www-form-urlencoded`); any other content type counts as empty.
 * @returns undefined if the body is larger than 64 kB.
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  return new URLSearchParams(isForm ? Buffer.concat(chunks).toString() : '');
}
