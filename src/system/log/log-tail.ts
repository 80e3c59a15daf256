import { open } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../files/error-code.ts';

/** Newest first: the log in use, and the one before it, which is all there is just after a change of files. */
const FILES = ['tokentray.log', 'tokentray.1.log'] as const;

/** Lines have some 150 bytes; this much of a file's end holds several hundred of them. */
const TAIL_BYTES = 64 * 1024;

/**
 * The last lines of the log in a directory (log-file.ts), oldest first and without their line breaks; none where
 * there is no log yet. Rejects with the file system's error.
 */
export async function readLogTail(directory: string, lines: number): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (const file of FILES) {
    if (found.length >= lines) break;
    found = [...(await endOf(path.join(directory, file))), ...found];
  }
  return found.slice(-lines);
}

async function endOf(file: string): Promise<readonly string[]> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const all = buffer.toString('utf8', 0, bytesRead).split('\n');
    // What stands before the first line break is cut off, and after the last one is nothing.
    return all.slice(start === 0 ? 0 : 1, -1);
  } finally {
    await handle.close();
  }
}
