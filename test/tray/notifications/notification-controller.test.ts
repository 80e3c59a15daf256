import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  NotificationController,
  QUIET_AFTER_RESUME_MS,
  type NotificationControllerParts,
  type NotificationPort,
} from '../../../src/tray/notifications/notification-controller.ts';
import type { Need } from '../../../src/tray/notifications/notifications.ts';

interface OnScreen {
  readonly title: string;
  closed: boolean;
  readonly click: () => void;
  readonly fail: () => void;
}

let screen: OnScreen[];
let asked: string[];
let mended: string[];
let answer: 'yes' | 'no';
let troubles: unknown[];

const desktop: NotificationPort = {
  show: ({ title }, { onClick, onFailed }) => {
    const shown: OnScreen = { title, closed: false, click: onClick, fail: onFailed };
    screen.push(shown);
    return { close: () => void (shown.closed = true) };
  },
};
const barren: NotificationPort = { show: () => 'unsupported' };

const controllerOn = (
  port: NotificationPort,
  more: Partial<NotificationControllerParts> = {},
): NotificationController =>
  new NotificationController({
    port,
    ask: ({ title }) => {
      asked.push(title);
      return Promise.resolve(answer);
    },
    fix: (id, kind) => mended.push(`${id}: ${kind}`),
    onTrouble: (error) => troubles.push(error),
    ...more,
  });

const signIn: Need = { kind: 'sign-in', title: 'Sign-in needed', body: 'revoked', fix: 'Sign in…' };
const secret: Need = { kind: 'configuration', title: 'Wrong secret', body: 'expired', fix: 'Show status' };
const titles = (): string[] => screen.map(({ title, closed }) => (closed ? `(${title})` : title));
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  [screen, asked, mended, troubles, answer] = [[], [], [], [], 'no'];
});
afterEach(() => {
  vi.useRealTimers();
  expect(troubles).toEqual([]);
});

describe('a need', () => {
  test('is told once while it lasts, whatever else changes', () => {
    const controller = controllerOn(desktop);
    for (const need of [signIn, { ...signIn, body: 'another reason' }, 'unclear', signIn] as const)
      controller.update('work', need);
    expect(titles()).toEqual(['Sign-in needed']);
  });

  test('is taken back when it is mended, and told again when it comes back', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('work', 'none');
    expect(titles()).toEqual(['(Sign-in needed)']);
    controller.update('work', signIn);
    expect(titles()).toEqual(['(Sign-in needed)', 'Sign-in needed']);
  });

  test('that nothing is known of for a while is not told again', () => {
    const controller = controllerOn(desktop);
    controller.update('work', secret);
    controller.update('work', 'unclear');
    controller.update('work', secret);
    expect(titles()).toEqual(['Wrong secret']);
  });

  test('of another kind takes the place of the one before', () => {
    const controller = controllerOn(desktop);
    controller.update('work', secret);
    controller.update('work', signIn);
    expect(titles()).toEqual(['(Wrong secret)', 'Sign-in needed']);
  });

  test('of another profile stands beside it', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('home', signIn);
    controller.update('home', 'none');
    expect(titles()).toEqual(['Sign-in needed', '(Sign-in needed)']);
  });

  test('is mended by a click', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('home', secret);
    for (const { click } of screen) click();
    expect(mended).toEqual(['work: sign-in', 'home: configuration']);
  });

  test('of a profile that is not registered any more is taken back', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('home', signIn);
    controller.keepOnly(['home']);
    expect(titles()).toEqual(['(Sign-in needed)', 'Sign-in needed']);
    controller.close();
    expect(titles()).toEqual(['(Sign-in needed)', '(Sign-in needed)']);
  });
});

describe('after a resume', () => {
  test('two minutes are quiet, and what is still true then is told', () => {
    const controller = controllerOn(desktop);
    controller.keepQuiet();
    controller.update('work', signIn);
    controller.update('home', signIn);
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS - 1);
    expect(titles()).toEqual([]);
    controller.update('home', 'none');
    vi.advanceTimersByTime(1);
    expect(titles()).toEqual(['Sign-in needed']);
  });

  test('a second one begins them anew', () => {
    const controller = controllerOn(desktop);
    controller.keepQuiet();
    controller.update('work', signIn);
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS - 1);
    controller.keepQuiet();
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS - 1);
    expect(titles()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(titles()).toEqual(['Sign-in needed']);
  });

  test('what was told before stays told, and is taken back at once when it is mended', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.keepQuiet();
    controller.update('work', signIn);
    controller.update('work', 'none');
    expect(titles()).toEqual(['(Sign-in needed)']);
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS);
    expect(titles()).toEqual(['(Sign-in needed)']);
  });

  test('a replacement waits too, and the old one stays until then', () => {
    const controller = controllerOn(desktop);
    controller.update('work', secret);
    controller.keepQuiet();
    controller.update('work', signIn);
    expect(titles()).toEqual(['Wrong secret']);
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS);
    expect(titles()).toEqual(['(Wrong secret)', 'Sign-in needed']);
  });
});

describe('where there are no notifications', () => {
  test('a dialog asks once, and mends it on request', async () => {
    answer = 'yes';
    const controller = controllerOn(barren);
    for (const need of [signIn, 'unclear', signIn] as const) controller.update('work', need);
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
    expect(mended).toEqual(['work: sign-in']);
  });

  test('whoever says later is left alone while the need lasts', async () => {
    const controller = controllerOn(barren);
    controller.update('work', signIn);
    await settled();
    controller.update('work', signIn);
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
    expect(mended).toEqual([]);
  });

  test('one that fails on the desktop is asked in a dialog', async () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    expect(asked).toEqual([]);
    screen[0]!.fail();
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
  });

  test('dialogs come one after the other, and none for what was mended meanwhile', async () => {
    const open: (() => void)[] = [];
    const controller = controllerOn(barren, {
      ask: ({ title }) => {
        asked.push(title);
        return new Promise((resolve) => open.push(() => resolve('no')));
      },
    });
    controller.update('work', signIn);
    controller.update('home', secret);
    controller.update('lab', secret);
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
    controller.update('home', 'none');
    open[0]!();
    await settled();
    expect(asked).toEqual(['Sign-in needed', 'Wrong secret']);
    open[1]!();
    await settled();
    expect(asked).toHaveLength(2);
  });

  test('a dialog that cannot be opened is logged, and does not hold up the next', async () => {
    const failed = new Error('no display');
    const controller = controllerOn(barren, { ask: () => Promise.reject(failed) });
    controller.update('work', signIn);
    controller.update('home', signIn);
    await settled();
    expect(troubles.splice(0)).toEqual([failed, failed]);
  });
});
