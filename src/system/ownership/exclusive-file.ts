import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from '../files/error-code.ts';
import { fileIdentity } from '../files/file-identity.ts';
import type { Hold } from './exclusive-socket.ts';

/** open(2) of macOS and the BSDs: an exclusive flock in the same call. Node's constants lack it. */
const O_EXLOCK = 0x20;

/**
 * Holds a file by the lock that macOS's open(2) takes, or answers undefined: a living process does.
 * The kernel ends the lock with the process; the file is never removed. Not verified here: written
 * from open(2) of macOS, tried on Linux only as far as there is anything to try.
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
