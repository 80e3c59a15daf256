import { randomBytes } from 'node:crypto';
import { link, readdir, rm, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import { fileIdentity } from '../files/file-identity.ts';

/** Something that one process at a time has; the kernel takes it back when that process dies. */
export interface Hold {
  /** Whether the next process would see it: a file that shows it can be removed by anybody who tidies up. */
  isShown(): Promise<boolean>;
  release(): Promise<void>;
}

const GENERATION = /^owner\.(\d{1,15})$/u;
const STARTING = /^starting-[0-9a-f]+$/u;

/** Each round is lost only to another start that got further, so this many mean that something else is wrong. */
const ROUNDS = 200;

/**
 * Holds a directory by a listening Unix socket in it, or answers undefined: a living process does.
 *
 * A dead socket file cannot be told from one that is about to live, and removing "the stale one" is a
 * race. So none is replaced: each owner links its already listening socket to the next number
 * (`owner.7`, link(2) is atomic and the first wins), and the highest number that answers is the owner.
 * Only an owner removes files, only lower numbers than its own; the highest stays, dead, at the end.
 * Whoever was slow and linked a number that is no longer the highest sees that and goes round again.
 *
 * An abstract socket would need no files, but /proc/net/unix shows its name to every user of the
 * machine, who could then take it after the owner's death. This directory nobody else can enter.
 * Linux only: hard links to sockets, and connect(2) that says ECONNREFUSED at once.
 * @param directory private, and on a local file system
 */
export async function holdBySocket(directory: string): Promise<Hold | undefined> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const highest = await highestGeneration(directory);
    if (highest > 0) {
      const answer = await knock(join(directory, `owner.${highest}`));
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
  const release = async (): Promise<void> => {
    await new Promise((resolve) => server.close(resolve));
  };
  try {
    await link(starting, claimed);
  } catch (error) {
    await release();
    // EEXIST: another start was first. ENOENT: a new owner tidied our socket away.
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

/** Sockets of the dead, and of starts that come too late: those notice and look again. */
async function tidy(directory: string, generation: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const number = Number(GENERATION.exec(name)?.[1] ?? generation);
    if (number >= generation && !STARTING.test(name)) continue;
    await unlink(join(directory, name)).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
}

/** Listens, and says nothing to those who knock. Does not keep the process alive. */
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

/** Whoever neither refuses nor is gone counts as alive: a stopped or busy process is one too. */
function knock(path: string): Promise<'alive' | 'dead' | 'gone'> {
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
