import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import type { UserId } from '../../system/files/private-directory.ts';

const ONLY_ITS_USER = 0o600;
const WORLD_WRITABLE = 0o002;
/** In a directory with this bit only a file's owner replaces it (/tmp). */
const STICKY = 0o1000;
/** Hex digits that tell temporary files of one target from those of its neighbours. */
const NAME_DIGITS = 12;

/** SHA-256 in hex: by it we know again what we wrote, without keeping it. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Refuses a place where a token does not belong: something that is no regular file of this user, or a
 * directory in which everybody may replace files. Links are not followed.
 * @throws ProblemError `token-file.refused`
 */
export async function checkTokenFile(path: string, uid: UserId = process.getuid?.()): Promise<void> {
  const detail =
    reasonAgainstDirectory(await lookAt(stat(dirname(path))), uid) ??
    reasonAgainstFile(await lookAt(lstat(path)), uid);
  if (detail !== undefined) throw new ProblemError(problem('admin', 'token-file.refused', { path, detail }));
}

/**
 * Writes the file whole or not at all, readable for its user only: a temporary file beside it, brought to
 * the disk, then renamed. Rejects with the file system's error; nothing of the new text is left then.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${temporaryPrefix(path)}${randomBytes(NAME_DIGITS / 2).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', ONLY_ITS_USER);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The hash of what the file holds; undefined where there is no regular file of this user. */
export async function foundHash(path: string, uid: UserId = process.getuid?.()): Promise<string | undefined> {
  const stats = await lookAt(lstat(path));
  if (stats === undefined || reasonAgainstFile(stats, uid) !== undefined) return undefined;
  try {
    return hashOf(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether anything is there under this name. */
export async function isThere(path: string): Promise<boolean> {
  return (await lookAt(lstat(path))) !== undefined;
}

/** Removes the file if it still holds one of these texts; whatever else is there by now is left alone. */
export async function removeOurs(path: string, hashes: readonly string[]): Promise<void> {
  const found = await foundHash(path);
  if (found !== undefined && hashes.includes(found)) await rm(path, { force: true });
}

/** Removes temporary files of this target that a killed process left: they may hold a token. */
export async function removeLeftovers(path: string, uid: UserId = process.getuid?.()): Promise<void> {
  const prefix = basename(temporaryPrefix(path));
  const directory = dirname(path);
  for (const name of await namesIn(directory)) {
    if (!name.startsWith(prefix)) continue;
    const leftover = join(directory, name);
    const stats = await lookAt(lstat(leftover));
    if (stats === undefined || reasonAgainstFile(stats, uid) !== undefined) continue;
    await rm(leftover, { force: true });
  }
}

/** Not made from the name itself, which may already be as long as a name can be. */
function temporaryPrefix(path: string): string {
  return join(dirname(path), `.tokentray-${hashOf(basename(path)).slice(0, NAME_DIGITS)}-`);
}

function reasonAgainstDirectory(stats: Stats | undefined, uid: UserId): string | undefined {
  if (stats?.isDirectory() !== true) return say('token-file.directory-absent');
  if (uid === undefined) return undefined;
  const isOpen = (stats.mode & WORLD_WRITABLE) !== 0 && (stats.mode & STICKY) === 0;
  return isOpen ? say('token-file.directory-open') : undefined;
}

function reasonAgainstFile(stats: Stats | undefined, uid: UserId): string | undefined {
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return say('web.directory.link');
  if (!stats.isFile()) return say('token-file.no-file');
  return uid === undefined || stats.uid === uid
    ? undefined
    : say('web.directory.foreign', { uid: stats.uid });
}

async function lookAt(looking: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return [];
  }
}
