import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runsOn, type TrayProcess } from '../../house/electron/harness.ts';
import { Tokentray } from '../../terminal/fixtures/command.ts';
import { fillSignIn, linesOf, makeWorld, type World } from '../fixtures/world.ts';

let world: World;
let tray: TrayProcess;

beforeAll(async () => {
  world = await makeWorld();
  tray = await world.launch({ env: { XDG_CURRENT_DESKTOP: 'KDE' } });
});
afterAll(() => world.close());

/** The command of the same user. */
function command(): Tokentray {
  const { home } = tray;
  return new Tokentray({
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
    XDG_RUNTIME_DIR: path.join(home, 'run'),
  });
}

/** A second registration under a name of the user's own. */
async function importSecond(): Promise<void> {
  const ended = await command().run('import', world.envFile, '--profile', 'rd', '--name', 'R&D <b>');
  expect(ended).toMatchObject({ code: 0 });
}

test(`two profiles, one of them named R&D <b> (on the ${runsOn()})`, async () => {
  await world.importEnv(tray, 'Only before it expires');
  await importSecond();

  // Each is a submenu, and the top says how many are signed in.
  let shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.includes('profiles') === true);
  expect(linesOf(shown.menu)).toEqual(['0 of 2 profiles signed in']);
  const submenus = shown.menu.filter(({ type }) => type === 'submenu');
  // A single `&` would be the mark of an access key.
  expect(submenus.map(({ label }) => label)).toEqual(['default (default)', 'R&&D <b>']);

  // While one of them signs in the other cannot, which menu and command say.
  await tray.clickMenu(['profile/default', 'default/sign-in']);
  const window = await tray.waitForWindow();
  const refused = await command().run('sign-in', '--profile', 'rd');
  expect(refused).toMatchObject({ code: 10 });
  expect(refused.err).toContain('A sign-in to default is in progress.');
  await tray.clickMenu(['profile/rd', 'rd/sign-in']);
  const box = await tray.waitForDialog(({ answer }) => answer === undefined);
  expect(String(box.options.detail)).toContain('A sign-in to default is in progress.');
  expect(await tray.windows()).toHaveLength(1);
  await tray.answerNextDialog({ response: 0 });
  await window.closeByUser();
  await tray.waitForWindows((windows) => windows.length === 0);

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

  // The Status window: both profiles, and the action of the one.
  await tray.clickMenu('status');
  const status = await tray.waitForWindow(({ url, visible }) => visible && url.endsWith('/status.html'));
  const read = `tokentray['profiles.read']().then((all) => all.map(({ profile, session }) => profile.name + ': ' + session.kind))`;
  expect(await status.evaluate(read)).toEqual(['default: signed-out', 'R&D <b>: signed-in']);
  const signOut = `tokentray['profile.act']({ profile: 'rd', action: 'sign-out' })`;
  expect(await status.evaluate(signOut)).toEqual({ kind: 'done' });
  expect(await status.evaluate(read)).toEqual(['default: signed-out', 'R&D <b>: signed-out']);
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === '0 of 2 profiles signed in');
  expect(await tray.waitForClipboard((text) => text === '')).toBe('');
  expect(await tray.quit()).toMatchObject({ code: 0 });
});
