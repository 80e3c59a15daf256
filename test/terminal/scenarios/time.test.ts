import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TICK_MS } from '../../../src/agent/refresh/timetable.ts';
import type { Serving, Tokentray } from '../fixtures/command.ts';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.ts';
import { makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';

// The built program under libfaketime. The tenant is in this process and has the same clock, unless a test changes
// only the program's.

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** 06:59:52 in Seoul; in the program's zone, New York, the afternoon of the day before. */
const START = Date.parse('2027-03-09T06:59:52+09:00');
const SEVEN = Date.parse('2027-03-09T07:00:00+09:00');

/** A busy machine may be this late, after the tick that notices the new time. A missed instant would be late by hours. */
const LATE_MS = 120 * SECOND_MS;

/** A test waits for a tick, then for a refresh. */
const LIMIT_MS = 3 * (TICK_MS + LATE_MS);

let directory: string;
let clock: FakeClock;
/** Added to the program's clock for the tenant's. */
let tenantAhead = 0;
let stored: StoredHome;
let tokentray: Tokentray;
let serving: Serving;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'time-'));
  clock = fakeClock(directory, START - 60 * SECOND_MS);
  const extra = { ...clock.env, TZ: 'America/New_York' };
  stored = await makeStoredHome('encrypted-file', {
    now: () => clock.now() + tenantAhead,
    schedule: ['--cron', '0 7,10,13 * * *', '--zone', 'Asia/Seoul'],
    extra,
  });
  tokentray = stored.tokentray(extra);
  serving = await tokentray.serve();
  await stored.signIn(serving);
  await stored.firstToken();
});

afterAll(async () => {
  tokentray.killAll();
  await stored.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Waits until the tenant has refreshed this often, or the real time is over. */
async function refreshed(count: number, withinMs: number): Promise<readonly number[]> {
  const end = Date.now() + withinMs;
  while (stored.refreshes().length < count && Date.now() < end) await sleep(50);
  return stored.refreshes();
}

async function token(): Promise<{ accessToken: string; expires_on: number }> {
  const answer = await stored.ask('GET', '/v1/token');
  expect(answer).toMatchObject({ status: 200 });
  return JSON.parse(answer?.body ?? '') as { accessToken: string; expires_on: number };
}

describe.runIf(process.platform === 'linux')('a real process whose clock is changed (libfaketime)', () => {
  test(
    'a token is refreshed at 07:00 in Seoul although the machine is in New York',
    { timeout: LIMIT_MS },
    async () => {
      expect(stored.refreshes()).toEqual([]);
      clock.set(START);
      const before = await token();
      const [at, ...more] = await refreshed(1, SEVEN - START + TICK_MS + LATE_MS);
      expect(more).toEqual([]);
      expect(at).toBeGreaterThanOrEqual(SEVEN);
      expect(at).toBeLessThan(SEVEN + TICK_MS + LATE_MS);
      await expect
        .poll(async () => (await token()).accessToken, { timeout: LATE_MS })
        .not.toBe(before.accessToken);
      expect(serving.said()).not.toContain('refresh failed');
    },
  );

  test(
    'nine hours asleep over two scheduled times: one refresh, within a tick of waking',
    { timeout: LIMIT_MS },
    async () => {
      const before = stored.refreshes().length;
      clock.set(clock.now() + 9 * HOUR_MS);
      const wokeAt = clock.now();
      const all = await refreshed(before + 1, TICK_MS + LATE_MS);
      expect(all).toHaveLength(before + 1);
      expect((all.at(-1) ?? 0) - wokeAt).toBeLessThan(TICK_MS + LATE_MS);
      const { expires_on } = await token();
      expect(expires_on * SECOND_MS - clock.now()).toBeGreaterThan(HOUR_MS / 2);
      // A second one would follow at once. agent/refresh/clock.test.ts shows that the next tick brings none.
      expect(stored.refreshes()).toHaveLength(before + 1);
    },
  );

  test('with only this machine’s clock a year behind or ahead, the token that is served is always valid', async () => {
    const right = clock.now();
    for (const wrong of [-YEAR_MS, YEAR_MS, 0]) {
      clock.set(right + wrong);
      tenantAhead = -wrong;
      await stored.home.tenant.verifyAccessToken((await token()).accessToken);
      // Also if a new one is asked for, and after the tick has noticed the jump.
      expect(await stored.ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
      const { accessToken } = await token();
      await stored.home.tenant.verifyAccessToken(accessToken);
      expect(await tokentray.run('status')).toMatchObject({ code: 0 });
    }
    expect((await serving.end()).code).toBe(0);
    serving = await tokentray.serve();
    expect(await stored.firstToken()).not.toBe('');
    await serving.end();
  });
});
