import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export default defineConfig({
  root,
  define: { __TOKENTRAY_VERSION__: JSON.stringify(version) },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    // A process a file: libsecret keeps one connection a process, and tests change their environment.
    pool: 'forks',
    // More than the two processors that there may be: most of the time is spent waiting for programs.
    maxWorkers: 3,
    // Generous, so that only what hangs fails: a Chromium start can take 10 s on a busy two-core machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
  },
});
