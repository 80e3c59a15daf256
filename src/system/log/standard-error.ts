let hasListener = false;

/**
 * Writes to standard error. If its reader is gone (EPIPE), its terminal closed (EIO) or its disk full (ENOSPC), the
 * text is lost; an uncaught exception must not end the sessions. The stream is created with the first line, because
 * creating it takes time at startup.
 */
export function writeStandardError(text: string): void {
  if (!hasListener) process.stderr.on('error', () => undefined);
  hasListener = true;
  process.stderr.write(text);
}
