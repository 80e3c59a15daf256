import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { errorCode } from './error-code.ts';

/** Only its user may enter: whoever can enter can reach the socket in it. */
const DIRECTORY_MODE = 0o700;
/** Group and others, in any way. */
const OTHERS_BITS = 0o077;

/** Whose the directory must be; undefined where there are no numeric users (Windows, whose profile directory is private). */
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
 * Whether a directory is there and its user's own: no symbolic link, nobody else's, mode 0700. In /tmp
 * another user can make it first, so both sides ask before they use the socket in it.
 * @throws ProblemError `socket-directory` when it is there and cannot be trusted
 */
export async function checkPrivateDirectory(
  path: string,
  uid: UserId = process.getuid?.(),
): Promise<'private' | 'absent'> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw directoryProblem(path, error);
  });
  if (stats === undefined) return 'absent';
  const detail = reasonToDistrust(stats, uid);
  if (detail === undefined) return 'private';
  throw new ProblemError(problem('admin', 'socket-directory', { path, detail }));
}

/**
 * Makes the directory, 0700, or checks the one that is there. An open one is not closed quietly: what
 * others put into it while it was open would stay.
 * @throws ProblemError `socket-directory`
 */
export async function ensurePrivateDirectory(path: string, uid: UserId = process.getuid?.()): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  } catch (error) {
    // A file or a dangling link in its place is told by the check, in words.
    if (errorCode(error) !== 'EEXIST') throw directoryProblem(path, error);
  }
  await checkPrivateDirectory(path, uid);
}

function directoryProblem(path: string, error: unknown): ProblemError {
  return new ProblemError(problem('admin', 'socket-directory', { path, detail: errorCode(error) }));
}
