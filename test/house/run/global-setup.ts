import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs once, before the workers start. Builds the product, which the scenarios run. Whatever the tests leave in the
 * temporary directory is removed after the run, and processes that a test forgot to end are named and ended: they would
 * write into it. Its path is short because a socket's path has at most 108 bytes.
 */
export default function setup(): () => void {
  execFileSync(process.execPath, ['.config/build.mjs'], { cwd: root, stdio: 'inherit' });
  // The product must make its files private itself, not thanks to the developer's strict umask.
  process.umask(0o022);
  const directory = mkdtempSync(path.join(tmpdir(), 'tt-'));
  process.env['TMPDIR'] = directory;
  return () => {
    for (const { pid, command } of processesIn(directory)) {
      process.stderr.write(`A test left this process running: ${command}\n`);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
}

/** The product's processes (Linux) whose temporary directory this is. */
function processesIn(directory: string): { readonly pid: number; readonly command: string }[] {
  if (process.platform !== 'linux') return [];
  const read = (pid: string, file: string): string[] => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(pid, 'environ').includes(`TMPDIR=${directory}`))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').join(' ') }))
    .filter(({ command }) => command.includes(path.join(root, 'dist')));
}
