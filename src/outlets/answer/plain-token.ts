import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Reply } from './answer.ts';

/** Whether the client asks for a bare token: `Accept: text/plain`. */
function isPlainWanted({ accept = '' }: Pick<IncomingHttpHeaders, 'accept'>): boolean {
  return accept.trim().toLowerCase() === 'text/plain';
}

/**
 * The bare token of an answer, for a shell that cannot read JSON. Undefined for refusals and for tokens with a
 * warning, which are always JSON.
 */
export function plainTokenOf(
  headers: Pick<IncomingHttpHeaders, 'accept'>,
  { httpStatus, body }: Pick<Reply, 'httpStatus' | 'body'>,
): string | undefined {
  if (!isPlainWanted(headers) || httpStatus !== 200) return undefined;
  if (!('accessToken' in body) || 'warning' in body) return undefined;
  return typeof body.accessToken === 'string' ? body.accessToken : undefined;
}

/** Sends a bare token and a line break. The answer must not be stored. */
export function sendPlainToken(response: ServerResponse, token: string): void {
  const text = `${token}\n`;
  response.writeHead(200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
