import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { absent, errorCode } from './error-code.ts';

/** Only its user may enter: anyone who can enter can connect to the socket in it. */
const DIRECTORY_MODE = 0o700;
/** All permissions of group and others. */
const OTHERS_BITS = 0o077;

/** The required owner; undefined on Windows, which has no numeric users and where the profile directory is private. */
export type UserId = number | undefined;

function reasonToDistrust(stats: Stats, uid: UserId): string | undefined {
  if (stats.isSymbolicLink()) return say('web.directory.link');
  if (!stats.isDirectory()) return say('web.directory.no-directory');
  if (uid === undefined) return undefined;
  if (stats.uid !== uid) return say('web.directory.foreign', { uid: stats.uid });
  const mode = stats.mode & 0o777;
  return (mode & OTHERS_BITS) === 0 ? undefined : say('web.directory.open', { mode: mode.toString(8) });
}

/**
 * Checks that a directory exists and is private: not a symbolic link, owned by this user, mode 0700. In /tmp another
 * user can create it first, so both sides check before they use the socket in it.
 * @throws ProblemError `socket-directory` if it exists and cannot be trusted
 */
export async function checkPrivateDirectory(
  path: string,
  uid: UserId = process.getuid?.(),
): Promise<'private' | 'absent'> {
  const stats = await lstat(path)
    .catch(absent)
    .catch((error: unknown) => {
      throw directoryProblem(path, errorCode(error));
    });
  if (stats === undefined) return 'absent';
  const detail = reasonToDistrust(stats, uid);
  if (detail === undefined) return 'private';
  throw directoryProblem(path, detail);
}

/**
 * Creates the directory (0700), or checks the existing one. The mode of an open directory is not corrected silently:
 * whatever others put into it while it was open would stay.
 * @throws ProblemError `socket-directory`
 */
export async function ensurePrivateDirectory(path: string, uid: UserId = process.getuid?.()): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  } catch (error) {
    // The check reports a file or a dangling link in its place.
    if (errorCode(error) !== 'EEXIST') throw directoryProblem(path, errorCode(error));
  }
  await checkPrivateDirectory(path, uid);
}

function directoryProblem(path: string, detail: string): ProblemError {
  return new ProblemError(problem('admin', 'socket-directory', { path, detail }));
}
