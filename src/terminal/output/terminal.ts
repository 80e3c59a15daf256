import { writeStandardError } from '../../system/log/standard-error.ts';

/** Where a command writes: data to `out`, prose to `err`. Both add the line break. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The process's own streams. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => writeStandardError(`${text}\n`),
};
