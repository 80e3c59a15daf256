import { errorCode } from '../files/error-code.ts';
import { listen, type Hold } from './exclusive-socket.ts';

/**
 * Holds a Windows pipe's name, or answers undefined: a living process does. libuv asks for the first
 * instance of a pipe, so a second listener is refused, and the name ends with its process.
 * Another user who knows the name can take it and so keep Tokentray from starting; nothing is told to
 * such a pipe. Not verified on Windows.
 */
export async function holdByPipe(name: string): Promise<Hold | undefined> {
  try {
    const server = await listen(name);
    return {
      isShown: () => Promise.resolve(true),
      release: async () => {
        await new Promise((resolve) => server.close(resolve));
      },
    };
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes(errorCode(error))) return undefined;
    throw error;
  }
}
