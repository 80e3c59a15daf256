/**
 * Rooms whose test files share a process, because starting one and loading the modules takes half a second a file;
 * and files of these rooms that change their environment, mock a module or look at the jobs of the whole process.
 */
export const TOGETHER = /^(?:agent|config|demo-tenant|host|outlets|words)\//u;
export const YET_ALONE = [
  'agent/network/system-send.test.ts',
  'agent/refresh/timetable.test.ts',
  'config/draft/schedule-runs.test.ts',
  'config/profile/cron.test.ts',
  'outlets/hooks/hooks.test.ts',
  'outlets/http/key-check.test.ts',
  'outlets/loopback/loopback-msal.test.ts',
];

/** These take longest, mostly to wait for a clock or a browser: they start first, so that none of them ends last. */
export const FIRST = [
  'terminal/scenarios/disk.test.ts',
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
