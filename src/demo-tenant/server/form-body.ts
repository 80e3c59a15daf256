import type { IncomingMessage } from 'node:http';

/** A token request with a client assertion is some 3 kB; nobody needs more than this. */
const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Reads the body of a POST as a form (`application/x-www-form-urlencoded`); anything else counts as empty.
 * @returns undefined when the body is larger than 64 kB.
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (request.method !== 'POST') return new URLSearchParams();
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
