import path from 'node:path';

/**
 * The file to start in order to run this packaged application again. An AppImage runs from a mount that is gone after
 * it quits, so there it is $APPIMAGE. A program started from another AppImage's terminal inherits that AppImage's
 * variables, so they count only if this program runs from their mount.
 */
export function ownProgram(env: Readonly<Record<string, string | undefined>>, execPath: string): string {
  const { APPIMAGE: image, APPDIR: mount } = env;
  if (image === undefined || !path.posix.isAbsolute(image)) return execPath;
  const isOurs = mount === undefined || execPath.startsWith(`${mount.replace(/\/+$/u, '')}/`);
  return isOurs ? image : execPath;
}
