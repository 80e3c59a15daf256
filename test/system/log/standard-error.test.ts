import { expect, test } from 'vitest';
import { ownerLog } from '../../../src/system/log/owner-log.ts';
import { writeStandardError } from '../../../src/system/log/standard-error.ts';

test('a closed standard error does not end the process', () => {
  const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  writeStandardError('');
  // An emitter without a listener for errors throws them, and Node exits.
  expect(() => process.stderr.emit('error', broken)).not.toThrow();
});

test('the log of a host writes there and survives it', () => {
  const { log } = ownerLog({ stderr: 'error', file: 'error' });
  const before = process.stderr.listenerCount('error');
  log.error('one');
  log.error('two');
  expect(process.stderr.listenerCount('error')).toBeGreaterThan(0);
  expect(process.stderr.listenerCount('error')).toBeLessThanOrEqual(Math.max(before, 1));
});
