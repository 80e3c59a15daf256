import path from 'node:path';
import * as v from 'valibot';
import { rule } from './checked.ts';

/** A drive or a share. Node also treats `\temp` as absolute, but its drive depends on the process. */
const WINDOWS_FULL = /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/])/u;

/** Whether a path is independent of the working directory, because a host may be started in any directory. */
export function isFullPath(text: string, platform: NodeJS.Platform = process.platform): boolean {
  // A NUL ends the path in every system call; line breaks and escapes are mistakes.
  if (/\p{Cc}/u.test(text)) return false;
  return platform === 'win32' ? WINDOWS_FULL.test(text) : path.posix.isAbsolute(text);
}

/** Equal for two spellings of the same path; macOS and Windows ignore case. */
export function samePathKey(text: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.win32.normalize(text).toLowerCase();
  const normal = path.posix.normalize(text);
  return platform === 'darwin' ? normal.toLowerCase() : normal;
}

export const fullPathSchema = v.pipe(
  v.string(rule('settings.rule.path')),
  v.check((text) => isFullPath(text), rule('settings.rule.path')),
);
