import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile, type LogFile } from '../../../src/system/log/log-file.ts';
import { canMount, mountSmallDisk } from '../../vault/fixtures/small-disk.ts';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-22T08:00:00Z');

let parent: string;
let directory: string;
let now: number;
let told: string[];
let file: LogFile | undefined;

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'log-'));
  directory = path.join(parent, 'state', 'logs');
  now = START;
  told = [];
});

afterEach(async () => {
  await file?.close();
  file = undefined;
  rmSync(parent, { recursive: true, force: true });
});

async function open(where = directory): Promise<LogFile> {
  file = await openLogFile({ directory: where, now: () => now, tell: (sentence) => told.push(sentence) });
  return file;
}

const read = (name = 'tokentray.log', where = directory): string =>
  readFileSync(path.join(where, name), 'utf8');
const mode = (target: string): string => (lstatSync(target).mode & 0o777).toString(8);

/** Numbered lines of 1 kB. */
const kilobyte = (number: number): string => `${String(number).padStart(6, '0')} ${'x'.repeat(1016)}\n`;

test('a line is in the file when write returns, in a private directory', async () => {
  const log = await open();
  log.write('one\n');
  log.write('two ä\n');
  expect(read()).toBe('one\ntwo ä\n');
  expect([mode(directory), mode(path.join(directory, 'tokentray.log'))]).toEqual(['700', '600']);
  expect(told).toEqual([]);
});

test('a later start appends, and makes files private that were open to others', async () => {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
  writeFileSync(path.join(directory, 'tokentray.log'), 'before\n', { mode: 0o644 });
  (await open()).write('after\n');
  expect(read()).toBe('before\nafter\n');
  expect([mode(directory), mode(path.join(directory, 'tokentray.log'))]).toEqual(['700', '600']);
});

test('at most five files of 1 MB, with every line whole, in order, and the newest there', async () => {
  const log = await open();
  const lines = 7000;
  for (let number = 0; number < lines; number += 1) log.write(kilobyte(number));
  const names = readdirSync(directory).sort();
  expect(names).toEqual([
    'tokentray.1.log',
    'tokentray.2.log',
    'tokentray.3.log',
    'tokentray.4.log',
    'tokentray.log',
  ]);
  for (const name of names) {
    expect(lstatSync(path.join(directory, name)).size).toBeLessThanOrEqual(1024 * 1024);
    expect(mode(path.join(directory, name))).toBe('600');
  }
  const oldestFirst = [4, 3, 2, 1].map((age) => read(`tokentray.${age}.log`)).join('') + read();
  const numbers = oldestFirst
    .trimEnd()
    .split('\n')
    .map((line) => Number(line.slice(0, 6)));
  expect(numbers).toEqual(Array.from(numbers, (_number, index) => lines - numbers.length + index));
  expect(numbers.length).toBeGreaterThan(4 * 1024);
});

test('an unusable directory is reported once, and the program goes on', async () => {
  writeFileSync(path.join(parent, 'state'), 'a file where a directory is wanted');
  const log = await open();
  for (let number = 0; number < 3; number += 1) {
    log.write('x\n');
    now += MINUTE_MS;
  }
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(directory);
  expect(told[0]).toMatch(/ENOTDIR|EEXIST/u);
});

test('it is tried again a minute later, and the file says how many lines are missing', async () => {
  writeFileSync(path.join(parent, 'state'), '');
  const log = await open();
  log.write('lost 1\n');
  unlinkSync(path.join(parent, 'state'));
  now += MINUTE_MS - 1;
  log.write('lost 2\n');
  expect(existsSync(directory)).toBe(false);
  now += 1;
  log.write('kept\n');
  const reason = /\((\w+)\)/u.exec(told.join())?.[1] ?? '';
  expect(read()).toBe(`2026-11-22T08:01:00.000Z warn  lines lost count=2 reason=${reason}\nkept\n`);
});

test('after the clock was set back a year, it does not stay silent for a year', async () => {
  writeFileSync(path.join(parent, 'state'), '');
  const log = await open();
  unlinkSync(path.join(parent, 'state'));
  now -= 365 * 24 * 60 * MINUTE_MS;
  log.write('kept\n');
  expect(read()).toContain('kept\n');
});

test('a new failure after a recovery is reported again', async () => {
  const log = await open();
  rmSync(path.join(parent, 'state'), { recursive: true });
  writeFileSync(path.join(parent, 'state'), '');
  log.write('a\n');
  unlinkSync(path.join(parent, 'state'));
  now += MINUTE_MS;
  log.write('b\n');
  rmSync(path.join(parent, 'state'), { recursive: true });
  writeFileSync(path.join(parent, 'state'), '');
  log.write('c\n');
  expect(told).toHaveLength(2);
});

test('a log that is deleted while in use is created again with the next line', async () => {
  const log = await open();
  log.write('gone\n');
  rmSync(directory, { recursive: true });
  log.write('kept\n');
  expect(read()).toBe('kept\n');
  expect(mode(directory)).toBe('700');
  expect(told).toEqual([]);
});

test('a link in place of the file is not followed', async () => {
  mkdirSync(directory, { recursive: true });
  const foreign = path.join(parent, 'foreign');
  writeFileSync(foreign, '');
  symlinkSync(foreign, path.join(directory, 'tokentray.log'));
  (await open()).write('line\n');
  expect(readFileSync(foreign, 'utf8')).toBe('');
  expect(told).toHaveLength(1);
});

test('after closing, lines are ignored without an error', async () => {
  const log = await open();
  log.write('a\n');
  await log.close();
  log.write('b\n');
  await log.close();
  expect(read()).toBe('a\n');
});

test.runIf(canMount)(
  'a full disk (needs root to mount one) leaves no half line, and the log recovers',
  async () => {
    const disk = mountSmallDisk(64);
    try {
      const log = await open(disk.directory);
      // They do not fill a page evenly, so the disk accepts a part of one.
      for (let number = 0; number < 100; number += 1) log.write(`odd ${kilobyte(number)}`);
      const kept = read('tokentray.log', disk.directory);
      expect(kept.endsWith('\n')).toBe(true);
      expect(kept.length).toBeGreaterThan(50 * 1024);
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('ENOSPC');
      writeFileSync(path.join(disk.directory, 'tokentray.log'), '');
      now += MINUTE_MS;
      log.write('back\n');
      expect(read('tokentray.log', disk.directory)).toMatch(/lines lost count=\d+ reason=ENOSPC\nback\n$/u);
    } finally {
      await file?.close();
      disk.unmount();
    }
  },
);

test('the last line before a crash is kept, and an open log does not keep the process alive', async () => {
  const program = path.join(parent, 'crash.mjs');
  await build({
    stdin: {
      contents: `
        import { openLogFile } from './src/system/log/log-file.ts';
        const log = await openLogFile({ directory: process.argv[2], now: Date.now });
        log.write('first\\n');
        if (process.argv[3] === 'crash') { log.write('last words\\n'); process.kill(process.pid, 'SIGKILL'); }
      `,
      resolveDir: fileURLToPath(new URL('../../..', import.meta.url)),
      loader: 'ts',
    },
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
  });
  const crashed = spawnSync(process.execPath, [program, directory, 'crash'], { timeout: 30_000 });
  expect(crashed.signal).toBe('SIGKILL');
  expect(read()).toBe('first\nlast words\n');
  const idle = spawnSync(process.execPath, [program, directory, 'stay'], { timeout: 30_000 });
  expect({ status: idle.status, signal: idle.signal }).toEqual({ status: 0, signal: null });
});
