import type { Log } from '../../system/log/log.ts';

/** A log that keeps nothing: a check reports what it finds in its result. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
