import { expect, test } from 'vitest';
import type { TestLine } from '../../../src/pages/bridge/contract.ts';
import { verdictOf } from '../../../src/pages/form/test-lines.ts';

const NAMES = ['network', 'discovery', 'clock', 'redirect-uri', 'credential', 'storage'] as const;
const linesOf = (...kinds: readonly TestLine['kind'][]): readonly TestLine[] =>
  kinds.map((kind, index) => ({ name: NAMES[index]!, kind, said: 'Found.' }));

test.each([
  [linesOf('ok', 'ok', 'ok', 'ok', 'ok', 'ok'), 'All tests passed.'],
  [
    linesOf('ok', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped'),
    'No problems found; 5 of 6 tests could not run.',
  ],
  // A missing line was not tested either.
  [linesOf('ok', 'ok', 'ok', 'ok', 'ok'), 'No problems found; 1 of 6 tests could not run.'],
  [linesOf('trouble', 'skipped'), '1 of 6 tests failed.'],
  [linesOf('skipped', 'skipped'), 'Nothing could be tested.'],
  [[], 'Nothing could be tested.'],
])('a test reports success only if everything was tested: %#', (lines, said) => {
  expect(verdictOf(lines)).toBe(said);
});
