import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';

type PopUpAnswer = { action: 'allow' | 'deny' };

/** A window as far as a visit uses one; nothing is ever loaded. */
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
    // Unlike Electron's it outlives its signal: an answer may be on its way when the attempt ends.
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
/** As an attempt is that is being stored: it takes no end from outside any more. */
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
    receive: () => outcome,
    abandon: (reason) => abandon(reason),
  };
  visit = new SignInVisit(session, attempt);
  contents = (visit.window as unknown as FakeWindow).webContents;
});

/** The passkey page is there, and its question answered with the browser. */
async function chooseBrowser(): Promise<void> {
  contents.emit('did-navigate', {}, 'https://login.example.test/common/fido/get');
  await until(() => expect(boxes).toHaveLength(1));
  boxes[0]?.press('Sign in with the browser');
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the browser, chosen on a passkey page', () => {
  test('ends the visit in favour of the browser', async () => {
    const ended = visit.run();
    await chooseBrowser();
    expect(await ended).toEqual({ kind: 'to-browser' });
  });

  test('too late, while the session was being stored: the sign-in that succeeded counts', async () => {
    const ended = visit.run();
    abandon = () => undefined;
    await chooseBrowser();
    end(signedIn);
    expect(await ended).toEqual({ kind: 'ended', outcome: signedIn, told: 'untold' });
  });
});

test('a page may open a window while the attempt lasts, and none after its end', async () => {
  const ended = visit.run();
  const asked = { url: 'https://login.example.test/help' };
  expect(contents.popUp(asked)).toMatchObject({ action: 'allow' });
  end(signedIn);
  await ended;
  expect(contents.popUp(asked)).toEqual({ action: 'deny' });
  attempt.abandon(problem('interaction', 'sign-in.window-closed'));
});

test('a page that asks whether one really wants to leave keeps nobody', () => {
  void visit.run();
  const preventDefault = vi.fn();
  contents.emit('will-prevent-unload', { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
  end(signedIn);
});

test('its window stays, hidden, for what is asked about its end, and goes when it is closed', async () => {
  const window = visit.window as unknown as FakeWindow;
  const ended = visit.run();
  end(signedIn);
  await ended;
  expect(window.state).toBe('hidden');
  visit.close();
  // Never at once: the handler of a page may be what closes it.
  expect(window.state).toBe('hidden');
  await until(() => expect(window.state).toBe('destroyed'));
});
