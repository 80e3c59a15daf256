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
  test('is notified once while it lasts, whatever else changes', () => {
    const controller = controllerOn(desktop);
    for (const need of [signIn, { ...signIn, body: 'another reason' }, 'unclear', signIn] as const)
      controller.update('work', need);
    expect(titles()).toEqual(['Sign-in needed']);
  });

  test('is withdrawn when it is fixed, and notified again when it returns', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('work', 'none');
    expect(titles()).toEqual(['(Sign-in needed)']);
    controller.update('work', signIn);
    expect(titles()).toEqual(['(Sign-in needed)', 'Sign-in needed']);
  });

  test('that is unclear for a while is not notified again', () => {
    const controller = controllerOn(desktop);
    controller.update('work', secret);
    controller.update('work', 'unclear');
    controller.update('work', secret);
    expect(titles()).toEqual(['Wrong secret']);
  });

  test('of another kind replaces the previous one', () => {
    const controller = controllerOn(desktop);
    controller.update('work', secret);
    controller.update('work', signIn);
    expect(titles()).toEqual(['(Wrong secret)', 'Sign-in needed']);
  });

  test('of another profile is notified in addition', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('home', signIn);
    controller.update('home', 'none');
    expect(titles()).toEqual(['Sign-in needed', '(Sign-in needed)']);
  });

  test('is fixed by a click', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.update('home', secret);
    for (const { click } of screen) click();
    expect(mended).toEqual(['work: sign-in', 'home: configuration']);
  });

  test('of a removed profile is withdrawn', () => {
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
  test('two minutes are quiet, and needs that still exist then are notified', () => {
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

  test('a second one restarts them', () => {
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

  test('an earlier notification stays, and is withdrawn at once when its need is fixed', () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    controller.keepQuiet();
    controller.update('work', signIn);
    controller.update('work', 'none');
    expect(titles()).toEqual(['(Sign-in needed)']);
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS);
    expect(titles()).toEqual(['(Sign-in needed)']);
  });

  test('a replacement also waits, and the previous one stays until then', () => {
    const controller = controllerOn(desktop);
    controller.update('work', secret);
    controller.keepQuiet();
    controller.update('work', signIn);
    expect(titles()).toEqual(['Wrong secret']);
    vi.advanceTimersByTime(QUIET_AFTER_RESUME_MS);
    expect(titles()).toEqual(['(Wrong secret)', 'Sign-in needed']);
  });
});

describe('without notifications', () => {
  test('a dialog asks once, and fixes the need on request', async () => {
    answer = 'yes';
    const controller = controllerOn(barren);
    for (const need of [signIn, 'unclear', signIn] as const) controller.update('work', need);
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
    expect(mended).toEqual(['work: sign-in']);
  });

  test('a user who declines is not asked again while the need lasts', async () => {
    const controller = controllerOn(barren);
    controller.update('work', signIn);
    await settled();
    controller.update('work', signIn);
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
    expect(mended).toEqual([]);
  });

  test('a notification that fails is replaced by a dialog', async () => {
    const controller = controllerOn(desktop);
    controller.update('work', signIn);
    expect(asked).toEqual([]);
    screen[0]!.fail();
    await settled();
    expect(asked).toEqual(['Sign-in needed']);
  });

  test('dialogs open one after the other, and none for a need fixed in the meantime', async () => {
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

  test('a dialog that cannot be opened is logged, and does not block the next', async () => {
    const failed = new Error('no display');
    const controller = controllerOn(barren, { ask: () => Promise.reject(failed) });
    controller.update('work', signIn);
    controller.update('home', signIn);
    await settled();
    expect(troubles.splice(0)).toEqual([failed, failed]);
  });
});
