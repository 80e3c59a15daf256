import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { FIRST, isTogether } from './order.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const all = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts'));
const together = all.filter((file) => isTogether(file, readFileSync(`${root}test/${file}`, 'utf8')));
const alone = all.filter((file) => !together.includes(file));

const within = (files: readonly string[]): string[] => files.map((file) => `test/${file}`);

/** Vitest's own order, by the times of the last run or the sizes, after {@link FIRST}. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = FIRST.findIndex((file) => moduleId.endsWith(`test/${file}`));
      return found === -1 ? FIRST.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

const each = {
  pool: 'forks' as const,
  setupFiles: ['test/house/run/own-home.ts'],
  // More than the two processors that there may be: most of the time is spent waiting for programs.
  maxWorkers: 5,
  // Only hangs should fail: with eight busy programs on two cores, starting Chromium can take 20 s.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Vitest's default of one second is too short for anything that starts a program.
  expect: { poll: { timeout: 60_000 } },
};

const define = { __TOKENTRAY_VERSION__: JSON.stringify(version) };

export default defineConfig({
  root,
  test: {
    ...each,
    // Only here: a project that has it, also by `extends`, runs it again.
    globalSetup: 'test/house/run/global-setup.ts',
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      // A process a file: libsecret keeps one connection a process, and some tests change theirs.
      { root, define, test: { ...each, name: 'alone', include: within(alone) } },
      { root, define, test: { ...each, name: 'together', include: within(together), isolate: false } },
    ],
  },
});
