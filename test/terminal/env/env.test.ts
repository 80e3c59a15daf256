import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { problem, ProblemError } from '../../../src/words/problem.ts';
import { loadLoopbackKey } from '../../../src/outlets/loopback/access-key.ts';
import type { OutletsTold } from '../../../src/outlets/answer/host.ts';
import { printEnv } from '../../../src/terminal/token/env.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../fixtures/fake-owner.ts';

let home: EmptyHome;
let owner: FakeOwner;
let out: string[];
let err: string[];

afterEach(async () => {
  await owner.close();
  rmSync(home.directory, { recursive: true, force: true });
});

/** `tokentray env` beside an owner whose loopback server is so. */
async function env(loopback: OutletsTold['loopback'], format: 'words' | 'json' = 'words'): Promise<number> {
  out = [];
  err = [];
  home = makeEmptyHome();
  owner = await ownHome(home.places, { outlets: () => ({ loopback, shellCache: { kind: 'off' } }) });
  return run(format);
}

const run = (format: 'words' | 'json'): Promise<number> =>
  printEnv({ name: 'env', shell: 'sh', format }, home.places, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });

const taken = problem('admin', 'loopback.port-taken', { port: 4321, holder: '' });

test('a server that is in trouble is told as any refusal is, in words and as JSON', async () => {
  expect(await env({ kind: 'trouble', problem: taken })).toBe(12);
  expect(out).toEqual([]);
  expect(err[0]).toContain('4321');
  const told = [...err];
  err = [];
  expect(await run('json')).toBe(12);
  expect(out).toHaveLength(1);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    schemaVersion: 1,
    error: { kind: 'admin', code: 'loopback.port-taken', message: told[0], next: told[1] },
  });
  expect(err).toEqual(told);
});

test('the trouble’s own exit code is given', async () => {
  const unusable = problem('storage', 'file-system', { path: '/run/x', detail: 'ENOSPC' });
  expect(await env({ kind: 'trouble', problem: unusable }, 'json')).toBe(14);
});

test('a key that the running server does not have is not made up', async () => {
  const asked = env({ kind: 'on', port: 4321 });
  await expect(asked).rejects.toThrow(ProblemError);
  await expect(asked).rejects.toMatchObject({ problem: { kind: 'admin', code: 'loopback.key-gone' } });
  expect(out).toEqual([]);
  // Nor is one that is damaged replaced.
  const file = path.join(home.places.runtimeDirectory, 'loopback-key');
  writeFileSync(file, 'short', { mode: 0o600 });
  await expect(run('json')).rejects.toMatchObject({ problem: { code: 'loopback.key-gone' } });
  rmSync(file);
  const key = await loadLoopbackKey(home.places);
  expect(await run('json')).toBe(0);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ set: { IDENTITY_HEADER: key.reveal() } });
});
