import { rmSync } from 'node:fs';

const TRIES = 60;
const PAUSE_MS = 50;

/**
 * Removes a directory that dying processes may still write to. `rmSync` retries the empty-looking
 * directory without looking into it again, so a file that appeared meanwhile defeats it.
 */
export function removeDirectory(directory: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(directory, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
