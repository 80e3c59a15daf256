import { createLog, type Log, type LogLevel } from './log.ts';
import { writeStandardError } from './standard-error.ts';

/** The log of a running host: standard error, and a file once it has been opened. */
export interface OwnerLog {
  readonly log: Log;
  /** Writes all lines so far to the file, and then each new one. */
  openFile(directory: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * A start logs a few lines before the file is opened, about ten at level debug. More than this means that the file was
 * never opened, and memory must not grow for that.
 */
const MAX_WAITING_LINES = 1_000;

/** Opening the file would slow down the start, so lines wait for it until the first token has been served. */
export function ownerLog(levels: { readonly stderr: LogLevel; readonly file: LogLevel }): OwnerLog {
  const waiting: string[] = [];
  let write = (line: string): void => {
    if (waiting.length < MAX_WAITING_LINES) waiting.push(line);
  };
  let close = (): Promise<void> => Promise.resolve();
  return {
    log: createLog({
      now: Date.now,
      sinks: [
        { write: writeStandardError, level: levels.stderr },
        { write: (line) => write(line), level: levels.file },
      ],
    }),
    openFile: async (directory) => {
      const { openLogFile } = await import('./log-file.ts');
      const tell = (sentence: string): void => writeStandardError(`${sentence}\n`);
      const file = await openLogFile({ directory, now: Date.now, tell });
      write = (line) => file.write(line);
      close = () => file.close();
      for (const line of waiting.splice(0)) write(line);
    },
    close: () => close(),
  };
}
