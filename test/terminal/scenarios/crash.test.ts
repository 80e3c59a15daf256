import { existsSync, readdirSync, rmSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomFrom } from '../../vault/fixtures/random.ts';
import {
  killServe,
  makeStoredHome,
  startServe,
  type BareServe,
  type StoredHome,
} from '../fixtures/stored-home.ts';

// What a power cut, the kernel's memory killer or an impatient person does to a host that is storing.

/** Hundreds can be asked for by hand. */
const KILLS = Number(process.env.TOKENTRAY_KILLS ?? 100);
const PAIRS = Number(process.env.TOKENTRAY_PAIRS ?? 50);

/** On a busy machine fewer kills fall between open and rename; then it goes on until enough have. */
const MOST_KILLS = 3 * KILLS;
const LEAST_BETWEEN_OPEN_AND_RENAME = Math.floor(0.3 * KILLS);
const SEED = 20_261_122;

/** The goal is 2 s; what is asserted is that nobody waits for a lock, on however busy a machine. */
const GOAL_MS = 2000;
const NO_LOCK_MS = 20_000;

let stored: StoredHome;
let running: BareServe[] = [];

function start(): BareServe {
  const serve = startServe(stored.home.env);
  running.push(serve);
  return serve;
}

beforeAll(async () => {
  stored = await makeStoredHome('encrypted-file');
  const tokentray = stored.tokentray();
  const serving = await tokentray.serve();
  await stored.signIn(serving);
  await stored.firstToken();
  await serving.end();
});

afterAll(async () => {
  await Promise.all(running.map(killServe));
  await stored.close();
});

/** What saves left between their open and their rename, told apart from what earlier ones left. */
function halfSaved(): string[] {
  const { vaultDirectory } = stored.places;
  return readdirSync(vaultDirectory)
    .filter((name) => name.endsWith('.new'))
    .map((name) => `${name} ${statSync(path.join(vaultDirectory, name), { bigint: true }).mtimeNs}`);
}

/** One refresh after another, each stored, until nobody answers. */
async function refreshUntilDead(): Promise<void> {
  while ((await stored.ask('POST', '/v1/refresh')) !== undefined) continue;
}

/** Resolves as soon as a save has opened its new file: its rename is a flush to the disk away. */
function saveBegins(): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(stored.places.vaultDirectory, (_event, name) => {
      if (name?.endsWith('.new') !== true) return;
      watcher.close();
      resolve();
    });
  });
}

test(
  `killed ${KILLS} times while it stores, it starts at once with a usable session, and no lock is in the way`,
  { timeout: MOST_KILLS * 10_000 },
  async () => {
    const random = randomFrom(SEED);
    const starts: number[] = [];
    let landed = 0;
    let left: string[] = [];
    let kill = 0;
    for (; kill < KILLS || (landed < LEAST_BETWEEN_OPEN_AND_RENAME && kill < MOST_KILLS); kill += 1) {
      const begun = performance.now();
      const serve = start();
      await stored.firstToken();
      starts.push(performance.now() - begun);
      // Usable is more than a token from the disk: the refresh token is there, and the newest one.
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
      const dead = refreshUntilDead();
      // At any time, in the middle of a save, or in the milliseconds after it began.
      if (kill % 4 === 0) await sleep(random.below(120));
      else await Promise.race([saveBegins(), sleep(2000)]);
      if (kill % 4 === 2) await sleep(random.below(12));
      await killServe(serve);
      await dead;
      running = [];
      const found = halfSaved();
      if (found.some((one) => !left.includes(one))) landed += 1;
      left = found;
    }
    const begun = performance.now();
    const serve = start();
    const token = await stored.firstToken();
    starts.push(performance.now() - begun);
    expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
    expect(await stored.firstToken()).not.toBe(token);
    serve.child.kill('SIGTERM');
    expect(await serve.ended).toBe(0);
    running = [];
    const slowest = Math.max(...starts);
    process.stdout.write(
      `  ${kill} kills, ${landed} between open and rename; slowest start to first token ${slowest.toFixed(0)} ms (goal ${GOAL_MS})\n`,
    );
    expect(landed).toBeGreaterThanOrEqual(LEAST_BETWEEN_OPEN_AND_RENAME);
    expect(slowest).toBeLessThan(NO_LOCK_MS);
    expect(readdirSync(stored.places.vaultDirectory).filter((name) => name.includes('corrupt'))).toEqual([]);
  },
);

describe('two hosts', () => {
  test(
    `started together ${PAIRS} times: one owns, the other names it and ends with 1`,
    { timeout: PAIRS * 10_000 },
    async () => {
      for (let pair = 0; pair < PAIRS; pair += 1) {
        const both = [start(), start()] as const;
        const [first, second] = both;
        const loser = await Promise.race([first.ended.then(() => first), second.ended.then(() => second)]);
        const owner = loser === first ? second : first;
        expect(await loser.ended, loser.said()).toBe(1);
        expect(loser.said()).toContain(`tokentray serve (process ${owner.child.pid ?? 0})`);
        await stored.firstToken();
        owner.child.kill('SIGTERM');
        expect(await owner.ended, owner.said()).toBe(0);
        running = [];
      }
    },
  );

  test('the socket of a killed host costs the next one nothing', async () => {
    await killServe(start());
    running = [];
    const serve = start();
    await stored.firstToken();
    await killServe(serve);
    running = [];
    expect(existsSync(stored.places.socketPath)).toBe(true);
    const next = start();
    await stored.firstToken();
    expect(next.said()).not.toContain('already');
    rmSync(stored.places.socketPath, { force: true });
    await killServe(next);
    running = [];
  });
});
