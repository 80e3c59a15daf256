import { existsSync, readdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rounds } from '../../house/fixtures/soak.ts';
import { deathPoints, dyingAt } from '../../house/fixtures/sudden-death.ts';
import { randomFrom } from '../../vault/fixtures/random.ts';
import {
  killServe,
  makeStoredHome,
  startServe,
  type BareServe,
  type StoredHome,
} from '../fixtures/stored-home.ts';

// What a power cut, the kernel's out-of-memory killer or an impatient user does to a host that is storing.

/** A refresh stores the session and the token: the host dies at each point during its 1st, 2nd … save. */
const SAVES = rounds(2, 6);
const RANDOM_KILLS = rounds(4, 100);
const PAIRS = rounds(4, 50);
const SEED = 20_261_122;

/** A start and a refresh take a second; only a hang, such as one on a lock, takes this long. */
const ROUND_LIMIT_MS = 60_000;

let stored: StoredHome;
let running: BareServe[] = [];

function start(more: NodeJS.ProcessEnv = {}): BareServe {
  const serve = startServe({ ...stored.home.env, ...more });
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

/** One refresh after another, each stored, until the host no longer answers. */
async function refreshUntilDead(): Promise<void> {
  while ((await stored.ask('POST', '/v1/refresh')) !== undefined) continue;
}

/** A start after a death serves a token and can refresh it, so it has the newest refresh token; then it quits. */
async function expectUsable(): Promise<void> {
  const serve = start();
  const token = await stored.firstToken();
  expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
  expect(await stored.firstToken()).not.toBe(token);
  serve.child.kill('SIGTERM');
  expect(await serve.ended, serve.said()).toBe(0);
  running = [];
  expect(readdirSync(stored.places.vaultDirectory).filter((name) => name.includes('corrupt'))).toEqual([]);
}

describe('a host that dies while it stores starts again with a usable session', () => {
  test.each(deathPoints)(
    `at the point “%s” of its first ${SAVES} saves`,
    { timeout: SAVES * ROUND_LIMIT_MS },
    async (point) => {
      for (let save = 1; save <= SAVES; save += 1) {
        const serve = start(dyingAt(point, save, stored.places.vaultDirectory));
        // It may die before it has served a token.
        await Promise.race([stored.firstToken(), serve.ended]);
        await refreshUntilDead();
        expect(await serve.ended, serve.said()).toBeNull();
        running = [];
        await expectUsable();
      }
    },
  );

  test(`killed ${RANDOM_KILLS} times at any moment`, { timeout: RANDOM_KILLS * ROUND_LIMIT_MS }, async () => {
    const random = randomFrom(SEED);
    for (let kill = 0; kill < RANDOM_KILLS; kill += 1) {
      const serve = start();
      await stored.firstToken();
      const dead = refreshUntilDead();
      await sleep(random.below(120));
      await killServe(serve);
      await dead;
      running = [];
    }
    await expectUsable();
  });
});

describe('two hosts', () => {
  test(
    `started together ${PAIRS} times: one runs, the other names it and exits with 1`,
    { timeout: PAIRS * ROUND_LIMIT_MS },
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
