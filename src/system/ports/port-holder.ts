import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../../words/say.ts';
import { errorCode } from '../files/error-code.ts';

/** The state of a listening socket in /proc/net/tcp (include/net/tcp_states.h: TCP_LISTEN). */
const LISTENING = '0A';

interface ListeningSocket {
  readonly inode: string;
  readonly uid: string;
}

/** The listeners on a port, from the text of /proc/net/tcp or tcp6 (proc(5)). */
export function findListeners(table: string, port: number): readonly ListeningSocket[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, local = '', , state]) => local.endsWith(suffix) && state === LISTENING)
    .map((fields) => ({ uid: fields[7] ?? '', inode: fields[9] ?? '' }));
}

/** The program that listens on a port. */
export interface PortHolder {
  /**
   * For `problem.port-in-use`: ` by python3 (process 4711)`, or ` by a program of user id 33` for another user's
   * program, whose name is hidden; empty if unknown.
   */
  readonly said: string;
  /** undefined if unknown, or if the program belongs to another user. */
  readonly pid: number | undefined;
}

/** {@link findPortHolder} in words. */
export async function sayPortHolder(port: number, proc?: string): Promise<string> {
  return (await findPortHolder(port, proc)).said;
}

/** The program that listens on a TCP port (Linux only, best effort). `proc` differs only in tests. */
export async function findPortHolder(port: number, proc = '/proc'): Promise<PortHolder> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readOptional(join(proc, 'net', name))));
  const listeners = tables.flatMap((table) => findListeners(table, port));
  const [first] = listeners;
  if (first === undefined) return { said: '', pid: undefined };
  const pid = await findProcess(
    proc,
    listeners.map(({ inode }) => `socket:[${inode}]`),
  );
  if (pid === undefined) return { said: say('web.port.user', { uid: first.uid }), pid };
  const name = (await readOptional(join(proc, pid, 'comm'))).trim();
  return { said: say('web.port.process', { name: name === '' ? '?' : name, pid }), pid: Number(pid) };
}

async function findProcess(proc: string, sockets: readonly string[]): Promise<string | undefined> {
  const pids = (await list(proc)).filter((name) => /^\d+$/u.test(name));
  for (const pid of pids) {
    for (const descriptor of await list(join(proc, pid, 'fd'))) {
      const target = await orNothing(readlink(join(proc, pid, 'fd', descriptor)), '');
      if (sockets.includes(target)) return pid;
    }
  }
  return undefined;
}

const list = (directory: string): Promise<readonly string[]> => orNothing(readdir(directory), []);
const readOptional = (file: string): Promise<string> => orNothing(readFile(file, 'utf8'), '');

/** Processes may exit during the search, and other users' processes are hidden; neither is an error. */
async function orNothing<Value>(read: Promise<Value>, nothing: Value): Promise<Value> {
  try {
    return await read;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return nothing;
  }
}
