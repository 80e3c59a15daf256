import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs once, before the workers start. Builds what ships, because that is what the scenarios run. Whatever the tests leave in the temporary directory, also when
 * one is cut short, goes with this run. The path is short because socket paths have 108 bytes at most.
 */
export default function setup(): () => void {
  execFileSync(process.execPath, ['.config/build.mjs'], { cwd: root, stdio: 'inherit' });
  // What the product makes must be private by itself, not by a strict umask of whoever runs the tests.
  process.umask(0o022);
  const directory = mkdtempSync(join(tmpdir(), 'tt-'));
  process.env['TMPDIR'] = directory;
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
