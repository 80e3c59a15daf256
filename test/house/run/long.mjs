// What `npm run test:long` runs: the tests that repeat something, with so many repetitions that they take minutes.
// They find rarer faults than `npm test`, but no other kind, so they are for a release and for a change of what they
// test. A test asks test/house/fixtures/soak.ts how often.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SOAKS = {
  'terminal/scenarios/crash':
    '`tokentray serve` dies at each point of 6 saves, 100 times at any moment, and starts in 50 pairs',
  'terminal/serve/oidc-minutes':
    '`tokentray serve` keeps tokens of a minute valid, two minutes with each of 3 strict OpenID providers',
  'config/profile/next-run': 'schedules at each clock change of 2026 in every zone, minute by minute',
  'vault/file-store/kill': 'a process that saves dies at each point of 20 saves, and 100 times at any moment',
  'system/ownership/ownership': '50 processes that start at once agree on one owner, twice',
  'system/log/redact-fuzz':
    '50,000 texts with secrets in them are masked, and a megabyte that is slow to search',
};

process.stdout.write('The long tests:\n');
for (const [file, what] of Object.entries(SOAKS)) process.stdout.write(`  ${file}: ${what}\n`);
const { status } = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL('./run.mjs', import.meta.url)),
    ...Object.keys(SOAKS).map((file) => `test/${file}.test.ts`),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, TOKENTRAY_SOAK: '1' } },
);
process.exitCode = status ?? 1;
