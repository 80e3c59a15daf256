import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs once, before the workers start. Builds the product, which the scenarios run. Whatever the tests leave in the
 * temporary directory is removed after the run. Its path is short because a socket's path has at most 108 bytes.
 */
export default function setup(): () => void {
  execFileSync(process.execPath, ['.config/build.mjs'], { cwd: root, stdio: 'inherit' });
  // The product must make its files private itself, not thanks to the developer's strict umask.
  process.umask(0o022);
  const directory = mkdtempSync(join(tmpdir(), 'tt-'));
  process.env['TMPDIR'] = directory;
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
