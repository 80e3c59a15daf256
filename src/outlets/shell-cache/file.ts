import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../system/files/error-code.ts';
import { ownerLink, type ShellCacheText } from './text.ts';

const ONLY_ITS_USER = 0o600;
/** The suffix of files that are being made and renamed afterwards. No final name ends with it. */
const UNFINISHED = '@new';

/**
 * One file of the shell's cache, and the link beside it to the descriptor that this process has open. The front
 * compares the two, so that the file counts only while this process lives; another process with the same number
 * does not count. All calls are synchronous, because a tmpfs does not wait for a disk: when a sign-out is reported,
 * the file is gone.
 */
export class ShellCacheFile {
  readonly #path: string;
  readonly #link: string;
  #descriptor: number | undefined;

  constructor(directory: string, name: string) {
    this.#path = join(directory, name);
    this.#link = join(directory, ownerLink(name));
  }

  /** Replaces the file, completely or not at all. @throws the file system's error; nothing is left then */
  write({ text }: ShellCacheText): void {
    const before = this.#descriptor;
    this.#descriptor = undefined;
    try {
      const descriptor = this.#make(text);
      this.#descriptor = descriptor;
      const link = `${this.#link}${UNFINISHED}`;
      rmSync(link, { force: true });
      symlinkSync(targetOf(descriptor), link);
      renameSync(`${this.#path}${UNFINISHED}`, this.#path);
      renameSync(link, this.#link);
    } catch (error) {
      this.remove();
      if (before !== undefined) this.#removeOf(before);
      throw error;
    } finally {
      if (before !== undefined) closeSync(before);
    }
  }

  /** Whether the file of this name is the one that was written. */
  get isThere(): boolean {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return false;
    const found = lstatSync(this.#path, { throwIfNoEntry: false });
    return isSameFile(found, fstatSync(descriptor)) && targetFound(this.#link) === targetOf(descriptor);
  }

  /** Removes what this process wrote. A file that another process put in its place stays. */
  remove(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    try {
      this.#removeOf(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  #removeOf(descriptor: number): void {
    const ours = fstatSync(descriptor);
    for (const path of [this.#path, `${this.#path}${UNFINISHED}`]) {
      if (isSameFile(lstatSync(path, { throwIfNoEntry: false }), ours)) rmSync(path, { force: true });
    }
    for (const link of [this.#link, `${this.#link}${UNFINISHED}`]) {
      if (targetFound(link) === targetOf(descriptor)) rmSync(link, { force: true });
    }
  }

  #make(text: string): number {
    const path = `${this.#path}${UNFINISHED}`;
    rmSync(path, { force: true });
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ONLY_ITS_USER);
    try {
      // In one piece: a tmpfs without room for it refuses it.
      if (writeSync(descriptor, text) === Buffer.byteLength(text)) return descriptor;
      throw Object.assign(new Error('the file is cut off'), { code: 'ENOSPC' });
    } catch (error) {
      closeSync(descriptor);
      rmSync(path, { force: true });
      throw error;
    }
  }
}

/** Whether the writer of a cache file (or of the link beside one) lives: the file is then found through its link. */
export function hasLivingWriter(directory: string, name: string): boolean {
  const [, file = name] = OWNER_LINK.exec(name) ?? [];
  const written = lstatSync(join(directory, file), { throwIfNoEntry: false });
  try {
    return isSameFile(written, statSync(join(directory, ownerLink(file)), { throwIfNoEntry: false }));
  } catch (error) {
    // The link leads to a descriptor of another user's process.
    if (errorCode(error) !== 'EACCES') throw error;
    return false;
  }
}

const OWNER_LINK = new RegExp(`^(.+)${ownerLink('')}$`, 'u');

function isSameFile(one: Stats | undefined, other: Stats | undefined): boolean {
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

function targetOf(descriptor: number): string {
  return `/proc/${process.pid}/fd/${descriptor}`;
}

/** The target of a link; undefined if it is not a link. */
function targetFound(link: string): string | undefined {
  const found = lstatSync(link, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true ? readlinkSync(link) : undefined;
}
