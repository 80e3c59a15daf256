import { errorCode } from '../files/error-code.ts';
import { closeServer, listen, type Hold } from './exclusive-socket.ts';

/**
 * Holds the name of a Windows pipe; undefined if a running process holds it. libuv requests the first instance of a
 * pipe, so a second listener is refused, and the name is released when the process exits. Another user who knows the
 * name can take it and prevent Tokentray from starting, but nothing is ever sent to such a pipe. Not verified on
 * Windows.
 */
export async function holdByPipe(name: string): Promise<Hold | undefined> {
  try {
    const server = await listen(name);
    return {
      isShown: () => Promise.resolve(true),
      release: () => closeServer(server),
    };
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes(errorCode(error))) return undefined;
    throw error;
  }
}
