import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pauseWaiting, startWaiting, type Waiting } from '../../../src/terminal/output/progress.ts';

let shown: string[];
let waiting: Waiting;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  waiting = startWaiting('cli.waiting.storage', { write: (text) => shown.push(text) });
});
afterEach(() => {
  waiting.end();
  vi.useRealTimers();
});

test('a line about waiting appears after a second, and is cleared at the end', () => {
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual(['Waiting for the storage…']);
  waiting.end();
  expect(shown).toHaveLength(2);
  vi.advanceTimersByTime(5_000);
  expect(shown).toHaveLength(2);
});

test('a question to the user is not overwritten, also not by a later wait', () => {
  vi.advanceTimersByTime(1_000);
  const resume = pauseWaiting();
  expect(shown).toHaveLength(2);
  waiting.clear();
  const second = startWaiting('cli.waiting.owner', { write: (text) => shown.push(text) });
  vi.advanceTimersByTime(60_000);
  expect(shown).toHaveLength(2);
  second.end();
  resume();
  vi.advanceTimersByTime(1_000);
  expect(shown.at(-1)).toBe('Waiting for the storage…');
});
