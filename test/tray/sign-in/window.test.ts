import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TrayProcess, WindowHands } from '../../house/electron/harness.ts';
import { buildWitness, testimony } from '../fixtures/testimony.ts';
import { fillSignIn, linesOf, makeWorld, type Consent, type World } from '../fixtures/world.ts';

let world: World;
let tray: TrayProcess;
let consent: Consent = 'accept';
/** Chosen in the import's dialogs. */
let tokenFile: string;

beforeAll(async () => {
  world = await makeWorld();
  tray = await world.launch({ entry: await buildWitness() });
  tokenFile = path.join(tray.home, 'access_token.txt');
  await world.importEnv(tray, 'Only before it expires', tokenFile);
});
afterAll(() => world.close());

const signedIn = (): Promise<unknown> =>
  tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
const signedOut = (): Promise<unknown> => tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');

async function fill(window: WindowHands): Promise<void> {
  await fillSignIn(window, world.tenant, consent);
  consent = 'remembered';
  await signedIn();
}

describe('a page in the sign-in window', () => {
  let window: WindowHands;
  beforeEach(async () => {
    await tray.waitForWindows((windows) => windows.length === 0);
    await tray.clickMenu('sign-in');
    window = await tray.waitForWindow();
    await window.waitForSelector('#username');
    return async () => {
      const [open] = await tray.windows();
      if (open !== undefined) await tray.window(open.id).closeByUser();
    };
  });

  test.each([
    ['a link to it', "location.assign('/attachment')"],
    [
      'a link with `download`',
      "Object.assign(document.createElement('a'), { href: '/attachment', download: 'x' }).click()",
    ],
    [
      'its own bytes',
      "Object.assign(document.createElement('a'), { href: 'data:application/zip,PK', download: 'x.zip' }).click()",
    ],
  ])('cannot download a file: %s', async (_name, script) => {
    world.tenant.extraPages.set('/attachment', (_request, response) => {
      response
        .writeHead(200, {
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment; filename="setup.exe"',
        })
        .end('MZ');
    });
    const before = testimony(tray, 'will-download').length;
    await window.evaluate(`void setTimeout(() => { ${script} })`);
    await expect.poll(() => testimony(tray, 'will-download').length).toBe(before + 1);
    expect(testimony(tray, 'will-download').at(-1)).toMatchObject({ prevented: true });
    // The sign-in continues.
    await window.waitForSelector('#username');
    world.tenant.extraPages.clear();
  });

  test('cannot embed another page', async () => {
    const [state] = await tray.windows();
    expect(state?.webPreferences).toMatchObject({ webviewTag: false });
    const asked = testimony(tray, 'will-attach-webview');
    expect(asked.length).toBeGreaterThan(0);
    for (const answer of asked) expect(answer).toEqual({ prevented: true });
  });

  test.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'hid', 'usb'])(
    'has no permission for %s',
    async (permission) => {
      expect(await window.askPermission(permission)).toEqual({ check: false, request: false });
    },
  );
});

describe('from the start', () => {
  test('every renderer is sandboxed', async () => {
    const [sandbox] = await tray.calls('app.enableSandbox');
    expect(sandbox).toMatchObject({ beforeReady: true });
  });

  test('every session refuses permissions and devices, before a page is requested', async () => {
    const sessions = (await tray.partitions()).length;
    expect(sessions).toBeGreaterThan(0);
    const [firstWindow] = await tray.calls('new BrowserWindow');
    for (const handler of ['Request', 'Check']) {
      const set = await tray.calls(`Session.setPermission${handler}Handler`);
      expect(set).toHaveLength(sessions);
      for (const { args, seq } of set) {
        expect(args).toEqual(['[function]']);
        expect(seq).toBeLessThan(firstWindow!.seq);
      }
    }
    expect(await tray.calls('Session.setDevicePermissionHandler')).toHaveLength(sessions);
  });
});

describe('signing out', () => {
  test('clears HTTP logins, connections and the token file, so that the next sign-in asks for the account', async () => {
    await tray.waitForWindows((windows) => windows.length === 0);
    await tray.clickMenu('sign-in');
    await fill(await tray.waitForWindow());
    // The file chosen at the import is filled at once, readable only by its user.
    await expect.poll(() => existsSync(tokenFile)).toBe(true);
    await world.tenant.verifyAccessToken((await readFile(tokenFile, 'utf8')).trim());
    expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
    const before = (await tray.calls()).length;
    await tray.clickMenu('sign-out');
    await signedOut();
    const since = async (): Promise<string[]> => (await tray.calls()).slice(before).map(({ api }) => api);
    for (const api of ['Session.clearData', 'Session.clearAuthCache', 'Session.closeAllConnections'])
      await expect.poll(since).toContain(api);
    await expect.poll(() => existsSync(tokenFile)).toBe(false);
  });
});

describe('a second launch, for desktops that show no tray icon', () => {
  const isStatus = ({ url, visible }: { url: string; visible: boolean }): boolean =>
    visible && url === 'app://bundle/status.html';

  /** Starts the program again, and opens the box with all commands from the window that appears. */
  async function secondLaunch(): Promise<{ text: string; buttons: string[] }> {
    expect(await tray.secondInstance()).toMatchObject({ code: 0 });
    const status = await tray.waitForWindow(isStatus);
    // The button is busy until what was chosen in the last box is done.
    await status.click('[data-action="menu"][aria-disabled="false"]');
    const { options } = await tray.waitForDialog(
      ({ options, answer }) => options.title === 'Tokentray' && answer === undefined,
    );
    return {
      text: `${String(options.message)}\n${String(options.detail)}`,
      buttons: options.buttons as string[],
    };
  }

  async function choose(buttons: readonly string[], label: string): Promise<void> {
    expect(buttons).toContain(label);
    await tray.answerNextDialog({ response: buttons.indexOf(label) });
  }

  test('shows the status, and its buttons do what the menu does', async () => {
    await tray.waitForWindows((windows) => windows.length === 0);
    let box = await secondLaunch();
    expect(box.text.split('\n')[0]).toBe('Signed out');
    expect(box.buttons).toEqual([
      'Sign in…',
      'Sign in with the system browser',
      'Import .env file…',
      'Settings…',
      'About Tokentray',
      'Quit',
      'Close',
    ]);
    await choose(box.buttons, 'Sign in…');
    await fill(await tray.waitForWindow(({ url }) => !url.startsWith('app:')));

    box = await secondLaunch();
    expect(box.text).toContain(`Signed in as ${world.tenant.users[0]!.username}`);
    expect(box.text).toContain('Token good until');
    expect(box.buttons).toEqual([
      'Copy access token',
      'Copy as',
      'Refresh now',
      'Sign in…',
      'Switch account…',
      'Sign out',
      'Sign in with the system browser',
      'Import .env file…',
      'Settings…',
      'About Tokentray',
      'Quit',
      'Close',
    ]);
    await choose(box.buttons, 'Copy access token');
    await world.tenant.verifyAccessToken(await tray.waitForClipboard((text) => text !== ''));

    box = await secondLaunch();
    await choose(box.buttons, 'Sign out');
    await signedOut();
  });

  test('closing the box changes nothing', async () => {
    // The news (“Copied …”) is no longer shown.
    const before = await tray.waitForTray(({ menu }) => linesOf(menu).length === 1);
    const box = await secondLaunch();
    await choose(box.buttons, 'Close');
    await expect
      .poll(async () => (await tray.dialogs()).every(({ answer }) => answer !== undefined))
      .toBe(true);
    expect(await tray.tray()).toEqual(before);
    expect((await tray.windows()).every(isStatus)).toBe(true);
  });

  test('can quit', async () => {
    const box = await secondLaunch();
    await choose(box.buttons, 'Quit');
    expect(await tray.exited).toMatchObject({ code: 0 });
  });
});
