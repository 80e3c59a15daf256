import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A wall clock for another process that can be set while it runs; its timers go on at their real speed. */
export interface FakeClock {
  /** Milliseconds since 1970, as the other process sees it. */
  now(): number;
  set(milliseconds: number): void;
  /** What the other process is started with. */
  readonly env: NodeJS.ProcessEnv;
}

/** libfaketime's build for programs with threads, which Node is. */
function findLibrary(): string {
  const roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/opt/homebrew/lib'].filter((root) =>
    existsSync(root),
  );
  const candidates = roots.flatMap((root) => [
    path.join(root, 'faketime'),
    ...readdirSync(root)
      .filter((name) => name.includes('-linux-'))
      .map((name) => path.join(root, name, 'faketime')),
  ]);
  const found = candidates
    .map((directory) => path.join(directory, 'libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('libfaketime is not installed: apt-get install libfaketime');
  return found;
}

/**
 * libfaketime (8) reads the difference to the real clock from a file at each look at the clock. A difference
 * rather than a date: dates are read in the zone of the process.
 */
export function fakeClock(directory: string, start: number): FakeClock {
  const file = path.join(directory, 'faketime');
  let offsetMs = 0;
  const set = (milliseconds: number): void => {
    offsetMs = milliseconds - Date.now();
    const seconds = (offsetMs / 1000).toFixed(3);
    writeFileSync(`${file}.new`, offsetMs < 0 ? seconds : `+${seconds}`);
    renameSync(`${file}.new`, file);
  };
  set(start);
  return {
    now: () => Date.now() + offsetMs,
    set,
    env: {
      LD_PRELOAD: findLibrary(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Timers must run: only the clock on the wall is somebody else's.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  };
}
