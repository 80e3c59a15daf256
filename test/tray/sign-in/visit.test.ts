import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';

type PopUpAnswer = { action: 'allow' | 'deny' };

/** The part of a window that a visit uses; nothing is loaded. */
class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  state: 'visible' | 'hidden' | 'destroyed' = 'visible';
  loadURL = (): Promise<void> => Promise.resolve();
  setTitle = (): void => undefined;
  isDestroyed = (): boolean => this.state === 'destroyed';
  isVisible = (): boolean => this.state === 'visible';
  isMinimized = (): boolean => false;
  hide = (): void => void (this.state = 'hidden');
  show = (): void => void (this.state = 'visible');
  focus = (): void => undefined;
  destroy = (): void => void (this.state = 'destroyed');
}

class FakeContents extends EventEmitter {
  popUp: (details: { url: string }) => PopUpAnswer = () => ({ action: 'deny' });
  setWindowOpenHandler = (handler: typeof this.popUp): void => void (this.popUp = handler);
}

const boxes = vi.hoisted((): { message: string; buttons: string[]; press: (label: string) => void }[] => []);
vi.mock('electron', () => ({
  BrowserWindow: Object.assign(
    function () {
      return new FakeWindow();
    },
    { getAllWindows: () => [] },
  ),
  dialog: {
    // Unlike Electron's, it ignores the signal: an answer may arrive when the attempt has ended.
    showMessageBox: (...args: unknown[]) =>
      new Promise((resolve) => {
        const options = args.at(-1) as { message: string; buttons: string[] };
        boxes.push({ ...options, press: (label) => resolve({ response: options.buttons.indexOf(label) }) });
      }),
  },
}));

const { SignInVisit } = await import('../../../src/tray/sign-in/visit.ts');

import { problem } from '../../../src/words/problem.ts';
import type { SignInAttempt, SignInOutcome } from '../../../src/agent/sign-in/sign-in.ts';
import type { SignInSession } from '../../../src/tray/sign-in/session.ts';
import { ada } from '../../agent/fixtures/fake-authority.ts';
import { until } from '../../house/fixtures/until.ts';

const signedIn: SignInOutcome = { kind: 'signed-in', account: ada, expiresOn: 0 };
const session = { electronSession: {}, use: () => undefined } as unknown as SignInSession;

let end: (outcome: SignInOutcome) => void;
let attempt: SignInAttempt;
/** An attempt whose session is being stored, so that it can no longer be abandoned. */
let abandon: SignInAttempt['abandon'];
let visit: InstanceType<typeof SignInVisit>;
let contents: FakeContents;

beforeEach(() => {
  boxes.length = 0;
  abandon = (reason) => end({ kind: 'failed', problem: reason });
  const outcome = new Promise<SignInOutcome>((resolve) => (end = resolve));
  attempt = {
    authorizeUrl: 'https://login.example.test/authorize',
    redirectUri: 'http://localhost:5000/getAToken',
    outcome,
    hasState: () => true,
    receive: () => outcome,
    abandon: (reason) => abandon(reason),
  };
  visit = new SignInVisit(session, attempt);
  contents = (visit.window as unknown as FakeWindow).webContents;
});

/** Shows the passkey page, and answers its question with the browser. */
async function chooseBrowser(): Promise<void> {
  contents.emit('did-navigate', {}, 'https://login.example.test/common/fido/get');
  await until(() => expect(boxes).toHaveLength(1));
  boxes[0]?.press('Sign in with the browser');
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the browser, chosen on a passkey page', () => {
  test('ends the visit in favor of the browser', async () => {
    const ended = visit.run();
    await chooseBrowser();
    expect(await ended).toEqual({ kind: 'to-browser' });
  });

  test('too late, while the session was being stored, has no effect on the successful sign-in', async () => {
    const ended = visit.run();
    abandon = () => undefined;
    await chooseBrowser();
    end(signedIn);
    expect(await ended).toEqual({ kind: 'ended', outcome: signedIn, told: 'untold' });
  });
});

test('a page can open a window only during the attempt', async () => {
  const ended = visit.run();
  const asked = { url: 'https://login.example.test/help' };
  expect(contents.popUp(asked)).toMatchObject({ action: 'allow' });
  end(signedIn);
  await ended;
  expect(contents.popUp(asked)).toEqual({ action: 'deny' });
  attempt.abandon(problem('interaction', 'sign-in.window-closed'));
});

test('a page with a `beforeunload` handler cannot keep its window open', () => {
  void visit.run();
  const preventDefault = vi.fn();
  contents.emit('will-prevent-unload', { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
  end(signedIn);
});

test('its window stays, hidden, for questions about its end, until it is closed', async () => {
  const window = visit.window as unknown as FakeWindow;
  const ended = visit.run();
  end(signedIn);
  await ended;
  expect(window.state).toBe('hidden');
  visit.close();
  // Not at once: it may be closed by a handler of its own page.
  expect(window.state).toBe('hidden');
  await until(() => expect(window.state).toBe('destroyed'));
});
