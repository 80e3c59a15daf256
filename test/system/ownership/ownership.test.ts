import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sayOwner, takeOwnership } from '../../../src/system/ownership/ownership.ts';
import { rounds } from '../../house/fixtures/soak.ts';
import { testPlaces } from '../../outlets/fixtures/runtime-directory.ts';

/** A careless login script could start fifty. */
const STARTS = rounds(12, 50);
/** Node takes 0.1 s to start; fifty of them take a minute on a busy machine. */
const START_LIMIT_MS = 240_000;

let program: string;
beforeAll(async () => {
  program = path.join(mkdtempSync(path.join(tmpdir(), 'own-')), 'owner.mjs');
  const entry = fileURLToPath(new URL('../../outlets/fixtures/owner-process.ts', import.meta.url));
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: program });
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process and returns its result: `owner 4711` or `taken 4711`. */
async function start(directory: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: line.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe.skipIf(process.platform !== 'linux')('one owner (Linux)', () => {
  test(
    `of ${STARTS} simultaneous starts one owns the configuration, and the others name it; after SIGKILL too`,
    async () => {
      const { runtimeDirectory } = testPlaces();
      for (const round of [1, 2]) {
        const started = await Promise.all(Array.from({ length: STARTS }, () => start(runtimeDirectory)));
        const owners = started.filter(({ said }) => said.startsWith('owner'));
        expect(owners, `round ${round}`).toHaveLength(1);
        const pid = String(owners[0]!.child.pid);
        expect(started.filter(({ said }) => said === `taken ${pid}`)).toHaveLength(STARTS - 1);
        // Nothing is cleaned up, so the next round finds what a crash leaves.
        await kill(owners[0]!.child);
      }
    },
    START_LIMIT_MS,
  );

  test('after a SIGKILL the next start becomes the owner, and old sockets do not accumulate', async () => {
    const { runtimeDirectory } = testPlaces();
    for (let crash = 0; crash < 3; crash += 1) {
      const { child, said } = await start(runtimeDirectory);
      expect(said).toBe(`owner ${child.pid ?? 0}`);
      await kill(child);
    }
    expect(readdirSync(runtimeDirectory).sort()).toEqual(['owner.3', 'owner.json']);
  });

  test('a stopped owner is still the owner', async () => {
    const places = testPlaces();
    const { child } = await start(places.runtimeDirectory);
    child.kill('SIGSTOP');
    expect(await takeOwnership({ places, kind: 'tray' })).toMatchObject({ kind: 'taken' });
  });

  test('released ownership can be taken at once, in the same process too', async () => {
    const places = testPlaces();
    const first = await takeOwnership({ places, kind: 'tray', now: () => 1 });
    const second = await takeOwnership({ places, kind: 'terminal' });
    expect(second).toEqual({ kind: 'taken', owner: { pid: process.pid, kind: 'tray', startedAt: 1 } });
    if (first.kind === 'owner') await first.release();
    expect((await takeOwnership({ places, kind: 'terminal' })).kind).toBe('owner');
  });
});

test('the owner is named in words', () => {
  expect(sayOwner({ pid: 7, kind: 'tray', startedAt: 0 })).toBe('the tray application (process 7)');
  expect(sayOwner({ pid: 7, kind: 'terminal', startedAt: 0 })).toBe('tokentray serve (process 7)');
  expect(sayOwner(undefined)).toBe('another process');
});
