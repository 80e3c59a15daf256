import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AadstsError } from '../state/aadsts.ts';
import type { TokenFault, TransportFault } from '../state/faults.ts';

/** Far more than any token response: a client that reads to the end has no limit. */
const OVERSIZE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/**
 * Causes a fault.
 * @returns `answered` if nothing may follow, `continue` if the regular answer must follow.
 * @throws AadstsError for a fault of that kind.
 */
export async function deliverFault(
  fault: TokenFault | TransportFault,
  response: ServerResponse,
): Promise<'answered' | 'continue'> {
  switch (fault.kind) {
    case 'aadsts':
      throw new AadstsError(fault.code, fault);
    case 'http':
      response.writeHead(fault.status, {
        'Content-Type': 'text/html',
        ...(fault.retryAfter !== undefined && { 'Retry-After': fault.retryAfter }),
      });
      response.end(fault.body ?? `<h1>${fault.status}</h1>`);
      return 'answered';
    case 'hang':
      return 'answered';
    case 'drop':
      response.destroy();
      return 'answered';
    case 'oversize':
      await sendOversize(response);
      return 'answered';
    case 'slow':
      await wait(fault.ms, undefined, { ref: false });
      return 'continue';
  }
}

async function sendOversize(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.write('{"token_type":"Bearer","padding":"');
  const chunks = new Array<string>(OVERSIZE_BYTES / CHUNK_BYTES).fill('x'.repeat(CHUNK_BYTES));
  try {
    await pipeline(Readable.from([...chunks, '"}']), response);
  } catch (thrown) {
    // A client that stops reading did what this fault tests for.
    if (!response.destroyed) throw thrown;
  }
}
