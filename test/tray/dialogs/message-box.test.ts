import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';

interface Shown {
  over: unknown;
  options: { message: string; signal?: AbortSignal };
}
const electron = vi.hoisted(() => ({ windows: [] as unknown[], shown: [] as Shown[] }));
vi.mock('electron', () => ({
  BrowserWindow: { getAllWindows: () => electron.windows },
  dialog: {
    showMessageBox: (...args: unknown[]) => {
      const options = args.at(-1) as Shown['options'];
      electron.shown.push({ over: args.length > 1 ? args[0] : undefined, options });
      return new Promise((resolve) =>
        options.signal?.addEventListener('abort', () => resolve({ response: 1, checkboxChecked: false })),
      );
    },
  },
}));

import type { BrowserWindow } from 'electron';
import { showBox } from '../../../src/tray/dialogs/message-box.ts';

type FakeWindow = BrowserWindow & { state: 'visible' | 'hidden' | 'minimized' | 'destroyed' };

function windowThatIs(state: FakeWindow['state']): FakeWindow {
  const window = Object.assign(new EventEmitter(), {
    state,
    isDestroyed: () => window.state === 'destroyed',
    isVisible: () => window.state === 'visible' || window.state === 'minimized',
    isMinimized: () => window.state === 'minimized',
    show: () => void (window.state = 'visible'),
  }) as unknown as FakeWindow;
  electron.windows.push(window);
  return window;
}

const box = { message: 'Well?', buttons: ['Yes', 'No'], cancelId: 1 };

beforeEach(() => {
  electron.windows.length = 0;
  electron.shown.length = 0;
});

test('appears over its window, which is shown for it', () => {
  windowThatIs('visible');
  const own = windowThatIs('hidden');
  void showBox(box, own);
  expect(electron.shown[0]?.over).toBe(own);
  expect(own.state).toBe('visible');
});

test('appears over any visible window if its own is gone', () => {
  windowThatIs('minimized');
  windowThatIs('hidden');
  const other = windowThatIs('visible');
  void showBox(box, windowThatIs('destroyed'));
  void showBox(box);
  expect(electron.shown.map(({ over }) => over)).toEqual([other, other]);
});

test('appears alone if no window is visible', () => {
  windowThatIs('hidden');
  void showBox(box);
  expect(electron.shown).toEqual([{ over: undefined, options: box }]);
});

test.each(['its window is closed', 'its signal aborts'])(
  'is cancelled when %s, and leaves no listener',
  async (how) => {
    const own = windowThatIs('visible');
    const signal = new AbortController();
    const answer = showBox({ ...box, signal: signal.signal }, own);
    if (how === 'its signal aborts') signal.abort();
    else own.emit('closed');
    expect(await answer).toEqual({ response: 1, checkboxChecked: false });
    expect(own.listenerCount('closed')).toBe(0);
  },
);
