import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from '../../../src/system/log/log-file.ts';
import { readLogTail } from '../../../src/system/log/log-tail.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'log-tail-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('without a log there are no lines', async () => {
  expect(await readLogTail(directory, 5)).toEqual([]);
});

test('the last lines come oldest first, across a rotation', async () => {
  // Two of these do not fit into one file.
  const file = await openLogFile({ directory, now: () => 0 });
  for (const name of ['one', 'two', 'three']) file.write(`${'x'.repeat(600_000)}\n${name}\n`);
  await file.close();
  expect((await readLogTail(directory, 10)).filter((line) => line.length < 10)).toEqual(['two', 'three']);
});

test('only whole lines at the end of a long file are read', async () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'y'.repeat(40)}`);
  writeFileSync(path.join(directory, 'tokentray.log'), `${lines.join('\n')}\n`);
  expect(await readLogTail(directory, 200)).toEqual(lines.slice(-200));
  const all = await readLogTail(directory, 5_000);
  expect(all.length).toBeLessThan(2_000);
  expect(lines).toContain(all[0]);
});
