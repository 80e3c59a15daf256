import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeAll, type TrayProcess } from '../../house/electron/harness.ts';
import { openTrap } from '../../house/electron/trap-server.ts';
import { Tokentray } from '../../terminal/fixtures/command.ts';
import { deliveries, lookAlikes, throughLookAlikes } from '../fixtures/deliveries.ts';
import { buildDamaged, withLateListener, withoutListeners } from '../fixtures/sabotage.ts';
import { envText, fillSignIn, linesOf, makeWorld, type Consent, type World } from '../fixtures/world.ts';

let world: World;
let consent: Consent = 'accept';

beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const isSignedIn = ({ menu }: { menu: readonly { type: string; label: string }[] }): boolean =>
  linesOf(menu)[0]?.startsWith('Signed in') === true;

async function signInAndOut(tray: TrayProcess): Promise<void> {
  await world.signIn(tray, consent);
  consent = 'remembered';
  await tray.waitForTray(isSignedIn);
  await tray.clickMenu('sign-out');
  await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
}

describe('the code never leaves the window, however it is delivered', () => {
  let tray: TrayProcess;
  beforeAll(async () => {
    tray = await world.launch();
    await world.importEnv(tray, 'Only before it expires');
  });

  // The tenant is made later than this table, so the names are listed and looked up.
  test.each([
    '302',
    '303',
    'a chain of redirects',
    'JavaScript',
    'meta refresh',
    'form POST',
    'POST answered by 307',
    'iframe',
    'form POST into an iframe',
    'fetch',
  ])('%s', async (name) => {
    const deliver = deliveries(world.tenant)[name];
    world.tenant.faults.deliver = (url, response) => deliver!(url, response);
    await signInAndOut(tray);
    expect(world.trap.requests()).toEqual([]);
  });

  test('look-alikes of the redirect URI are neither reached nor taken for it', async () => {
    const other = await openTrap();
    const deliver = throughLookAlikes(lookAlikes(world.redirectUri, other.port));
    world.tenant.faults.deliver = deliver;
    await signInAndOut(tray);
    expect(world.trap.requests()).toEqual([]);
    expect(other.requests()).toEqual([]);
    // Not one byte either, such as the greeting of TLS that goes before a request by https.
    expect(world.trap.speakers()).toBe(0);
    expect(world.trap.bytesReceived()).toBe(0);
    expect(other.speakers()).toBe(0);
    await other.close();
  });
});

describe('the trap is real', () => {
  const lastUrl = (): string => world.trap.requests().at(-1)?.url ?? '';

  test('without the listeners the code reaches whoever has the port', async () => {
    world.tenant.faults.deliver = undefined;
    const tray = await world.launch({ entry: await buildDamaged('removed', withoutListeners) });
    await world.importEnv(tray, 'Only before it expires');
    await world.signIn(tray, consent);
    consent = 'remembered';
    await expect.poll(lastUrl).toMatch(/^\/getAToken\?code=/u);
    await closeAll();
  });

  test('with a listener that comes late the code reaches whoever has the port', async () => {
    // An authority that knows the user answers at once, with one chain of redirects.
    const { tenant, trap, redirectUri } = world;
    const authorizePath = `/${tenant.tenantId}/oauth2/v2.0/authorize`;
    let code = 'taken';
    tenant.extraPages.set(authorizePath, (_request, response) => {
      setTimeout(
        () => response.writeHead(302, { location: `${redirectUri}?code=${code}&state=any` }).end(),
        1_500,
      );
    });
    const reached = (wanted: string): boolean =>
      trap.requests().some(({ url }) => url.includes(`code=${wanted}&`));
    try {
      const tray = await world.launch({ entry: await buildDamaged('late', withLateListener) });
      await world.importEnv(tray, 'Only before it expires');
      await tray.clickMenu('sign-in');
      await expect.poll(() => reached('taken')).toBe(true);
      await closeAll();

      // The product as it ships, with the same authority: nothing arrives.
      code = 'kept';
      const whole = await world.launch();
      await world.importEnv(whole, 'Only before it expires');
      await whole.clickMenu('sign-in');
      await whole.waitForDialog(({ options }) => options.message === 'Sign-in did not finish');
      expect(reached('kept')).toBe(false);
    } finally {
      tenant.extraPages.delete(authorizePath);
      await closeAll();
    }
  });

  test('a configured application has a second wall: no profile’s redirect port can be resolved', async () => {
    const configured = await world.launch();
    const { home } = configured;
    await world.importEnv(configured, 'Only before it expires');
    const second = path.join(home, 'second.env');
    await writeFile(second, envText(world.tenant, 'http://localhost:47392/other'));
    const imported = await new Tokentray(world.terminalEnv(home)).run('import', second, '--profile', 'rd');
    expect(imported).toMatchObject({ code: 0 });
    await configured.quit();
    const seen = world.trap.requests().length;
    const tray = await world.launch({ home, entry: await buildDamaged('walled', withoutListeners) });
    await tray.waitForTray(({ menu }) => menu.length > 0);
    expect((await tray.calls('app.commandLine.appendSwitch')).map(({ args }) => args)).toEqual([
      ['host-resolver-rules', `MAP localhost:${world.trap.port} ~NOTFOUND,MAP localhost:47392 ~NOTFOUND`],
    ]);
    await tray.clickMenu(['profile/default', 'default/sign-in']);
    await fillSignIn(await tray.waitForWindow(), world.tenant, consent);
    await tray.waitForDialog(({ options }) =>
      /could not be loaded \(ERR_NAME_NOT_RESOLVED\)/u.test(String(options.message)),
    );
    expect(world.trap.requests().length).toBe(seen);
  });
});
