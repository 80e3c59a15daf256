import { open } from 'node:fs/promises';
import path from 'node:path';
import { absent } from '../files/error-code.ts';

/** Newest first: the current log and the one before it, which holds everything just after a rotation. */
const FILES = ['tokentray.log', 'tokentray.1.log'] as const;

/** A line has about 150 bytes, so this much of a file's end holds several hundred. */
const TAIL_BYTES = 64 * 1024;

/**
 * The last lines of the log in a directory (log-file.ts), oldest first, without line breaks; empty if there is no log
 * yet. Rejects with the file system's error.
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
  const handle = await open(file, 'r').catch(absent);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const all = buffer.toString('utf8', 0, bytesRead).split('\n');
    // The first line may be incomplete, and nothing follows the last line break.
    return all.slice(start === 0 ? 0 : 1, -1);
  } finally {
    await handle.close();
  }
}
