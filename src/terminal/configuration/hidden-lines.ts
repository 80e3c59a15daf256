import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';

/** What keys send in raw mode (ASCII). */
const ENTER = new Set(['\r', '\n', '\u0004']);
const INTERRUPT = '\u0003';
const ERASE = new Set(['\u0008', '\u007f']);
const ERASE_LINE = '\u0015';

/** The part of standard input that is used. */
type HiddenInput = Pick<ReadStream, 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;

/** Reads lines from a terminal without showing them, until {@link close}. */
export class HiddenLines {
  readonly #input: HiddenInput;
  readonly #interrupt: () => void;
  /** A non-ASCII character may arrive in two pieces. */
  readonly #decoder = new StringDecoder('utf8');
  /** Lines typed before they were asked for. */
  readonly #typed: string[] = [];
  readonly #take = (chunk: Buffer): void => this.#read(this.#decoder.write(chunk));
  #line = '';
  #waiting: ((line: string) => void) | undefined;

  /** `interrupt` is called on Ctrl-C, which sends no signal in raw mode. */
  constructor(input: HiddenInput, interrupt: () => void) {
    this.#input = input;
    this.#interrupt = interrupt;
    input.setRawMode(true);
    input.on('data', this.#take);
    input.resume();
  }

  /** The next line, without its line break. Only one call at a time. */
  next(): Promise<string> {
    const line = this.#typed.shift();
    if (line !== undefined) return Promise.resolve(line);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Restores the terminal. */
  close(): void {
    this.#input.off('data', this.#take);
    this.#input.setRawMode(false);
    this.#input.pause();
  }

  #read(keys: string): void {
    for (const key of keys) {
      if (key === INTERRUPT) {
        this.close();
        this.#interrupt();
        return;
      }
      if (ENTER.has(key)) this.#deliver();
      else if (ERASE.has(key)) this.#line = Array.from(this.#line).slice(0, -1).join('');
      else if (key === ERASE_LINE) this.#line = '';
      else this.#line += key;
    }
  }

  #deliver(): void {
    const line = this.#line;
    this.#line = '';
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#typed.push(line);
    else waiting(line);
  }
}
