import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Places of a test of its own; the directory is removed with the run's temporary directory. */
export function testPlaces(): { runtimeDirectory: string; socketPath: string; accessKeyFile: string } {
  const runtimeDirectory = path.join(mkdtempSync(path.join(tmpdir(), 'r-')), 'run');
  return {
    runtimeDirectory,
    socketPath: path.join(runtimeDirectory, 'agent.sock'),
    accessKeyFile: path.join(runtimeDirectory, 'access-key'),
  };
}
