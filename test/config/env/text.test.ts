import { expect, it } from 'vitest';
import { parseDotEnv } from '../../../src/config/env/text.ts';

it('every line of a name is kept with its number, and quoted text is given back as it was', () => {
  const text = 'A=1\r\nKEY="x\nA=2\ny"\n\nexport A = 3 # three\nB: "yaml"\nnot a line\n';
  expect(parseDotEnv(text)).toEqual({
    kind: 'ok',
    assignments: [
      { name: 'A', value: '1', line: 1, trouble: undefined },
      { name: 'KEY', value: 'x\nA=2\ny', line: 2, trouble: 'quotes' },
      { name: 'A', value: '3', line: 6, trouble: undefined },
      { name: 'B', value: 'yaml', line: 7, trouble: undefined },
    ],
  });
});

it('names that objects have of their own are names like any other', () => {
  const file = parseDotEnv('__proto__=1\nconstructor=2\n');
  expect(file.kind === 'ok' && file.assignments.map(({ name }) => name)).toEqual([
    '__proto__',
    'constructor',
  ]);
});
