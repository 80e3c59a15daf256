import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TokenNetwork } from '../../../src/agent/network/network.ts';
import type { HttpResponse } from '../../../src/agent/network/send.ts';
import { HOUR_MS, MINUTE_MS } from '../fixtures/fake-authority.ts';
import { memoryLog, offline, sendThat, signedIn, told, type Harness } from '../fixtures/fixture.ts';

const START = Date.UTC(2026, 10, 22, 8);
beforeEach(() => vi.useFakeTimers({ now: START }));
let harness: Harness;
afterEach(() => {
  harness.agent.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** When the authority was asked, in seconds from the start. */
function noteTimes({ authority }: Harness): number[] {
  const times: number[] = [];
  const { onRenew } = authority;
  authority.onRenew = (request, network) => {
    times.push((Date.now() - START) / 1000);
    return onRenew(request, network);
  };
  return times;
}

const gapsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((at, index) => Math.round(at - times[index]!));

test('four hours without a network: served to the last second, tried in the documented rhythm, back within one retry', async () => {
  harness = await signedIn();
  const { agent, authority } = harness;
  let isAway = true;
  const works = authority.onRenew;
  authority.onRenew = (request, network) => (isAway ? offline(network) : works(request, network));
  const times = noteTimes(harness);

  // Hourly tokens are renewed ten minutes before their end; the network has gone before that.
  await vi.advanceTimersByTimeAsync(HOUR_MS - 1000);
  expect(times[0]).toBe(50 * 60);
  expect(told(await agent.getToken())).toBe('token-1 (offline)');
  await vi.advanceTimersByTimeAsync(999);
  expect(told(await agent.getToken())).toBe('token-1 (offline)');
  expect(agent.status).toMatchObject({ session: { kind: 'signed-in' }, health: { kind: 'offline' } });
  await vi.advanceTimersByTimeAsync(1);
  expect(told(await agent.getToken())).toBe('refused: transient offline');

  await vi.advanceTimersByTimeAsync(4 * HOUR_MS - 10 * MINUTE_MS);
  const gaps = gapsOf(times);
  expect(gaps.slice(0, 5)).toEqual([65, 130, 260, 300, 300]);
  expect(new Set(gaps.slice(3))).toEqual(new Set([300]));
  expect(gaps.length).toBeGreaterThan(45);
  const { health } = agent.status;
  expect(health).toMatchObject({ kind: 'offline', since: START + 50 * MINUTE_MS });
  expect(harness.statuses.every(({ session }) => session.kind === 'signed-in')).toBe(true);

  isAway = false;
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect(agent.status).toMatchObject({ activity: { kind: 'idle' }, health: { kind: 'ok' } });
  expect(told(await agent.getToken())).toBe('token-2');
  expect(gapsOf(times).at(-1)).toBe(300);
});

test.each<[string, Partial<HttpResponse>, number]>([
  ['in seconds', { status: 429, headers: { 'retry-after': '600' } }, 600],
  ['as a date', { status: 429, headers: { 'retry-after': new Date(START + HOUR_MS).toUTCString() } }, 600],
  ['longer than an hour', { status: 429, headers: { 'retry-after': '86400' } }, 3600],
  ['shorter than our own wait', { status: 503, headers: { 'retry-after': '1' } }, 65],
])('Retry-After %s is obeyed, also by the schedule and by callers', async (_name, response, seconds) => {
  harness = await signedIn({ profile: { schedule: { cron: '*/5 * * * *', timeZone: 'UTC' } } });
  const { agent, authority } = harness;
  await vi.advanceTimersByTimeAsync(50 * MINUTE_MS - 1000);
  const log = memoryLog();
  const busy = new TokenNetwork({ send: sendThat(response), now: () => Date.now(), log });
  authority.onRenew = async (_request, network) => {
    // The authority's answer passes through the network client that the conversation reads afterwards.
    const { status, headers } = await busy.sendPostRequestAsync('https://login.example.test/token');
    expect(status).toBe(response.status);
    Object.assign(network, { takeObservation: () => busy.takeObservation() });
    throw Object.assign(new Error('busy'), { errorCode: 'http_error', errorMessage: '', headers });
  };
  const times = noteTimes(harness);
  while (times.length === 0) await vi.advanceTimersByTimeAsync(1000);
  const [first] = times as [number];
  expect(first).toBeGreaterThanOrEqual(50 * 60 - 1);
  const left = (first + seconds) * 1000 + START - Date.now();
  await vi.advanceTimersByTimeAsync(left - 2000);
  const { problem } = (await agent.getToken({ minLifetimeMs: 59 * MINUTE_MS })) as { problem: object };
  expect(problem).toMatchObject({ kind: 'transient', retryAfterMs: expect.closeTo(2000, -3) as number });
  expect(times).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3000);
  expect(gapsOf(times)).toEqual([seconds]);
});
