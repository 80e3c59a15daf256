import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LIMITS } from '../../../src/agent/network/network.ts';

const seen = vi.hoisted(() => ({
  ways: [] as string[],
  closed: 0,
  /** What Chromium's network process does when told to close its connections. */
  ending: (): Promise<void> => Promise.resolve(),
}));
vi.mock('../../../src/tray/network/electron-send.ts', () => ({
  networkSession: () => ({
    closeAllConnections: () => {
      seen.closed += 1;
      return seen.ending();
    },
  }),
  electronSend: () => () => {
    seen.ways.push('Electron');
    return Promise.resolve({ status: 200, headers: {}, body: '' });
  },
}));
vi.mock('../../../src/agent/network/system-send.ts', () => ({
  systemSend: (options: { extraCaFile: string | undefined; env: Record<string, string> }) => () => {
    seen.ways.push(`Node with ${String(options.extraCaFile)} and ${String(options.env['NO_PROXY'])}`);
    return Promise.resolve({ status: 200, headers: {}, body: '' });
  },
}));
const { openNetwork } = await import('../../../src/tray/network/network.ts');

const request = { method: 'GET', url: 'https://idp.example/', headers: {}, body: undefined } as const;
const env = { NO_PROXY: 'idp.example' };
let lines: unknown[];
const log = {
  info: (...line: unknown[]) => void lines.push(line),
  warn: (message: string) => void lines.push(message),
};
const open = (network: 'system' | 'node') => openNetwork({ network, extraCaFile: '/ca.pem' }, env, log);

beforeEach(() => {
  lines = [];
  seen.ways = [];
  seen.closed = 0;
  seen.ending = () => Promise.resolve();
});
afterEach(() => void vi.useRealTimers());

test('requests use the network of the settings, which is logged', async () => {
  await open('system').send(request, LIMITS);
  await open('node').send(request, LIMITS);
  expect(seen.ways).toEqual(['Electron', 'Node with /ca.pem and idp.example']);
  expect(lines).toMatchObject([
    ['the network for token requests', { network: 'system', unused: ['extraCaFile'] }],
    ['the network for token requests', { network: 'node' }],
  ]);
});

test('connections opened before a sleep are closed, if there can be any', async () => {
  await open('node').disconnect();
  expect(seen.closed).toBe(0);
  await open('system').disconnect();
  expect(seen.closed).toBe(1);
});

test('closing in time leaves no timer behind', async () => {
  vi.useFakeTimers();
  await open('system').disconnect();
  expect(vi.getTimerCount()).toBe(0);
});

test('a network process that fails or never answers does not delay the refresh', async () => {
  seen.ending = () => Promise.reject(new Error('gone'));
  await open('system').disconnect();
  expect(lines).toContain('connections from before the sleep did not end');

  vi.useFakeTimers();
  seen.ending = () => new Promise(() => undefined);
  let over = false;
  void open('system')
    .disconnect()
    .then(() => (over = true));
  await vi.advanceTimersByTimeAsync(900);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(over).toBe(true);
});
