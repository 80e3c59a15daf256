import { beforeEach, expect, test, vi } from 'vitest';

const shown = vi.hoisted((): { message: string; detail: string }[] => []);
vi.mock('electron', () => ({
  app: { quit: () => undefined },
  clipboard: {},
  dialog: {
    showMessageBox: (options: { message: string; detail: string }) => {
      shown.push(options);
      return Promise.resolve({ response: 0 });
    },
  },
}));

const { Application } = await import('../../src/tray/application.ts');
type Parts = ConstructorParameters<typeof Application>[0];

import { VaultError } from '../../src/vault/vault.ts';
import { makeAgent, memoryLog, signedIn } from '../agent/fixture.ts';

let logged: unknown[];
let opened: number;

function partsOf(more: { clear?: () => Promise<void>; importProfile?: () => Promise<void> }): Parts {
  const signInWindow = {
    focus: () => false,
    run: () => {
      opened += 1;
      return Promise.resolve({
        kind: 'failed',
        problem: { kind: 'interaction', code: 'sign-in.window-closed', params: {} },
      });
    },
  };
  // Only what the application asks of its parts; the real ones have a test of their own on the stand-in.
  return {
    clipboard: { copy: () => Promise.resolve(), clear: () => Promise.resolve() },
    notifier: { show: () => undefined },
    signInSession: { clear: more.clear ?? (() => Promise.resolve()) },
    signInWindow,
    now: Date.now,
    log: memoryLog(logged),
    importProfile: more.importProfile ?? (() => Promise.resolve()),
  } as unknown as Parts;
}

beforeEach(() => {
  shown.length = 0;
  logged = [];
  opened = 0;
});

test('a clearing that fails at sign-out is told, and does not lock the next sign-in', async () => {
  const { agent } = await signedIn();
  const application = new Application(partsOf({ clear: () => Promise.reject(new Error('no')) }));
  application.use(agent);
  await application.act('sign-out');
  expect(shown.map(({ message }) => message)).toEqual(['Signed out, but not everything was cleared']);
  await application.act('sign-in');
  expect(opened).toBe(1);
  agent.stop();
});

test('whatever an action throws is told in words, and its message is not repeated', async () => {
  const { agent } = makeAgent();
  const failures = [new VaultError('the keyring is locked'), new Error('a message with a secret in it')];
  for (const failure of failures) {
    const application = new Application(partsOf({ importProfile: () => Promise.reject(failure) }));
    application.use(agent);
    await application.act('import');
  }
  expect(shown.map(({ message }) => message)).toEqual(['That did not work', 'That did not work']);
  expect(shown[0]?.detail).toContain('the keyring is locked');
  expect(shown[1]?.detail).not.toContain('secret in it');
});

test('the view follows the clock: a token that expires while nobody looks is not called good', async () => {
  vi.useFakeTimers();
  try {
    const { agent } = await signedIn();
    const views: string[] = [];
    const application = new Application(partsOf({}));
    application.use(agent);
    application.showIn({ show: ({ tooltip }: { tooltip: string }) => void views.push(tooltip) } as never);
    expect(views.at(-1)).toContain('Token good until');
    vi.setSystemTime(Date.now() + 26 * 3600_000);
    await agent.due();
    expect(views.join()).toContain('Token expired at');
    agent.stop();
  } finally {
    vi.useRealTimers();
  }
});
