import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';

/** The part of a window that is used here; loading never fails. */
class FakeWindow extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), {
    send: vi.fn(),
    setWindowOpenHandler: vi.fn(),
    setZoomLevel: vi.fn(),
    getZoomLevel: () => 0,
  });
  state: 'hidden' | 'shown' | 'destroyed' = 'hidden';
  raised = 0;

  constructor() {
    super();
    windows.push(this);
  }
  loadURL(): Promise<void> {
    return Promise.resolve();
  }
  isDestroyed(): boolean {
    return this.state === 'destroyed';
  }
  isMinimized(): boolean {
    return false;
  }
  show(): void {
    this.state = 'shown';
  }
  focus(): void {
    this.raised += 1;
  }
  destroy(): void {
    this.state = 'destroyed';
    this.emit('closed');
  }
}

let windows: FakeWindow[] = [];

vi.mock('electron', () => ({
  BrowserWindow: FakeWindow,
  Menu: {},
  session: { fromPartition: () => ({ protocol: { handle: () => undefined } }) },
}));
const { OwnWindows } = await import('../../../src/tray/windows/own-windows.ts');

const page = { file: 'any.html', title: 'Any', widthPx: 1, heightPx: 1 };
beforeEach(() => (windows = []));

const open = async (): Promise<InstanceType<typeof OwnWindows>> => {
  const own = new OwnWindows({ 'any.html': () => '<!doctype html>' });
  await own.show(page);
  return own;
};

test('a healthy window is brought to the front, and its page kept', async () => {
  const own = await open();
  await own.show(page);
  expect(windows).toHaveLength(1);
  expect(windows[0]?.raised).toBe(2);
});

describe.each([
  ['crashed', (window: FakeWindow) => window.webContents.emit('render-process-gone')],
  ['hangs', (window: FakeWindow) => window.emit('unresponsive')],
])('a window whose page %s', (_what, happen) => {
  test('is replaced by a new one when it is opened again', async () => {
    const own = await open();
    happen(windows[0]!);
    await own.show(page);
    expect(windows.map(({ state }) => state)).toEqual(['destroyed', 'shown']);
    // Closing the first did not affect the second.
    expect(own.pageOf(windows[1]!.webContents as never)).toBe(page);
    expect(own.areClosed).toBe(false);
    await own.show(page);
    expect(windows).toHaveLength(2);
  });
});

test('a page that hung for a while is kept', async () => {
  const own = await open();
  windows[0]!.emit('unresponsive');
  windows[0]!.emit('responsive');
  await own.show(page);
  expect(windows.map(({ state }) => state)).toEqual(['shown']);
});

test('a crashed page is sent no messages', async () => {
  const own = await open();
  own.tellAll('profiles.changed', []);
  expect(windows[0]?.webContents.send).toHaveBeenCalledTimes(1);
  windows[0]!.webContents.emit('render-process-gone');
  own.tellAll('profiles.changed', []);
  expect(windows[0]?.webContents.send).toHaveBeenCalledTimes(1);
});

test('a closed window is opened again', async () => {
  const own = await open();
  windows[0]!.destroy();
  expect(own.areClosed).toBe(true);
  await own.show(page);
  expect(windows.map(({ state }) => state)).toEqual(['destroyed', 'shown']);
});

test('listeners are called when a window closes, even if another one replaces it', async () => {
  const own = await open();
  const closed: string[] = [];
  own.whenClosed(({ file }) => closed.push(file));
  expect(own.isOpen(page)).toBe(true);
  windows[0]!.emit('unresponsive');
  await own.show(page);
  expect([closed, own.isOpen(page)]).toEqual([['any.html'], true]);
  windows[1]!.destroy();
  expect([closed, own.isOpen(page)]).toEqual([['any.html', 'any.html'], false]);
});
