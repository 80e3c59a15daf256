import { lstat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/**
 * What tells the file behind a name from another one that comes under the same name later; undefined where
 * there is none. A link is itself. Rejects with the file system's error.
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    // An inode's number may be given again at once, so its birth counts too (0 where the disk keeps none).
    const { dev, ino, birthtimeNs } = await lstat(path, { bigint: true });
    return `${dev}:${ino}:${birthtimeNs}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
