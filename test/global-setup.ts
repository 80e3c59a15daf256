import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs once, before the workers start: whatever the tests leave in the temporary directory, also when
 * one is cut short, goes with this run. The path is short because socket paths have 108 bytes at most.
 */
export default function setup(): () => void {
  // What the product makes must be private by itself, not by a strict umask of whoever runs the tests.
  process.umask(0o022);
  const directory = mkdtempSync(join(tmpdir(), 'tt-'));
  process.env['TMPDIR'] = directory;
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
