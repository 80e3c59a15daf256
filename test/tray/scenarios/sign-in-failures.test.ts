import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrayProcess } from '../../house/electron/harness.ts';
import { envText, fillSignIn, importEnv, linesOf, makeWorld, type World } from '../fixtures/world.ts';

let world: World;
let tray: TrayProcess;

beforeAll(async () => {
  world = await makeWorld();
  tray = await world.launch();
  await world.importEnv(tray, 'Only before it expires');
});
afterAll(() => world.close());

/** What the warning about a failed sign-in says; its box is closed. */
async function readWarning(): Promise<string> {
  const box = await tray.waitForDialog(
    ({ options, answer }) => options.message === 'Sign-in did not finish' && answer === undefined,
  );
  await tray.answerNextDialog({ response: 0 });
  return String(box.options.detail);
}

/** The proof after every failure: the same application signs in, and out again. */
async function nextSignInWorks(consent: 'accept' | 'remembered' = 'remembered'): Promise<void> {
  await tray.waitForWindows((windows) => windows.length === 0);
  await world.signIn(tray, consent);
  await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
  await tray.clickMenu('sign-out');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
  expect(world.trap.requests()).toEqual([]);
}

test('closing the window is said in the menu, without a box', async () => {
  await tray.clickMenu('sign-in');
  await (await tray.waitForWindow()).closeByUser();
  const shown = await tray.waitForTray(
    ({ menu }) => linesOf(menu).length > 1 && !linesOf(menu).includes('Signing in…'),
  );
  expect(linesOf(shown.menu)).toContain('The sign-in window was closed before the sign-in was finished.');
  await nextSignInWorks('accept');
});

test('a second click on “Sign in…” brings the window of the first to the front', async () => {
  await tray.clickMenu('sign-in');
  await tray.clickMenu('sign-in');
  const window = await tray.waitForWindow();
  await tray.clickMenu('sign-in');
  expect(await tray.windows()).toHaveLength(1);
  await fillSignIn(window, world.tenant, 'remembered');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
  await tray.clickMenu('sign-out');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
});

test('cancelling is told with the next step', async () => {
  await tray.clickMenu('sign-in');
  await (await tray.waitForWindow()).click('#cancel');
  expect(await readWarning()).toBe(
    'The sign-in was canceled, or the permissions were not granted.\n\n' +
      'Sign in again and accept the permissions, or ask your administrator to grant them.',
  );
  await nextSignInWorks();
});

test('an answer with another state is not used', async () => {
  world.tenant.faults.tamperState = 'x';
  const redeemed = (): number =>
    world.tenant.requests.filter(({ grantType }) => grantType === 'authorization_code').length;
  const before = redeemed();
  await world.signIn(tray, 'remembered');
  expect(await readWarning()).toContain('its state differs');
  expect(redeemed()).toBe(before);
  world.tenant.faults.tamperState = undefined;
  await nextSignInWorks();
});

test('an ID token with another nonce is not taken', async () => {
  world.tenant.faults.wrongNonce = true;
  await world.signIn(tray, 'remembered');
  expect(await readWarning()).toContain('its nonce differs');
  world.tenant.faults.wrongNonce = false;
  await nextSignInWorks();
});

test('an authority that is down while the code is redeemed is named', async () => {
  world.tenant.faults.token = { kind: 'drop' };
  await world.signIn(tray, 'remembered');
  expect(await readWarning()).toContain(`${new URL(world.tenant.origin).host} cannot be reached`);
  world.tenant.faults.token = undefined;
  await nextSignInWorks();
});

test('a wrong client secret names what to change, and importing the right one mends it', async () => {
  await writeFile(world.envFile, envText(world.tenant, world.redirectUri, 'not-the-secret-of-this-client'));
  await importEnv(tray, world.envFile, 'Only before it expires');
  await world.signIn(tray, 'remembered');
  expect(await readWarning()).toMatch(
    /does not accept the client secret \(AADSTS7000215\)[^]+enter it in Settings/u,
  );
  const shown = await tray.waitForTray(({ image }) => image.path?.endsWith('attention.png') === true);
  expect(linesOf(shown.menu).join('\n')).not.toContain('not-the-secret');

  await writeFile(world.envFile, envText(world.tenant, world.redirectUri));
  await importEnv(tray, world.envFile, 'Only before it expires');
  await nextSignInWorks();
});

test('revoked at the tenant: attention, one notification, no window; a click on it signs in', async () => {
  await world.signIn(tray, 'remembered');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
  await tray.waitForWindows((windows) => windows.length === 0);
  world.tenant.revoke();
  await tray.clickMenu('refresh');
  await tray.waitForDialog(
    ({ options, answer }) => options.message === 'The token was not refreshed' && answer === undefined,
  );
  await tray.answerNextDialog({ response: 0 });
  const shown = await tray.waitForTray(({ image }) => image.path?.endsWith('attention.png') === true);
  expect(linesOf(shown.menu)[0]).toMatch(/^Sign-in needed for /u);
  expect(await tray.windows()).toEqual([]);
  await tray.emitPower('resume');
  await tray.emitPower('resume');
  expect(await tray.notifications()).toHaveLength(1);

  await tray.clickNotification(0);
  const window = await tray.waitForWindow();
  await fillSignIn(window, world.tenant, 'remembered');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
});

test('what the sign-in page wants besides signing in is refused', async () => {
  await tray.clickMenu('sign-out');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
  await tray.clickMenu('sign-in');
  const window = await tray.waitForWindow();
  await window.waitForSelector('#username');
  expect(await window.askPermission('geolocation')).toEqual({ check: false, request: false });
  expect(await window.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
  await window.evaluate("void window.open('http://example.test/')");
  expect(await tray.windows()).toHaveLength(1);
  const [state] = await tray.windows();
  expect(state?.title).toBe(`Sign in: ${new URL(world.tenant.origin).host}`);
  expect(state?.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
  expect(state?.webPreferences).not.toHaveProperty('preload');
  await window.closeByUser();
});

test('without a keyring the session is kept in memory, and the menu says so', async () => {
  const memory = await world.launch({ env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' } });
  await importEnv(memory, world.envFile, 'Only before it expires');
  await world.signIn(memory, 'remembered');
  const shown = await memory.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
  expect(linesOf(shown.menu).join('\n')).toContain('no keyring that Tokentray can use');
  expect(await memory.quit()).toMatchObject({ code: 0 });
});
