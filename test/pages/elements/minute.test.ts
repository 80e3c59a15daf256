import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { everyMinute } from '../../../src/pages/elements/minute.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 30_000 });
  vi.stubGlobal('document', new EventTarget());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('runs at the start of each minute and when the page becomes visible, until it is stopped', async () => {
  const run = vi.fn();
  const end = everyMinute(run);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_001);
  expect(run).toHaveBeenCalledTimes(2);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(run).toHaveBeenCalledTimes(3);
  end();
  await vi.advanceTimersByTimeAsync(300_000);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(run).toHaveBeenCalledTimes(3);
  expect(vi.getTimerCount()).toBe(0);
});
