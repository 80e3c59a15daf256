import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runsOn, type TrayProcess } from '../electron/harness.ts';
import { Tokentray } from '../terminal/command.ts';
import { fillSignIn, linesOf, makeWorld, type World } from './world.ts';

let world: World;
let tray: TrayProcess;

beforeAll(async () => {
  world = await makeWorld();
  tray = await world.launch({ env: { XDG_CURRENT_DESKTOP: 'KDE' } });
});
afterAll(() => world.close());

/** The command of the same user, who has imported a second registration under a name of their own. */
async function importSecond(): Promise<void> {
  const { home } = tray;
  const tokentray = new Tokentray({
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
    XDG_RUNTIME_DIR: path.join(home, 'run'),
  });
  const ended = await tokentray.run('import', world.envFile, '--profile', 'rd', '--name', 'R&D <b>');
  expect(ended).toMatchObject({ code: 0 });
}

async function press(button: string): Promise<void> {
  const shown = await tray.waitForDialog(({ answer }) => answer === undefined);
  const response = (shown.options.buttons as string[]).indexOf(button);
  expect(response).toBeGreaterThanOrEqual(0);
  await tray.answerNextDialog({ response });
}

test(`two profiles, one of them named R&D <b> (on the ${runsOn()})`, { timeout: 180_000 }, async () => {
  await world.importEnv(tray, 'Only before it expires');
  await importSecond();

  // Each is a submenu, and the top says how many are signed in.
  let shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.includes('profiles') === true);
  expect(linesOf(shown.menu)).toEqual(['0 of 2 profiles signed in']);
  const submenus = shown.menu.filter(({ type }) => type === 'submenu');
  // A single `&` would be the mark of an access key.
  expect(submenus.map(({ label }) => label)).toEqual(['default (default)', 'R&&D <b>']);

  // The second one's actions are its own.
  await tray.clickMenu(['profile/rd', 'rd/sign-in']);
  await fillSignIn(await tray.waitForWindow(), world.tenant, 'accept');
  shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0] === '1 of 2 profiles signed in');
  expect(shown.image.path).toMatch(/linux\/light\/signed-out\.png$/u);
  await tray.clickMenu(['profile/rd', 'rd/copy-as', 'rd/copy-header']);
  const header = await tray.waitForClipboard((text) => text !== '');
  expect(header).toMatch(/^Authorization: Bearer /u);
  await world.tenant.verifyAccessToken(header.slice('Authorization: Bearer '.length));
  await tray.waitForTray(
    ({ menu }) => linesOf(menu).at(-1)?.startsWith('R&&D <b>: Authorization header copied') === true,
  );
  shown = await tray.waitForTray(({ menu }) => linesOf(menu).length === 1);

  // A look at the clock that changes nothing gives the desktop nothing to draw.
  const drawn = (await tray.calls('Tray.setContextMenu')).length;
  await tray.emitPower('resume');
  await tray.setTheme('dark');
  await tray.waitForTray(({ image }) => image.path?.endsWith('linux/dark/signed-out.png') === true);
  expect(await tray.calls('Tray.setContextMenu')).toHaveLength(drawn);

  // Without a tray: the status, its profile, its action.
  await tray.clickMenu('status');
  await press('R&D <b>');
  await tray.waitForDialog(({ options, answer }) => answer === undefined && options.message === 'R&D <b>');
  await press('Sign out');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === '0 of 2 profiles signed in');
  expect(await tray.waitForClipboard((text) => text === '')).toBe('');
  expect(await tray.quit()).toMatchObject({ code: 0 });
});
