import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askPassphrase, type PassphraseTerminal } from '../../../src/terminal/configuration/passphrase.ts';
import { startWaiting } from '../../../src/terminal/output/progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the question stays on the terminal however long the answer takes', async () => {
  const keyboard = new EventEmitter();
  const input = Object.assign(keyboard, {
    isTTY: true,
    setRawMode: () => input,
    resume: () => input,
    pause: () => input,
  }) as unknown as PassphraseTerminal['input'];
  const shown: string[] = [];
  const write = (text: string): void => void shown.push(text);
  const waiting = startWaiting('cli.waiting.storage', { write });
  const asked = askPassphrase('existing', { input, write, env: {}, interrupt: () => undefined });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toEqual(['Passphrase of the encrypted file: ']);
  keyboard.emit('data', Buffer.from('open sesame\r'));
  expect((await asked).reveal()).toBe('open sesame');
  waiting.end();
});
