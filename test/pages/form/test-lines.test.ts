import { expect, test } from 'vitest';
import type { TestLine } from '../../../src/pages/bridge/contract.ts';
import { verdictOf } from '../../../src/pages/form/test-lines.ts';

const NAMES = ['network', 'discovery', 'clock', 'redirect-uri', 'credential', 'storage'] as const;
const linesOf = (...kinds: readonly TestLine['kind'][]): readonly TestLine[] =>
  kinds.map((kind, index) => ({ name: NAMES[index]!, kind, said: 'Found.' }));

test.each([
  [linesOf('ok', 'ok', 'ok', 'ok', 'ok', 'ok'), 'Tested: all is well.'],
  [
    linesOf('ok', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped'),
    'No trouble found; 5 of 6 could not be tested.',
  ],
  // A missing line was not tested either.
  [linesOf('ok', 'ok', 'ok', 'ok', 'ok'), 'No trouble found; 1 of 6 could not be tested.'],
  [linesOf('trouble', 'skipped'), 'Tested: there is trouble in 1 of 6 lines.'],
  [linesOf('skipped', 'skipped'), 'Nothing could be tested.'],
  [[], 'Nothing could be tested.'],
])('a test reports success only if everything was tested: %#', (lines, said) => {
  expect(verdictOf(lines)).toBe(said);
});
