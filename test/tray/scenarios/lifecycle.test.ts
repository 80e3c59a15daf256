import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runsOn, type TrayProcess } from '../../house/electron/harness.ts';
import { fillSignIn, linesOf, makeWorld, type World } from '../fixtures/world.ts';

const HOUR_MS = 3_600_000;

/** Time for what must not happen to happen; everything that is waited for has a limit of its own instead. */
const NOTHING_MS = 1_500;
const nothingHappens = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, NOTHING_MS));

let world: World;
/** Signed in, with the old application's settings; each test goes on from there with the real keyring. */
let home: string;

beforeAll(async () => {
  world = await makeWorld();
  const tray = await world.launch();
  home = tray.home;
  await world.importEnv(tray, 'Only before it expires');
  await world.signIn(tray, 'accept');
  await signedIn(tray);
  await tray.quit();
}, 120_000);
afterAll(() => world.close());
beforeEach(() => {
  world.tenant.faults.token = undefined;
  world.tenant.faults.refuseUsedRefreshTokens = false;
});

const lineStarts = (start: string) => (tray: TrayProcess) =>
  tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith(start) === true);
const signedIn = lineStarts('Signed in');
const signInNeeded = lineStarts('Sign-in needed');
const refreshes = (): number =>
  world.tenant.requests.filter(({ grantType }) => grantType === 'refresh_token').length;
const start = async (options: Parameters<World['launch']>[0] = {}): Promise<TrayProcess> => {
  const tray = await world.launch({ home, ...options });
  await signedIn(tray);
  return tray;
};
/** The session is ended at the tenant, and the tray finds out as it looks at the clock; nobody sleeps. */
async function revoke(tray: TrayProcess): Promise<void> {
  world.tenant.revoke();
  await tray.advanceClock(2 * HOUR_MS);
  await tray.emitPower('unlock-screen');
  await signInNeeded(tray);
}
/** MSAL's cache, which holds the refresh token, as the keyring has it. */
async function storedSession(): Promise<string> {
  const values = await world.keyring.secretValues();
  return values.find((value) => value.includes('RefreshToken')) ?? '';
}
/** Refreshes, and waits until the new refresh token is stored. */
async function refreshAndStore(tray: TrayProcess): Promise<void> {
  const before = await storedSession();
  expect(before).not.toBe('');
  await tray.clickMenu('refresh');
  await expect.poll(storedSession).not.toBe(before);
}
/** For the tests that come after. */
async function signInAgain(tray: TrayProcess): Promise<void> {
  const window = await tray.waitForWindow();
  await fillSignIn(window, world.tenant, 'remembered');
  await signedIn(tray);
  await tray.waitForWindows((windows) => windows.length === 0);
}

describe(`a launch (on the ${runsOn()})`, () => {
  test('opens no window and no dialog; closing a window does not quit', async () => {
    const tray = await start();
    expect(await tray.windows()).toEqual([]);
    expect(await tray.dialogs()).toEqual([]);
    await tray.clickMenu('sign-in');
    await (await tray.waitForWindow()).closeByUser();
    await tray.waitForWindows((windows) => windows.length === 0);
    await signedIn(tray);
    await tray.quit();
  });

  test('while one runs shows Status, or does what it was told', async () => {
    const tray = await start();
    expect(await tray.secondInstance(['--at-login'])).toMatchObject({ code: 0 });
    await nothingHappens();
    expect(await tray.dialogs()).toEqual([]);
    expect(await tray.secondInstance()).toMatchObject({ code: 0 });
    const status = await tray.waitForWindow(({ url, visible }) => visible && url.endsWith('/status.html'));
    expect(await tray.dialogs()).toEqual([]);
    await status.closeByUser();
    await tray.waitForWindows((windows) => windows.length === 0);
    expect(await tray.secondInstance(['--sign-in'])).toMatchObject({ code: 0 });
    await (await tray.waitForWindow()).closeByUser();
    expect(await tray.secondInstance(['--quit'])).toMatchObject({ code: 0 });
    expect(await tray.exited).toMatchObject({ code: 0 });
  });

  test('told to quit while none runs starts nothing', async () => {
    const tray = await world.launch({ home, args: ['--quit'] });
    expect(await tray.exited).toMatchObject({ code: 0 });
    expect(existsSync(path.join(home, 'run/tokentray/agent.sock'))).toBe(false);
  });

  test('told to sign in while none runs does that', async () => {
    const tray = await start({ args: ['--sign-in'] });
    await (await tray.waitForWindow()).closeByUser();
    await tray.quit();
  });
});

describe(`an end (on the ${runsOn()})`, () => {
  test('that nobody announced loses nothing: the session was stored when it changed', async () => {
    const tray = await start();
    await refreshAndStore(tray);
    await tray.kill();
    world.tenant.faults.refuseUsedRefreshTokens = true;
    const next = await start();
    await refreshAndStore(next);
    await signedIn(next);
    await next.quit();
  });

  test('in the middle of a refresh keeps the new refresh token', async () => {
    const tray = await start();
    world.tenant.faults.token = { kind: 'slow', ms: 3_000, grantType: 'refresh_token', times: 1 };
    world.tenant.faults.refuseUsedRefreshTokens = true;
    const before = refreshes();
    await tray.clickMenu('refresh');
    await expect.poll(refreshes).toBe(before + 1);
    await tray.clickMenu('quit');
    // Users see that it quits, although the answer is awaited.
    expect(await tray.tray()).toBeFalsy();
    expect(await tray.exited).toMatchObject({ code: 0 });
    const next = await start();
    await refreshAndStore(next);
    await signedIn(next);
    await next.quit();
  });

  test('when the machine shuts down is an orderly one', async () => {
    const tray = await start();
    await tray.emitPower('shutdown');
    expect(await tray.exited).toMatchObject({ code: 0 });
    expect(existsSync(path.join(home, 'run/tokentray/agent.sock'))).toBe(false);
  });
});

test(`token files stay where a start does not know which are wanted (on the ${runsOn()})`, async () => {
  const settingsFile = path.join(home, '.config/tokentray/settings.json');
  const tokenFile = path.join(home, 'token.txt');
  const kept = await readFile(settingsFile, 'utf8');
  const settings = JSON.parse(kept) as Record<string, unknown>;
  const tokenFiles = [{ path: tokenFile, profile: 'default', format: 'bare' }];
  await writeFile(settingsFile, JSON.stringify({ ...settings, tokenFiles }));
  let tray = await start();
  await expect.poll(() => existsSync(tokenFile)).toBe(true);
  await tray.quit();

  await writeFile(settingsFile, JSON.stringify({ ...settings, tokenFiles, profiles: 'none' }));
  tray = await world.launch({ home });
  await tray.waitForDialog(({ options }) => options.message === 'The settings cannot be used');
  expect(existsSync(tokenFile)).toBe(true);
  await tray.quit();

  // One start sets a file aside that is not JSON, the next one finds none.
  await writeFile(settingsFile, '{');
  for (let starts = 0; starts < 2; starts += 1) {
    tray = await world.launch({ home });
    await lineStarts('Not set up yet')(tray);
    await nothingHappens();
    expect(existsSync(tokenFile)).toBe(true);
    await tray.quit();
  }

  await writeFile(settingsFile, kept);
  tray = await world.launch({ home, args: [`--from-env=${world.envFile}`] });
  await lineStarts('Signed out')(tray);
  await nothingHappens();
  expect(existsSync(tokenFile)).toBe(true);
  // Nothing is kept in such a run, so nothing is asked for either.
  await tray.clickMenu('import');
  const refused = await tray.waitForDialog(({ answer }) => answer === undefined);
  expect(String(refused.options.detail)).toContain('--from-env');
  await tray.quit();

  // Where it is known that none is wanted, what an earlier run wrote is removed.
  tray = await start();
  await expect.poll(() => existsSync(tokenFile)).toBe(false);
  await tray.quit();
});

describe(`sleep and revocation (on the ${runsOn()})`, () => {
  test('waking after the expiry refreshes at once, and tells nobody', async () => {
    const tray = await start();
    const before = refreshes();
    await tray.emitPower('suspend');
    await tray.advanceClock(2 * HOUR_MS);
    await tray.emitPower('resume');
    await expect.poll(refreshes).toBe(before + 1);
    await signedIn(tray);
    expect(await tray.notifications()).toEqual([]);
    await tray.quit();
  });

  test('what turns up right after waking is not told yet', async () => {
    const tray = await start();
    world.tenant.revoke();
    await tray.emitPower('suspend');
    await tray.advanceClock(2 * HOUR_MS);
    await tray.emitPower('resume');
    await signInNeeded(tray);
    await nothingHappens();
    expect(await tray.notifications()).toEqual([]);
    await tray.clickMenu('sign-in');
    await signInAgain(tray);
    await tray.quit();
  });

  test('a session that was ended is notified once; a click signs in, and takes the notification back', async () => {
    const tray = await start();
    await revoke(tray);
    await tray.waitForNotification(({ title }) => title === 'Sign-in needed');
    await tray.emitPower('unlock-screen');
    await nothingHappens();
    expect(await tray.notifications()).toHaveLength(1);
    expect(await tray.windows()).toEqual([]);
    await tray.clickNotification(0);
    await signInAgain(tray);
    await tray.waitForNotification(({ closed }) => closed);
    expect(await tray.notifications()).toHaveLength(1);
    await tray.quit();
  });

  test.each(['unsupported', 'failing'] as const)(
    'where notifications are %s a dialog asks, once',
    async (desktop) => {
      const tray = await start();
      if (desktop === 'unsupported') await tray.setNotificationsSupported('unsupported');
      await revoke(tray);
      if (desktop === 'failing') {
        await tray.waitForNotification(() => true);
        await tray.failNotification(0);
      }
      const dialog = await tray.waitForDialog(({ answer }) => answer === undefined);
      expect(dialog.options).toMatchObject({ message: 'Sign-in needed', buttons: ['Sign in…', 'Close'] });
      await tray.answerNextDialog({ response: 0 });
      await signInAgain(tray);
      expect(await tray.dialogs()).toHaveLength(1);
      await tray.quit();
    },
  );
});

describe(`starting at login (on the ${runsOn()})`, () => {
  const file = (): string => path.join(home, '.config/autostart/tokentray.desktop');
  const mark = async (tray: TrayProcess): Promise<boolean | undefined> =>
    (await tray.tray())?.menu.find(({ id }) => id === 'start-at-login')?.checked;

  test('is not offered in development', async () => {
    const tray = await start();
    expect(await mark(tray)).toBeUndefined();
    await tray.quit();
  });

  test('is switched on and off in the menu; a program that was moved mends its old path', async () => {
    const env = { STANDIN_PACKAGED: 'yes', APPIMAGE: undefined, APPDIR: undefined };
    let tray = await start({ env });
    expect(await mark(tray)).toBe(false);
    await tray.clickMenu('start-at-login');
    await expect.poll(() => mark(tray)).toBe(true);
    expect(readFileSync(file(), 'utf8')).toContain(`\nExec="${process.execPath}" --at-login\n`);
    await tray.quit();

    tray = await start({ env: { ...env, APPIMAGE: '/home/ada/To ken.AppImage' }, args: ['--at-login'] });
    expect(await mark(tray)).toBe(true);
    expect(readFileSync(file(), 'utf8')).toContain('\nExec="/home/ada/To ken.AppImage" --at-login\n');
    await tray.clickMenu('start-at-login');
    await expect.poll(() => mark(tray)).toBe(false);
    expect(existsSync(file())).toBe(false);
    await tray.quit();
  });

  test('that the desktop has switched off stays off', async () => {
    const env = { STANDIN_PACKAGED: 'yes', APPIMAGE: undefined, APPDIR: undefined };
    const text = '[Desktop Entry]\nType=Application\nExec=/old/path\nX-GNOME-Autostart-enabled=false\n';
    await writeFile(file(), text);
    const tray = await start({ env });
    expect(await mark(tray)).toBe(false);
    expect(readFileSync(file(), 'utf8')).toBe(text);
    await tray.quit();
  });
});
