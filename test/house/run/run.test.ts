import { expect, test } from 'vitest';
import { filesBelow } from '../fixtures/repository.ts';
import { FIRST, ALONE } from './order.ts';

test('the test files that are named for their order or process exist', () => {
  const files = filesBelow('test', '.test.ts');
  expect([...FIRST, ...ALONE].filter((file) => !files.includes(`test/${file}`))).toEqual([]);
});
