import type { PowerMonitor } from 'electron';
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { watchPower } from '../../../src/tray/lifecycle/power.ts';

let monitor: EventEmitter;
let seen: string[];
let disconnected: () => void;
beforeEach(() => {
  monitor = new EventEmitter();
  seen = [];
  watchPower(monitor as PowerMonitor, {
    slept: () => seen.push('slept'),
    disconnect: () => {
      seen.push('disconnect');
      return new Promise((resolve) => (disconnected = resolve));
    },
    woke: () => seen.push('woke'),
    shutDown: () => seen.push('shut down'),
  });
});

test.each([
  ['suspend', ['slept']],
  // The quiet time starts before the check that may find something to notify.
  ['resume', ['slept', 'disconnect']],
  ['unlock-screen', ['woke']],
  ['lock-screen', []],
] as const)('%s', (event, wanted) => {
  monitor.emit(event);
  expect(seen).toEqual(wanted);
});

test('after a sleep nothing is checked before the dead connections are closed', async () => {
  monitor.emit('resume');
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['slept', 'disconnect']);
  disconnected();
  await expect.poll(() => seen).toEqual(['slept', 'disconnect', 'woke']);
});

test('a shutdown is delayed until the application has quit', () => {
  let held = false;
  monitor.emit('shutdown', { preventDefault: () => (held = true) });
  expect([held, seen]).toEqual([true, ['shut down']]);
  monitor.emit('shutdown');
  expect(seen).toEqual(['shut down', 'shut down']);
});
