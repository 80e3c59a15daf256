import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { problem, ProblemError } from '../../../src/words/problem.ts';
import { loadLoopbackKey } from '../../../src/outlets/loopback/access-key.ts';
import type { OutletsTold } from '../../../src/outlets/answer/host.ts';
import { run as printEnv } from '../../../src/terminal/env/env.ts';
import { reportFailure } from '../../../src/terminal/output/failure.ts';
import type { Terminal } from '../../../src/terminal/output/terminal.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../fixtures/fake-owner.ts';

let home: EmptyHome;
let owner: FakeOwner;
let out: string[];
let err: string[];

afterEach(async () => {
  await owner.close();
  rmSync(home.directory, { recursive: true, force: true });
});

/** Runs `tokentray env` with an owner whose loopback server is in this state. */
async function env(loopback: OutletsTold['loopback'], format: 'words' | 'json' = 'words'): Promise<number> {
  out = [];
  err = [];
  home = makeEmptyHome();
  owner = await ownHome(home.places, { outlets: () => ({ loopback, shellCache: { kind: 'off' } }) });
  return run(format);
}

async function run(format: 'words' | 'json'): Promise<number> {
  const terminal: Terminal = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    format,
  };
  const options = format === 'json' ? ({ json: true } as const) : ({ format: 'sh' } as const);
  try {
    return await printEnv(options, home.places, terminal, { version: '', commands: [] });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return reportFailure(error, terminal);
  }
}

const taken = problem('admin', 'loopback.port-taken', { port: 4321, holder: '' });

test('a loopback server with a problem is reported like any refusal, in words and in JSON', async () => {
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

test('the exit code is that of the problem', async () => {
  const unusable = problem('storage', 'file-system', { path: '/run/x', detail: 'ENOSPC' });
  expect(await env({ kind: 'trouble', problem: unusable }, 'json')).toBe(14);
});

test('a missing key is not replaced by one that the running server does not know', async () => {
  const asked = env({ kind: 'on', port: 4321 });
  await expect(asked).rejects.toThrow(ProblemError);
  await expect(asked).rejects.toMatchObject({ problem: { kind: 'admin', code: 'loopback.key-gone' } });
  expect(out).toEqual([]);
  // A damaged one is not replaced either.
  const file = path.join(home.places.runtimeDirectory, 'loopback-key');
  writeFileSync(file, 'short', { mode: 0o600 });
  await expect(run('json')).rejects.toMatchObject({ problem: { code: 'loopback.key-gone' } });
  rmSync(file);
  const key = await loadLoopbackKey(home.places);
  expect(await run('json')).toBe(0);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ set: { IDENTITY_HEADER: key.reveal() } });
});
