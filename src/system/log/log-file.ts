/**
 * The persistent log: one file of lines, rotated by size.
 *
 * Our own and synchronous, because `rotating-file-stream` 3.2.10 loses its queue when the process exits (and the last
 * line before a crash is the one that matters), keeps writing into a deleted file until the next rotation, creates a
 * missing directory with mode 0755, leaves half a line on a full disk, and stops working after any error.
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

/** A destination for whole lines. Nothing here throws: a log must never crash the program that writes it. */
export interface LogFile {
  /** Writes one redacted line, including its line break. */
  write(line: string): void;
  close(): Promise<void>;
}

/** A day at level debug is some hundred kilobytes, so five files hold about a week, each small enough to open in a browser. */
const FILE_LIMIT_BYTES = 1024 * 1024;
/** Including the current one; at most 5 MB in total. */
const FILES = 5;
/** A full disk is seldom freed sooner; an attempt costs three system calls. */
const RETRY_AFTER_MS = 60_000;

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** Links are not followed. Windows lacks this flag, but its profile directory is private. */
const OPEN_FLAGS =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  ('O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0);

/** `tokentray.log`, then `tokentray.1.log` (the previous one) to `tokentray.4.log`. */
function fileName(age: number): string {
  return age === 0 ? 'tokentray.log' : `tokentray.${age}.log`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : typeof error;
}

export interface LogFileOptions {
  /** Created with mode 0700 if missing. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with the one sentence about a log that cannot be written; the default is standard error. */
  readonly tell?: (sentence: string) => void;
}

/** Why nothing can be written, since when (milliseconds since 1970), and how many lines are missing. */
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
    // Opened now, so that an unusable directory is reported at startup.
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

  /** Reports a failure when it begins; `lines` and all lines until the next attempt count as lost. */
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

  /** A reader of the file must see that lines are missing. */
  #gap({ lostLines, reason }: Trouble): string {
    if (lostLines === 0) return '';
    return `${new Date(this.#options.now()).toISOString()} warn  lines lost count=${lostLines} reason=${reason}\n`;
  }

  /** A clock that was set back must not keep the log silent until the old time comes again. */
  #isTimeToTry({ since }: Trouble): boolean {
    const now = this.#options.now();
    return now < since || now >= since + RETRY_AFTER_MS;
  }

  #open(): number {
    const { directory } = this.#options;
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    // It may be older than this program or restored from a backup; only its user may read the log.
    chmodSync(directory, DIRECTORY_MODE);
    const fd = openSync(path.join(directory, fileName(0)), OPEN_FLAGS, FILE_MODE);
    this.#fd = fd;
    fchmodSync(fd, FILE_MODE);
    return fd;
  }

  /** The descriptor to write to: a new one if the file is full or has been deleted. */
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

  /** Gives up a descriptor that failed. An error on closing replaces the reason. */
  #drop(): void {
    try {
      this.#release();
    } catch (error) {
      if (this.#trouble !== undefined) this.#trouble = { ...this.#trouble, reason: codeOf(error) };
    }
  }
}

/** Renames each file to the next older name; the oldest is overwritten. */
function shift(directory: string): void {
  for (let age = FILES - 1; age > 0; age -= 1) {
    try {
      renameSync(path.join(directory, fileName(age - 1)), path.join(directory, fileName(age)));
    } catch (error) {
      // There are fewer files so far.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

function append(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  const written = writeSync(fd, bytes);
  if (written === bytes.length) return;
  // A nearly full disk accepts a part, and half a line would run into the next one.
  ftruncateSync(fd, fstatSync(fd).size - written);
  throw Object.assign(new Error('only a part was written'), { code: 'ENOSPC' });
}

/**
 * Opens the log in a directory: `tokentray.log` and up to four older files of 1 MB each, 0600 in a 0700 directory.
 * A line has been handed to the operating system when `write` returns, so the last one before a crash is kept. If
 * the file cannot be written (full disk, unwritable directory), this is reported once, the program goes on, the next
 * attempt is made a minute later, and the file then says how many lines are missing.
 *
 * Import this module only when needed; keep it off the start path.
 */
export function openLogFile(options: LogFileOptions): Promise<LogFile> {
  const tell = options.tell ?? ((sentence) => void process.stderr.write(`${sentence}\n`));
  return Promise.resolve(new RotatedFile({ ...options, tell }));
}
