import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';

const START = fileURLToPath(new URL('../../dist/tray/start.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/tray/main.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An empty directory in which Electron's binary is looked for, whether or not this machine has one. */
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'electron-'));
});

function start(args: readonly string[] = []): Promise<Ended> {
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: directory };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [START, ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
  });
}

const install = (script: string): Promise<void> =>
  writeFile(path.join(directory, 'electron'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test('without Electron’s binary one line says what to do, and the exit code reports it missing', async () => {
  const { code, out, err } = await start();
  expect(code).toBe(69);
  expect(out).toBe('');
  expect(err.split('\n')).toEqual([expect.stringContaining('npx install-electron'), '']);
  expect(err).toContain('node dist/terminal/tokentray.js serve');
});

test('with it the application starts with the arguments, and its output is shown', async () => {
  await install(`for each in "$@"; do echo "[$each]"; done; echo trouble >&2`);
  const { code, out, err } = await start(['--some-file=/some where/.env', '--flag']);
  expect(out.trimEnd().split('\n')).toEqual([`[${MAIN}]`, '[--some-file=/some where/.env]', '[--flag]']);
  expect(err).toBe('trouble\n');
  expect(code).toBe(0);
});

test('the exit code is the application’s', async () => {
  await install('exit 7');
  expect(await start()).toMatchObject({ code: 7 });
});
