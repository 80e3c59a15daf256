import path from 'node:path';

/**
 * What to start to get this packaged application again: an AppImage runs from a mount that is gone after it
 * ends, so there it is $APPIMAGE. A program that was started from another AppImage's terminal inherits that one's
 * variables: only our own mount counts.
 */
export function ownProgram(env: Readonly<Record<string, string | undefined>>, execPath: string): string {
  const { APPIMAGE: image, APPDIR: mount } = env;
  if (image === undefined || !path.posix.isAbsolute(image)) return execPath;
  const isOurs = mount === undefined || execPath.startsWith(`${mount.replace(/\/+$/u, '')}/`);
  return isOurs ? image : execPath;
}
