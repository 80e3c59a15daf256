import { randomBytes } from 'node:crypto';
import { link, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import { fileIdentity } from '../files/file-identity.ts';

/** Something that one process at a time can hold; the kernel releases it when that process exits. */
export interface Hold {
  /** Whether the next process would see it: a cleanup may have removed the file that shows it. */
  isShown(): Promise<boolean>;
  release(): Promise<void>;
}

const GENERATION = /^owner\.(\d{1,15})$/u;
const STARTING = /^starting-[0-9a-f]+$/u;

/** A round is lost only to another start that got further, so this many mean that something else is wrong. */
const ROUNDS = 200;

/**
 * Holds a directory by a listening Unix socket in it; undefined if a running process holds it.
 *
 * A dead socket file looks like one that is about to be used, so removing “the stale one” is a race. Therefore none is
 * replaced: each owner links its socket, which is already listening, to the next number (`owner.7`; link(2) is atomic
 * and the first wins), and the highest number that answers is the owner. Only an owner removes files, and only those
 * with lower numbers; the highest stays behind when its owner exits. A slow start that linked a number which is no
 * longer the highest notices this and tries again.
 *
 * An abstract socket would need no files, but /proc/net/unix shows its name to every user of the machine, who could
 * then take it once the owner has exited. No other user can enter this directory. Linux only: it requires hard links
 * to sockets, and a connect(2) that returns ECONNREFUSED immediately.
 * @param directory private, and on a local file system
 */
export async function holdBySocket(directory: string): Promise<Hold | undefined> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const highest = await highestGeneration(directory);
    if (highest > 0) {
      const answer = await probe(join(directory, `owner.${highest}`));
      if (answer === 'alive') return undefined;
      if (answer === 'gone') continue;
    }
    const hold = await claim(directory, highest + 1);
    if (hold !== undefined) return hold;
  }
  throw new Error(`${directory} is claimed again and again`);
}

async function claim(directory: string, generation: number): Promise<Hold | undefined> {
  const starting = join(directory, `starting-${randomBytes(6).toString('hex')}`);
  const claimed = join(directory, `owner.${generation}`);
  const server = await listen(starting);
  const release = (): Promise<void> => closeServer(server);
  try {
    await link(starting, claimed);
  } catch (error) {
    await release();
    // EEXIST: another start was first. ENOENT: a new owner has removed our socket.
    if (['EEXIST', 'ENOENT'].includes(errorCode(error))) return undefined;
    throw error;
  }
  await rm(starting, { force: true });
  if ((await highestGeneration(directory)) > generation) {
    await rm(claimed, { force: true });
    await release();
    return undefined;
  }
  const own = await fileIdentity(claimed);
  await tidy(directory, generation);
  return { isShown: async () => own !== undefined && (await fileIdentity(claimed)) === own, release };
}

async function highestGeneration(directory: string): Promise<number> {
  const names = await readdir(directory);
  return Math.max(0, ...names.map((name) => Number(GENERATION.exec(name)?.[1] ?? 0)));
}

/** Removes sockets of processes that exited, and of starts that came too late, which then notice and try again. */
async function tidy(directory: string, generation: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const number = Number(GENERATION.exec(name)?.[1] ?? generation);
    if (number >= generation && !STARTING.test(name)) continue;
    await rm(join(directory, name), { force: true });
  }
}

/** Listens, and closes every connection. Does not keep the process alive. */
export function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.unref();
      resolve(server);
    });
  });
}

/** Resolves when the server no longer listens. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

/** Anything but a refusal or a missing file counts as alive: the process may be stopped or busy. */
function probe(path: string): Promise<'alive' | 'dead' | 'gone'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (error) => {
      const code = errorCode(error);
      resolve(code === 'ECONNREFUSED' ? 'dead' : code === 'ENOENT' ? 'gone' : 'alive');
    });
  });
}
