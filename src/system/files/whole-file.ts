import { createHash, randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/**
 * On Windows a rename fails while a virus scanner or an indexer has either file open; they let go within
 * fractions of a second. Five tries, 20 to 320 ms apart, wait 0.6 s at the longest.
 */
const RENAME_PAUSES_MS = [20, 40, 80, 160, 320];

/** Hex digits that tell the temporary files of one target from those of its neighbors. */
const NAME_DIGITS = 12;

/**
 * Writes a file completely or not at all, readable only by its user (0600): first to `temporary`, which is then
 * renamed. The default temporary name is fixed, so that the next write replaces what a crash left; it requires a
 * directory of our own and one writer at a time. Elsewhere, pass a {@link temporaryFor}.
 * Rejects with the file system's error; the old content is then still in place.
 */
export async function writeWhole(file: string, content: string, temporary = `${file}.new`): Promise<void> {
  try {
    // Always a new file: an existing one would keep its mode, or lead elsewhere as a link.
    await rm(temporary, { force: true });
    await writeNew(temporary, content);
    await replace(temporary, file);
  } catch (error) {
    // Half a file must not keep a full disk full. If that fails too, the first error is the one to report.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Writes a file completely, readable only by its user, if there is none under this name yet. `there-already`:
 * another process was first, and its file counts. Rejects with the file system's error.
 */
export async function writeFirst(file: string, content: string): Promise<'written' | 'there-already'> {
  const temporary = temporaryFor(file);
  try {
    await writeNew(temporary, content);
    await link(temporary, file);
    return 'written';
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'there-already';
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Creates a file (0600), and rejects with `EEXIST` if there is one. Its content is on the disk afterwards. */
export async function writeNew(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    // Without this, a power cut after a rename leaves an empty file under the final name.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new temporary name beside a file. */
export function temporaryFor(file: string): string {
  return `${temporaryPrefix(file)}${randomBytes(NAME_DIGITS / 2).toString('hex')}`;
}

/**
 * What all temporary names of a file start with. Made from a hash, because the name itself may already be as long
 * as a name can be.
 */
export function temporaryPrefix(file: string): string {
  const hash = createHash('sha256').update(basename(file)).digest('hex');
  return join(dirname(file), `.tokentray-${hash.slice(0, NAME_DIGITS)}-`);
}

/** Flushes to the disk what another program wrote to a file. */
export async function flush(file: string): Promise<void> {
  await sync(file, 'r+');
}

/** Renames `from` to `to`, durably: the directory is flushed as well, on platforms where that is possible. */
export async function replace(from: string, to: string): Promise<void> {
  await renameStubbornly(from, to);
  if (process.platform !== 'win32') await sync(dirname(to), 'r').catch(notFlushable);
}

/** A directory that may be written to but not listed, or a file system that does not flush directories. */
const NOT_FLUSHABLE: readonly string[] = [
  'EACCES',
  'EBADF',
  'EINVAL',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EPERM',
];

function notFlushable(error: unknown): void {
  if (!NOT_FLUSHABLE.includes(errorCode(error))) throw error;
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

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
