import type { PowerMonitor } from 'electron';
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { watchPower } from '../../src/tray/power.ts';

let monitor: EventEmitter;
let seen: string[];
beforeEach(() => {
  monitor = new EventEmitter();
  seen = [];
  watchPower(monitor as PowerMonitor, {
    slept: () => seen.push('slept'),
    woke: () => seen.push('woke'),
    shutDown: () => seen.push('shut down'),
  });
});

test.each([
  ['suspend', ['slept']],
  // Quiet begins before the look that may find something to tell.
  ['resume', ['slept', 'woke']],
  ['unlock-screen', ['woke']],
  ['lock-screen', []],
] as const)('%s', (event, wanted) => {
  monitor.emit(event);
  expect(seen).toEqual(wanted);
});

test('a shutdown is held back until the application has ended', () => {
  let held = false;
  monitor.emit('shutdown', { preventDefault: () => (held = true) });
  expect([held, seen]).toEqual([true, ['shut down']]);
  monitor.emit('shutdown');
  expect(seen).toEqual(['shut down', 'shut down']);
});
