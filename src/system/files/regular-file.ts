import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import { withinLimit } from '../limit.ts';

/** A disk answers in milliseconds; a network drive that is gone may not answer for minutes, or ever. */
const READ_LIMIT_MS = 5000;

/** A file's text, or why it was refused: the operating system's code (`ENOENT`) or a few words. */
export type FileText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'refused'; readonly detail: string };

/**
 * Reads a file that another program maintains, repeatedly and unattended. Refuses anything that could make it hang:
 * files that are not regular (a pipe without a writer, an endless device), are longer than `mostBytes`, or do not
 * answer within five seconds.
 */
export async function readRegularFile(path: string, mostBytes: number): Promise<FileText> {
  const slow = new Error(`no answer within ${READ_LIMIT_MS / 1000} s`);
  try {
    return await withinLimit(read(path, mostBytes), READ_LIMIT_MS, () => slow);
  } catch (error) {
    if (error === slow) return refused(slow.message);
    if (errorCode(error) === '') throw error;
    return refused(errorCode(error));
  }
}

async function read(path: string, mostBytes: number): Promise<FileText> {
  // Without O_NONBLOCK, opening a named pipe waits for its writer. On Windows the flag is undefined, which `|` treats
  // as 0.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return refused('it is no regular file');
    const chunks: Buffer[] = [];
    // One byte more than allowed, because the file may have grown since it was checked.
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

function refused(detail: string): FileText {
  return { kind: 'refused', detail };
}
