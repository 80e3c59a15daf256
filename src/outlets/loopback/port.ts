import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places } from '../../system/places.ts';
import type { UserId } from '../../system/files/private-directory.ts';
import { writeWhole } from '../../system/files/whole-file.ts';
import { readOwnFile } from '../http/key-file.ts';

/**
 * Below the ephemeral ports (from 32768 on Linux, from 49152 elsewhere), which any outgoing connection could take
 * while no owner runs. Above the well-known services, and below Kubernetes' node ports (from 30000).
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;

/** A random port of this range. */
export function randomPort(): number {
  return randomInt(FIRST_PORT, LAST_PORT + 1);
}

/**
 * The loopback server's port in this login session, in a file beside its key: a process that could change it could
 * read the key as well. The directory must be private.
 */
export class LoopbackPort {
  readonly #file: string;

  constructor({ runtimeDirectory }: Pick<Places, 'runtimeDirectory'>) {
    this.#file = join(runtimeDirectory, 'loopback-port');
  }

  /** Undefined if no trustworthy port is stored. Rejects with the file system's error. */
  async read(uid: UserId = process.getuid?.()): Promise<number | undefined> {
    const text = (await readOwnFile(this.#file, uid)) ?? '';
    const port = Number(text);
    return /^\d{1,5}\n$/u.test(text) && port >= 1024 && port <= 65_535 ? port : undefined;
  }

  /** Rejects with the file system's error. */
  write(port: number): Promise<void> {
    return writeWhole(this.#file, `${port}\n`);
  }

  /** Rejects with the file system's error. */
  forget(): Promise<void> {
    return rm(this.#file, { force: true });
  }
}
