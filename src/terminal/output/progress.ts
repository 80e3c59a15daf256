import { isatty } from 'node:tty';
import { writeStandardError } from '../../system/log/standard-error.ts';
import type { WordCode } from '../../words/catalogue.ts';
import { say } from '../../words/say.ts';

/** After this time users wonder whether anything is happening; a line for less would only flicker. */
const SILENCE_MS = 1_000;
/** Return to the start of the line, and clear it (ECMA-48: CR, EL). */
const CLEAR_LINE = '\r\u001b[K';
const STDERR = 2;

/** The sentences about waiting. */
export type WaitingFor = Extract<WordCode, `cli.waiting.${string}`>;

/** The stream for the line; undefined if it is not a terminal. */
type ProgressLine = { readonly write: (text: string) => unknown } | undefined;

/** A wait in progress. */
export interface Waiting {
  /** Clears the line before other output; it comes back after another second. */
  clear(): void;
  end(): void;
}

/** Standard error, if it is a terminal. Otherwise the stream is not created, which would slow down the start. */
function ownLine(): ProgressLine {
  return isatty(STDERR) ? { write: writeStandardError } : undefined;
}

/** The waits in progress, and the number of open questions that hide their lines. */
const underWay = new Set<Waiting>();
let questions = 0;

/** Hides every line while the user is asked a question on the same terminal. Returns the function that ends this. */
export function pauseWaiting(): () => void {
  questions += 1;
  for (const waiting of underWay) waiting.clear();
  return () => {
    questions -= 1;
    for (const waiting of underWay) waiting.clear();
  };
}

/** Shows a line on the terminal after each second without output; never in pipes or files. */
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

/** Awaits the work, and shows the line while it takes longer than a second. */
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
