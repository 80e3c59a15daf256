import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';

/** Simulates quitting: `quit` asks the listeners, and exits unless one prevents it. */
const electron = vi.hoisted(() => ({ app: undefined as unknown as EventEmitter & { quit(): void } }));
vi.mock('electron', () => ({
  get app() {
    return electron.app;
  },
}));

import { quitInOrder } from '../../../src/tray/lifecycle/leaving.ts';
import { until } from '../../house/fixtures/until.ts';

let ended: number;

beforeEach(() => {
  ended = 0;
  electron.app = Object.assign(new EventEmitter(), {
    quit: () => {
      const event = { defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) };
      electron.app.emit('before-quit', event);
      if (!event.defaultPrevented) ended += 1;
    },
  });
});

/** A clean-up, and a function that completes it. */
function something(): { putAway: () => Promise<void>; times: () => number; done: () => void } {
  let done: () => void = () => undefined;
  let times = 0;
  const promise = new Promise<void>((resolve) => (done = resolve));
  const putAway = (): Promise<void> => {
    times += 1;
    return promise;
  };
  return { putAway, times: () => times, done: () => done() };
}

test('a second quit during the clean-up neither shortens nor repeats it', async () => {
  const { putAway, times, done } = something();
  quitInOrder(putAway, () => undefined);
  electron.app.quit();
  electron.app.quit();
  electron.app.quit();
  expect(ended).toBe(0);
  done();
  await until(() => expect(ended).toBe(1));
  expect(times()).toBe(1);
  // If a window then cancels the quit, the next quit does not wait.
  electron.app.quit();
  expect(ended).toBe(2);
});

test('a failed clean-up is reported, and does not prevent quitting', async () => {
  const troubles: unknown[] = [];
  quitInOrder(
    () => Promise.reject(new Error('no')),
    (error) => troubles.push(error),
  );
  electron.app.quit();
  await until(() => expect(ended).toBe(1));
  expect(troubles).toEqual([new Error('no')]);
});
