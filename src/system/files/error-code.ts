/** The operating system's code of an error (`ENOENT`); empty for errors without one. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** For `.catch()`: undefined if the file does not exist; rethrows every other error. */
export function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
