import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

// What `npm link` makes: a link on the PATH to the file that package.json names, which it makes executable.
test.skipIf(process.platform === 'win32')('what npm puts on the PATH is a program', async () => {
  const { bin, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly bin: { readonly tokentray: string };
    readonly version: string;
  };
  const file = path.join(root, bin.tokentray);
  const directory = mkdtempSync(path.join(tmpdir(), 'bin-'));
  try {
    chmodSync(file, 0o755);
    symlinkSync(file, path.join(directory, 'tokentray'));
    const { stdout } = await promisify(execFile)(path.join(directory, 'tokentray'), ['--version']);
    expect(stdout.trim()).toBe(version);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
