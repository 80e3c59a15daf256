import { isatty } from 'node:tty';
import { writeStandardError } from '../../system/log/standard-error.ts';
import type { WordCode } from '../../words/catalogue.ts';
import { say } from '../../words/say.ts';

/** What takes longer than this makes people wonder whether anything happens; what is shorter would only flicker. */
const SILENCE_MS = 1_000;
/** Back to the start of the line, and clear it (ECMA-48: CR, EL). */
const CLEAR_LINE = '\r\u001b[K';
const STDERR = 2;

/** What can be waited for, in words. */
export type WaitingFor = Extract<WordCode, `cli.waiting.${string}`>;

/** The part of a stream that is used; undefined where nobody looks at it. */
export type ProgressLine = { readonly write: (text: string) => unknown } | undefined;

/** A wait that is under way. */
export interface Waiting {
  /** Something was done or is about to be said: the line goes away, and comes back after another second. */
  clear(): void;
  end(): void;
}

/** Standard error where it is a terminal. It is not touched otherwise: making the stream costs a start. */
function ownLine(): ProgressLine {
  return isatty(STDERR) ? { write: writeStandardError } : undefined;
}

/** The waits that are under way, and how many questions to a person they give way to. */
const underWay = new Set<Waiting>();
let questions = 0;

/** Keeps every line away while a person is asked something on the same terminal; the answer ends that. */
export function pauseWaiting(): () => void {
  questions += 1;
  for (const waiting of underWay) waiting.clear();
  return () => {
    questions -= 1;
    for (const waiting of underWay) waiting.clear();
  };
}

/** Shows a line on the terminal whenever a second has passed in silence. Nothing reaches pipes or files. */
export function startWaiting(what: WaitingFor, line: ProgressLine = ownLine()): Waiting {
  if (line === undefined) return { clear: () => undefined, end: () => undefined };
  let isShown = false;
  let timer: NodeJS.Timeout | undefined;
  const hide = (): void => {
    clearTimeout(timer);
    if (isShown) line.write(CLEAR_LINE);
    isShown = false;
  };
  const waiting: Waiting = {
    clear: () => {
      hide();
      if (questions > 0) return;
      timer = setTimeout(() => {
        isShown = true;
        line.write(say(what));
      }, SILENCE_MS);
    },
    end: () => {
      hide();
      underWay.delete(waiting);
    },
  };
  underWay.add(waiting);
  waiting.clear();
  return waiting;
}

/** The work, with the line while it takes longer than a second; the line is gone when the work is done. */
export async function whileWaiting<Result>(
  what: WaitingFor,
  work: Promise<Result>,
  line: ProgressLine = ownLine(),
): Promise<Result> {
  const waiting = startWaiting(what, line);
  try {
    return await work;
  } finally {
    waiting.end();
  }
}
