import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * Rooms whose tests need no process of their own, and a file of these that does: it changes its environment, or
 * puts something in the place of a module. Starting a process and loading everything anew takes half a second.
 */
const TOGETHER = /^(?:agent|config|demo-tenant|host|outlets|words)\//u;
const YET_ALONE = [
  'agent/network/system-send.test.ts',
  'agent/refresh/timetable.test.ts',
  'config/profile/cron.test.ts',
  'outlets/hooks/hooks.test.ts',
  'outlets/http/key-check.test.ts',
  'outlets/loopback/loopback-msal.test.ts',
];

const all = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts'));
const together = all.filter((file) => TOGETHER.test(file) && !YET_ALONE.includes(file));
const alone = all.filter((file) => !together.includes(file));

const within = (files: readonly string[]): string[] => files.map((file) => `test/${file}`);

const each = {
  pool: 'forks' as const,
  setupFiles: ['test/house/run/own-home.ts'],
  // More than the two processors that there may be: most of the time is spent waiting for programs.
  maxWorkers: 3,
  // Generous, so that only what hangs fails: a Chromium start can take 10 s on a busy two-core machine.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // Vitest's second is enough for no program that has to be started.
  expect: { poll: { timeout: 30_000 } },
};

const define = { __TOKENTRAY_VERSION__: JSON.stringify(version) };

export default defineConfig({
  root,
  test: {
    ...each,
    // Here alone: a project that has it, be it by `extends`, runs it once more.
    globalSetup: 'test/house/run/global-setup.ts',
    passWithNoTests: false,
    projects: [
      // A process a file: libsecret keeps one connection a process, and tests change their environment.
      { root, define, test: { ...each, name: 'alone', include: within(alone) } },
      { root, define, test: { ...each, name: 'together', include: within(together), isolate: false } },
    ],
  },
});
