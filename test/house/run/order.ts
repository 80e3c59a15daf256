/**
 * Test files share a process, because starting one and loading the modules takes half a second of a processor. Not
 * those that run whole programs for a long time, and libsecret keeps one connection a process.
 */
const RUNS_PROGRAMS = /(?:^|\/)(?:scenarios|electron|system-store)\//u;

/** What a file may do only in a process of its own: mock a module, or change the environment. */
const CHANGES_THE_PROCESS =
  /\bvi\.(?:mock|doMock|stubEnv|stubGlobal)\(|process\.env\.\w+ = |delete process\.env/u;

/** Files that need a process of their own for another reason. */
export const ALONE = [
  // Looks at the scheduled jobs of its process.
  'config/draft/schedule-runs.test.ts',
  // Needs a constant of the build, which vitest defines for the first file of a process only.
  'tray/windows/about-page.test.ts',
];

/** Whether a test file, given by its path below `test` and its text, shares a process with others. */
export function isTogether(file: string, text: string): boolean {
  return !RUNS_PROGRAMS.test(file) && !ALONE.includes(file) && !CHANGES_THE_PROCESS.test(text);
}

/** These take longest, mostly to wait for a clock or a browser: they start first, so that none of them ends last. */
export const FIRST = [
  'terminal/scenarios/disk.test.ts',
  'terminal/scenarios/host-end.test.ts',
  'terminal/scenarios/time.test.ts',
  'house/electron/conformance/conformance.test.ts',
  'terminal/scenarios/failures.test.ts',
  'pages/scenarios/settings-page.test.ts',
  'tray/scenarios/sign-in-troubles.test.ts',
  'tray/scenarios/code-never-leaves.test.ts',
  'tray/scenarios/lifecycle.test.ts',
  'terminal/scenarios/serve-host.test.ts',
  'terminal/import/import.test.ts',
];
