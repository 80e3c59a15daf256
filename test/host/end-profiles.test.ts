import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import { endProfiles } from '../../src/host/end-profiles.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function profilesThat(...settling: (() => Promise<void>)[]): {
  list: Agent[];
  stop(): void;
  isStopped: boolean;
} {
  const profiles = {
    // The class has private fields, so only the compiler's word can make one of a fake.
    list: settling.map((settle) => ({ settle }) as unknown as Agent),
    isStopped: false,
    stop: () => void (profiles.isStopped = true),
  };
  return profiles;
}

const never = (): Promise<void> => new Promise(() => undefined);

test('a refresh that is nearly done is stored before the sessions end, also beside one that fails', async () => {
  let finish: () => void = () => undefined;
  const refresh = new Promise<void>((resolve) => (finish = resolve));
  const profiles = profilesThat(
    () => Promise.reject(new Error('no')),
    () => refresh,
  );
  const ended = endProfiles(profiles);
  await vi.advanceTimersByTimeAsync(900);
  expect(profiles.isStopped).toBe(false);
  finish();
  await ended;
  expect(profiles.isStopped).toBe(true);
});

test('one that hangs holds the end up for as long as a request may take, and that is said after a second', async () => {
  const profiles = profilesThat(never);
  const onWait = vi.fn();
  const ended = endProfiles(profiles, onWait);
  await vi.advanceTimersByTimeAsync(999);
  expect(onWait).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(onWait).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(profiles.isStopped).toBe(false);
  await vi.advanceTimersByTimeAsync(5_000);
  await ended;
  expect(vi.getTimerCount()).toBe(0);
  expect(profiles.isStopped).toBe(true);
});
