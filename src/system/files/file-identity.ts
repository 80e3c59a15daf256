import { lstat } from 'node:fs/promises';
import { absent } from './error-code.ts';

/**
 * Distinguishes the file with this name from another one that gets the name later; undefined if there is none. Links
 * are not followed. Rejects with the file system's error.
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(absent);
  // An inode number may be reused immediately, so the birth time counts too (0 on disks that do not record it).
  return stats && `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}
