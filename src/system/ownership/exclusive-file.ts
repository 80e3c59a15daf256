import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from '../files/error-code.ts';
import { fileIdentity } from '../files/file-identity.ts';
import type { Hold } from './exclusive-socket.ts';

/** macOS and BSD open(2): takes an exclusive flock in the same call. Not among Node's constants. */
const O_EXLOCK = 0x20;

/**
 * Holds a file by the lock that macOS's open(2) takes; undefined if a running process holds it. The kernel releases
 * the lock when the process exits; the file is never removed. Written from macOS's open(2) and not verified on macOS.
 */
export async function holdByFile(file: string): Promise<Hold | undefined> {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
    const handle = await open(file, flags, 0o600);
    const own = await fileIdentity(file);
    return {
      isShown: async () => own !== undefined && (await fileIdentity(file)) === own,
      release: () => handle.close(),
    };
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK'].includes(errorCode(error))) return undefined;
    throw error;
  }
}
