import { chmodSync, lstatSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ProblemError } from '../../../src/words/problem.ts';
import {
  checkPrivateDirectory,
  ensurePrivateDirectory,
} from '../../../src/system/files/private-directory.ts';

const fresh = (): string => path.join(mkdtempSync(path.join(tmpdir(), 'd-')), 'run');

async function reasonFor(refused: Promise<unknown>): Promise<unknown> {
  const error: unknown = await refused.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  const { problem } = error as ProblemError;
  expect(problem).toMatchObject({ kind: 'admin', code: 'socket-directory' });
  return problem.params.detail;
}

test('a missing directory is created private, whatever the umask', async () => {
  const directory = fresh();
  expect(await checkPrivateDirectory(directory)).toBe('absent');
  await ensurePrivateDirectory(directory);
  expect(lstatSync(directory).mode & 0o777).toBe(0o700);
  await ensurePrivateDirectory(directory);
  expect(await checkPrivateDirectory(directory)).toBe('private');
});

test('a directory that others may enter is refused, not corrected silently', async () => {
  const directory = fresh();
  mkdirSync(directory);
  chmodSync(directory, 0o750);
  expect(await reasonFor(ensurePrivateDirectory(directory))).toBe(
    'other users can access it (mode 750, expected 700)',
  );
  expect(lstatSync(directory).mode & 0o777).toBe(0o750);
});

test('another user’s directory is refused', async () => {
  const directory = fresh();
  mkdirSync(directory, { mode: 0o700 });
  const { uid } = lstatSync(directory);
  const detail = await reasonFor(ensurePrivateDirectory(directory, uid + 1));
  expect(detail).toBe(`it belongs to the user with ID ${uid}`);
});

test('a symbolic link is refused, even to the user’s own directory', async () => {
  const directory = fresh();
  mkdirSync(`${directory}-real`, { mode: 0o700 });
  symlinkSync(`${directory}-real`, directory);
  expect(await reasonFor(ensurePrivateDirectory(directory))).toBe('it is a symbolic link');
});

test('a file in its place is reported as such', async () => {
  const directory = fresh();
  writeFileSync(directory, '');
  expect(await reasonFor(ensurePrivateDirectory(directory))).toBe('it is not a directory');
});
