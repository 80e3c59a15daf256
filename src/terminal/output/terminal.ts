import { writeStandardError } from '../../system/log/standard-error.ts';

/** Where a command writes: data to `out`, prose to `err`. Both add the line break. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** `json`: one JSON object on standard output, next to the prose on standard error. */
  readonly format: 'words' | 'json';
}

/** The process's own streams. */
export function processTerminal(format: Terminal['format']): Terminal {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => writeStandardError(`${text}\n`),
    format,
  };
}
