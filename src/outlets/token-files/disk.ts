import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { errorCode } from '../../system/files/error-code.ts';
import type { UserId } from '../../system/files/private-directory.ts';
import { temporaryPrefix } from '../../system/files/whole-file.ts';

const WORLD_WRITABLE = 0o002;
/** In a directory with this bit only a file's owner can replace it (/tmp). */
const STICKY = 0o1000;

/** SHA-256 in hex: recognizes what was written without keeping it. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Refuses an unsuitable place for a token: anything but a regular file of this user, or a directory in which every
 * user can replace files. Does not follow links.
 * @throws ProblemError `token-file.refused`
 */
export async function checkTokenFile(path: string, uid: UserId = process.getuid?.()): Promise<void> {
  const detail =
    reasonAgainstDirectory(await lookAt(stat(dirname(path))), uid) ??
    reasonAgainstFile(await lookAt(lstat(path)), uid);
  if (detail !== undefined) throw new ProblemError(problem('admin', 'token-file.refused', { path, detail }));
}

/** The hash of the file's text; undefined if it is not a regular file of this user. */
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

/** Whether the path exists. */
export async function isThere(path: string): Promise<boolean> {
  return (await lookAt(lstat(path))) !== undefined;
}

/** Removes the file if it still holds one of these texts. Any other content is left alone. */
export async function removeOurs(path: string, hashes: readonly string[]): Promise<void> {
  const found = await foundHash(path);
  if (found !== undefined && hashes.includes(found)) await rm(path, { force: true });
}

/** Removes temporary files of this target that a killed process left, because they may hold a token. */
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
