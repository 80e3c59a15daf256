import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/**
 * On Windows a rename fails while a virus scanner or an indexer has either file open; they let go within
 * fractions of a second. Five tries, 20 to 320 ms apart, wait 0.6 s at the longest.
 */
const RENAME_PAUSES_MS = [20, 40, 80, 160, 320];

/**
 * Writes a file of the user's own (0600) whole or not at all: beside it first, under a name that is always
 * the same, so that what a crash leaves is overwritten the next time. One writer at a time.
 * Rejects with the file system's error; what was there before is still there then.
 */
export async function writeWhole(file: string, content: string): Promise<void> {
  const fresh = `${file}.new`;
  try {
    await writeFlushed(fresh, content);
    await replace(fresh, file);
  } catch (error) {
    // Half a file must not keep a full disk full. Where even that fails, the first error is the one to tell.
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Bytes must be on the disk before a name points at them, or a power cut leaves an empty file. */
async function writeFlushed(file: string, content: string): Promise<void> {
  // Made anew: what somebody has put there would keep its mode, or lead elsewhere as a link.
  await rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Brings what another program wrote to a file onto the disk. */
export async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames `from` over `to`, for good: the directory is flushed too, where the platform knows such a thing. */
export async function replace(from: string, to: string): Promise<void> {
  await renameStubbornly(from, to);
  if (process.platform !== 'win32') await flushDirectory(dirname(to));
}

async function renameStubbornly(from: string, to: string): Promise<void> {
  for (const wait of RENAME_PAUSES_MS) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (process.platform !== 'win32' || !['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error))) {
        throw error;
      }
      await pause(wait);
    }
  }
  await rename(from, to);
}

async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** For `.catch()`: a file that is not there is undefined, every other error stays one. */
export function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
