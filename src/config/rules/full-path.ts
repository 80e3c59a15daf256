import path from 'node:path';
import * as v from 'valibot';
import { rule } from './checked.ts';

/** A drive or a share: to Node `\temp` is absolute too, but which drive it is on depends on the process. */
const WINDOWS_FULL = /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/])/u;

/** Whether a text names the same place whatever the working directory: a host may be started in any. */
export function isFullPath(text: string, platform: NodeJS.Platform = process.platform): boolean {
  // A NUL ends a path in every system call; line ends and escapes in one are a mistake.
  if (/\p{Cc}/u.test(text)) return false;
  return platform === 'win32' ? WINDOWS_FULL.test(text) : path.posix.isAbsolute(text);
}

/** Equal for two spellings of one place; macOS and Windows do not tell small letters from capitals. */
export function samePathKey(text: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.win32.normalize(text).toLowerCase();
  const normal = path.posix.normalize(text);
  return platform === 'darwin' ? normal.toLowerCase() : normal;
}

/** The schema of a full path. */
export const fullPathSchema = v.pipe(
  v.string(rule('settings.rule.path')),
  v.check((text) => isFullPath(text), rule('settings.rule.path')),
);
