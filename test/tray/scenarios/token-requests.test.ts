import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runsOn, type TrayProcess } from '../../house/electron/harness.ts';
import { Tokentray } from '../../terminal/fixtures/command.ts';
import { linesOf, makeWorld, type World } from '../fixtures/world.ts';

const HOUR_MS = 3_600_000;

let world: World;
let home: string;
let tray: TrayProcess;

beforeAll(async () => {
  world = await makeWorld();
  tray = await world.launch();
  home = tray.home;
  await world.importEnv(tray, 'Only before it expires');
  await world.signIn(tray, 'accept');
  await signedIn();
}, 120_000);
afterAll(() => world.close());

const signedIn = (): Promise<unknown> =>
  tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
const refreshes = (): number =>
  world.tenant.requests.filter(({ grantType }) => grantType === 'refresh_token').length;
/** Requests of Electron's network in the main process; those of its windows are no calls of the product. */
const throughElectron = (): ReturnType<TrayProcess['calls']> => tray.calls('net.request');
const redeemed = (): number => world.tenant.requests.filter(({ endpoint }) => endpoint === 'token').length;
async function refresh(): Promise<void> {
  const before = refreshes();
  await tray.clickMenu('refresh');
  await expect.poll(refreshes).toBe(before + 1);
  await tray.waitForTray(({ image }) => image.path?.includes('signed-in') === true);
}
async function doctorOnNetwork(): Promise<string> {
  const { out } = await new Tokentray(world.terminalEnv(home)).run('doctor');
  return out.split('\n').find((line) => line.includes('network:')) ?? out;
}

describe(`token requests (on the ${runsOn()})`, () => {
  // The tray knows the tenant's certificate by Chromium's switch only.
  test('go through Electron’s network unless told otherwise, every one', async () => {
    await refresh();
    const asked = (await throughElectron()).map(({ args }) => (args[0] as { url: string }).url);
    const tokenRequests = asked.filter((url) => new URL(url).pathname.endsWith('/oauth2/v2.0/token'));
    expect(redeemed()).toBeGreaterThan(1);
    expect(tokenRequests).toHaveLength(redeemed());
    expect(await doctorOnNetwork()).toMatch(/^ok .* Using the system’s network settings\.$/u);
  });

  test('wait after a sleep until the dead connections have ended', async () => {
    const { length } = await throughElectron();
    const before = refreshes();
    expect(await tray.calls('Session.closeAllConnections')).toEqual([]);
    await tray.emitPower('suspend');
    await tray.advanceClock(2 * HOUR_MS);
    await tray.emitPower('resume');
    await expect.poll(refreshes).toBe(before + 1);
    const [closing] = await tray.calls('Session.closeAllConnections');
    const first = (await throughElectron())[length];
    expect(closing).toBeDefined();
    expect(closing?.seq).toBeLessThan(first?.seq ?? 0);
    await signedIn();
    await tray.quit();
  });

  test('go through Node where the settings say so', async () => {
    const settingsFile = path.join(home, '.config/tokentray/settings.json');
    const settings = JSON.parse(await readFile(settingsFile, 'utf8')) as Record<string, unknown>;
    await writeFile(settingsFile, JSON.stringify({ ...settings, network: 'node' }));
    const { NODE_EXTRA_CA_CERTS } = world.terminalEnv(home);
    tray = await world.launch({ home, env: { NODE_EXTRA_CA_CERTS } });
    await signedIn();
    await refresh();
    expect(await doctorOnNetwork()).toMatch(
      /^ok .* Using the environment’s network settings, as set in Tokentray\.$/u,
    );
    expect(await throughElectron()).toEqual([]);
    await tray.quit();
  });
});
