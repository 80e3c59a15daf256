/**
 * The log that stays: one file of lines, rotated by size.
 *
 * Our own, synchronous, instead of `rotating-file-stream` 3.2.10, which was tried first: its queue is lost
 * with the process (of two lines written before an exit one arrived, and the last line before a crash is
 * what a log is for), it goes on writing into a deleted file until the next rotation, makes a missing
 * directory with mode 0755, keeps half a line at a full disk, and is dead after any error.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { say } from '../../words/say.ts';

/** Where whole lines go. Nothing here throws: a log must never end the program that writes it. */
export interface LogFile {
  /** One line with its line break, already redacted. */
  write(line: string): void;
  close(): Promise<void>;
}

/** A day at level debug is some hundred kilobytes, so that the five files hold a week of trouble and a browser still opens one. */
const FILE_LIMIT_BYTES = 1024 * 1024;
/** With the current one: at most 5 MB in all. */
const FILES = 5;
/** A disk that filled up is seldom freed sooner; a try costs three system calls. */
const RETRY_AFTER_MS = 60_000;

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** No link is followed, whoever put it there. Windows has no such flag, and a private profile directory. */
const OPEN_FLAGS =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  ('O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0);

/** `tokentray.log`, `tokentray.1.log` (the one before) up to `tokentray.4.log`. */
function fileName(age: number): string {
  return age === 0 ? 'tokentray.log' : `tokentray.${age}.log`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : typeof error;
}

export interface LogFileOptions {
  /** Made with mode 0700 where it is missing. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Gets the one sentence about a log that cannot be written; standard error otherwise. */
  readonly tell?: (sentence: string) => void;
}

/** Why nothing is written at the moment, since when (milliseconds since 1970), and how much is missing. */
interface Trouble {
  readonly since: number;
  readonly reason: string;
  readonly lostLines: number;
}

class RotatedFile implements LogFile {
  readonly #options: Required<LogFileOptions>;
  #fd: number | undefined;
  #trouble: Trouble | undefined;
  #end: 'open' | 'closed' = 'open';

  constructor(options: Required<LogFileOptions>) {
    this.#options = options;
    // Opened at once, so that a directory that cannot be used is told at the start.
    this.#attempt(() => this.#open(), 0);
  }

  write(line: string): void {
    if (this.#end === 'closed') return;
    const trouble = this.#trouble;
    if (trouble !== undefined && !this.#isTimeToTry(trouble)) {
      this.#trouble = { ...trouble, lostLines: trouble.lostLines + 1 };
      return;
    }
    this.#attempt(() => {
      const text = trouble === undefined ? line : this.#gap(trouble) + line;
      append(this.#rotatedIfFull(this.#fd ?? this.#open(), text), text);
    }, 1);
  }

  close(): Promise<void> {
    this.#end = 'closed';
    this.#attempt(() => this.#release(), 0);
    return Promise.resolve();
  }

  /** A failure is told when it begins; until the next try `lines` and all that follow are counted as lost. */
  #attempt(work: () => void, lines: number): void {
    const before = this.#trouble;
    try {
      work();
      this.#trouble = undefined;
    } catch (error) {
      const reason = codeOf(error);
      this.#trouble = { since: this.#options.now(), reason, lostLines: (before?.lostLines ?? 0) + lines };
      this.#drop();
      if (before === undefined) {
        this.#options.tell(say('log.unwritable', { directory: this.#options.directory, detail: reason }));
      }
    }
  }

  /** Whoever reads the file later must see that it is not whole. */
  #gap({ lostLines, reason }: Trouble): string {
    if (lostLines === 0) return '';
    return `${new Date(this.#options.now()).toISOString()} warn  lines lost count=${lostLines} reason=${reason}\n`;
  }

  /** A clock that was set back must not keep the log silent until the old time comes round. */
  #isTimeToTry({ since }: Trouble): boolean {
    const now = this.#options.now();
    return now < since || now >= since + RETRY_AFTER_MS;
  }

  #open(): number {
    const { directory } = this.#options;
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    // It may be older than this program, or restored from a backup: nobody else reads the log.
    chmodSync(directory, DIRECTORY_MODE);
    const fd = openSync(path.join(directory, fileName(0)), OPEN_FLAGS, FILE_MODE);
    this.#fd = fd;
    fchmodSync(fd, FILE_MODE);
    return fd;
  }

  /** The descriptor to write to: a new one where the file is full, or was deleted under us. */
  #rotatedIfFull(fd: number, text: string): number {
    const { size, nlink } = fstatSync(fd);
    const isFull = size > 0 && size + Buffer.byteLength(text) > FILE_LIMIT_BYTES;
    if (nlink > 0 && !isFull) return fd;
    this.#release();
    if (nlink > 0) shift(this.#options.directory);
    return this.#open();
  }

  #release(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  /** Gives up a descriptor that failed: what closing it says besides is the same trouble again. */
  #drop(): void {
    try {
      this.#release();
    } catch (error) {
      if (this.#trouble !== undefined) this.#trouble = { ...this.#trouble, reason: codeOf(error) };
    }
  }
}

/** Each file takes the place of the one before it; the last one is overwritten. */
function shift(directory: string): void {
  for (let age = FILES - 1; age > 0; age -= 1) {
    try {
      renameSync(path.join(directory, fileName(age - 1)), path.join(directory, fileName(age)));
    } catch (error) {
      // Fewer than all of them so far.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

function append(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  const written = writeSync(fd, bytes);
  if (written === bytes.length) return;
  // A disk that is nearly full takes a part of it: half a line would run into the next one.
  ftruncateSync(fd, fstatSync(fd).size - written);
  throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
}

/**
 * Opens the log in a directory: `tokentray.log` and up to four older ones of 1 MB each, 0600 in a 0700
 * directory. Each line is on its way to the disk when `write` returns, so that the last one before a crash
 * is there. Where it cannot be written (full disk, unwritable directory) that is told once, the program
 * goes on, another try is made a minute later, and the file then says how many lines it lacks.
 *
 * Load this module when it is needed: it has no place on the start path.
 */
export function openLogFile(options: LogFileOptions): Promise<LogFile> {
  const tell = options.tell ?? ((sentence) => void process.stderr.write(`${sentence}\n`));
  return Promise.resolve(new RotatedFile({ ...options, tell }));
}
