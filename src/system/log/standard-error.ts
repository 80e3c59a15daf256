let isHeard = false;

/**
 * Writes to standard error. Whoever read it may be gone (EPIPE), its terminal closed (EIO) or its disk full
 * (ENOSPC): what is said then is lost, which is no reason for sessions to end with an uncaught exception.
 * The stream is made with the first line, because making it costs a start.
 */
export function writeStandardError(text: string): void {
  if (!isHeard) process.stderr.on('error', () => undefined);
  isHeard = true;
  process.stderr.write(text);
}
