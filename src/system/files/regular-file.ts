import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import { withinLimit } from '../limit.ts';

/** A disk answers in milliseconds; a network drive that has gone away may not answer for minutes, or ever. */
const READ_LIMIT_MS = 5000;

/** A file's text; or why there is none: the system's code (`ENOENT`) or a few words. */
export type FileText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly detail: string };

/**
 * Reads a file that another program keeps, again and again and with nobody there: what is no regular file (a
 * pipe that nobody writes to, a device that never ends), is longer than `mostBytes` or does not answer within
 * five seconds is refused, so that nothing hangs on it.
 */
export async function readRegularFile(path: string, mostBytes: number): Promise<FileText> {
  try {
    return await withinLimit(read(path, mostBytes), READ_LIMIT_MS, () => new SlowDiskError());
  } catch (error) {
    if (error instanceof SlowDiskError) return refused(error.message);
    if (errorCode(error) === '') throw error;
    return refused(errorCode(error));
  }
}

async function read(path: string, mostBytes: number): Promise<FileText> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer. Windows has no such
  // flag, and `|` takes what is not there for 0.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return refused('it is no regular file');
    const chunks: Buffer[] = [];
    // One byte more than allowed: it may have grown since it was looked at.
    const stream = handle.createReadStream({ end: mostBytes, autoClose: false });
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    return bytes.length > mostBytes
      ? refused(`it holds more than ${mostBytes} bytes`)
      : { kind: 'text', text: bytes.toString('utf8') };
  } finally {
    await handle.close();
  }
}

class SlowDiskError extends Error {
  override readonly name = 'SlowDiskError';
  constructor() {
    super(`no answer within ${READ_LIMIT_MS / 1000} s`);
  }
}

function refused(detail: string): FileText {
  return { kind: 'refused', detail };
}
