import { randomBytes } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { Secret } from '../../system/secret.ts';
import { join } from 'node:path';
import type { Places } from '../../system/places.ts';
import { errorCode } from '../../system/files/error-code.ts';
import type { UserId } from '../../system/files/private-directory.ts';
import { temporaryFor, writeFirst, writeWhole } from '../../system/files/whole-file.ts';

/** 256 bits cannot be guessed, and 43 characters fit into any header. */
const KEY_BYTES = 32;
const KEY = /^[\w-]{43}$/u;

/**
 * The key in a file that only its user can read. Makes it if there is none that can be trusted: a symbolic link,
 * another user's file, a readable or a damaged file is replaced. Two processes that make it at once get the same
 * key. The directory must be private.
 */
export async function loadOrMakeKey(file: string, uid: UserId = process.getuid?.()): Promise<Secret> {
  const kept = await readKey(file, uid);
  if (kept !== undefined) return kept;
  const key = randomBytes(KEY_BYTES).toString('base64url');
  // The first process wins. A file that cannot be trusted is replaced.
  if ((await writeFirst(file, key)) === 'there-already' && (await readKey(file, uid)) === undefined)
    await writeWhole(file, key, temporaryFor(file));
  const made = await readKey(file, uid);
  if (made === undefined) throw new Error(`${file} is being changed by another program`);
  return made;
}

/** The key in a file that can be trusted; otherwise undefined. Rejects with the file system's error. */
export async function readKey(file: string, uid: UserId = process.getuid?.()): Promise<Secret | undefined> {
  const text = await readOwnFile(file, uid);
  return text !== undefined && KEY.test(text) ? new Secret(text) : undefined;
}

/**
 * The text of a regular file that belongs to this user and that no other user can access; undefined if it is another
 * kind of file or missing. Rejects with the file system's error.
 */
export async function readOwnFile(file: string, uid: UserId): Promise<string | undefined> {
  try {
    const stats = await lstat(file);
    const isOwn = uid === undefined || (stats.uid === uid && (stats.mode & 0o077) === 0);
    return stats.isFile() && isOwn ? await readFile(file, 'utf8') : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file of the key for Windows' pipe: unlike a socket in a private directory, a pipe is open to all users. */
export function pipeKeyFile(places: Pick<Places, 'runtimeDirectory'>): string {
  return join(places.runtimeDirectory, 'pipe-key');
}
