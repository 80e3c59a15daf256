import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TokenClipboard, type ClipboardPort } from '../../../src/tray/menu/clipboard.ts';

vi.mock('electron', () => ({ clipboard: {} }));

const TOKEN = 'eyJ.first.token';
const OTHER_TOKEN = 'eyJ.second.token';
const CLEAR_AFTER_SECONDS = 60;

/** A clipboard that other programs also write to, and that can refuse. */
class FakeClipboard implements ClipboardPort {
  text = '';
  readonly refuses = new Set<'readText' | 'writeText'>();

  readText(): Promise<string> {
    return this.refuses.has('readText') ? Promise.reject(new Error('busy')) : Promise.resolve(this.text);
  }

  writeText(text: string): Promise<void> {
    if (this.refuses.has('writeText')) return Promise.reject(new Error('busy'));
    this.text = text;
    return Promise.resolve();
  }

  clear(): void {
    this.text = '';
  }
}

let port: FakeClipboard;
let clipboard: TokenClipboard;

const open = (seconds: number): TokenClipboard =>
  new TokenClipboard({ port, clearAfterSeconds: () => seconds, onTrouble: () => undefined });
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

beforeEach(() => {
  vi.useFakeTimers();
  port = new FakeClipboard();
  clipboard = open(CLEAR_AFTER_SECONDS);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a copied token', () => {
  test('can be pasted only until the configured seconds have passed', async () => {
    await clipboard.copy(TOKEN);
    await pass(CLEAR_AFTER_SECONDS - 1);
    expect(port.text).toBe(TOKEN);
    await pass(1);
    expect(port.text).toBe('');
  });

  test('is cleared only if the clipboard still holds it', async () => {
    await clipboard.copy(TOKEN);
    port.text = 'a shopping list';
    await pass(CLEAR_AFTER_SECONDS * 2);
    expect(port.text).toBe('a shopping list');
    await clipboard.clear();
    expect(port.text).toBe('a shopping list');
  });

  test('is not cleared inside a longer text, which was copied elsewhere', async () => {
    await clipboard.copy(TOKEN);
    port.text = `Authorization: Bearer ${TOKEN}`;
    await pass(CLEAR_AFTER_SECONDS);
    expect(port.text).toBe(`Authorization: Bearer ${TOKEN}`);
  });

  test.each([`Authorization: Bearer ${TOKEN}`, `{"accessToken":"${TOKEN}"}`])(
    'is cleared in the form in which it was copied: %s',
    async (form) => {
      await clipboard.copy(form);
      await pass(CLEAR_AFTER_SECONDS);
      expect(port.text).toBe('');
    },
  );

  test('stays if the setting is 0 seconds', async () => {
    clipboard = open(0);
    await clipboard.copy(TOKEN);
    await pass(7 * 24 * 3600);
    expect(port.text).toBe(TOKEN);
  });

  test('is cleared at sign-out and exit, even if the setting is 0 seconds', async () => {
    clipboard = open(0);
    await clipboard.copy(TOKEN);
    await clipboard.clear();
    expect(port.text).toBe('');
  });

  test('gets its full time again when it is copied again', async () => {
    await clipboard.copy(TOKEN);
    await pass(40);
    await clipboard.copy(OTHER_TOKEN);
    await pass(CLEAR_AFTER_SECONDS - 1);
    expect(port.text).toBe(OTHER_TOKEN);
    await pass(1);
    expect(port.text).toBe('');
  });

  test('is forgotten once it was cleared: the same text copied by hand stays', async () => {
    await clipboard.copy(TOKEN);
    await clipboard.clear();
    expect(vi.getTimerCount()).toBe(0);
    port.text = TOKEN;
    await clipboard.clear();
    expect(port.text).toBe(TOKEN);
  });
});

describe('a clipboard that refuses', () => {
  test('to be written rejects the copy, and keeps its contents', async () => {
    port.text = 'a shopping list';
    port.refuses.add('writeText');
    await expect(clipboard.copy(TOKEN)).rejects.toThrow('busy');
    await pass(CLEAR_AFTER_SECONDS);
    await clipboard.clear();
    expect(port.text).toBe('a shopping list');
  });

  test('to be read when the time is up is tried again at exit', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    await clipboard.copy(TOKEN);
    port.refuses.add('readText');
    await pass(CLEAR_AFTER_SECONDS);
    // Node reports unhandled rejections after the microtasks of the turn.
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);

    port.refuses.delete('readText');
    await clipboard.clear();
    expect(port.text).toBe('');
  });
});
