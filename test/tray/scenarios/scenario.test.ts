import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runsOn, type TrayProcess } from '../../house/electron/harness.ts';
import { findLeaks, processTexts } from '../../house/fixtures/leaks.ts';
import { until } from '../../house/fixtures/until.ts';
import { buildWitness, leftInClipboard } from '../fixtures/testimony.ts';
import { linesOf, makeWorld, type World } from '../fixtures/world.ts';

/** Longer than the hour of Entra's tokens, so that nothing expires while the clock is moved to the morning. */
const TWO_DAYS_SECONDS = 2 * 24 * 3600;
/** Shorter than what is set at first, so that nobody waits a minute. */
const CLIPBOARD_CLEAR_SECONDS = 3;
const DAY_MS = 24 * 3600_000;

let world: World;

beforeAll(async () => {
  world = await makeWorld({ accessTokenSeconds: TWO_DAYS_SECONDS });
});
afterAll(() => world.close());

const refreshes = (): number =>
  world.tenant.requests.filter(({ grantType }) => grantType === 'refresh_token').length;

const iconOf = async (tray: TrayProcess): Promise<string | undefined> => {
  const state = await tray.tray();
  return state?.image.path?.split('/').at(-1);
};

/** Copies until the answer to a refresh, which the tenant may still be writing, is what is copied. */
async function copyOtherThan(tray: TrayProcess, before: string): Promise<string> {
  return until(async () => {
    await tray.clickMenu('copy');
    const text = await tray.clipboardText();
    expect(['', before]).not.toContain(text);
    return text;
  });
}

/** The next 07:00 in Seoul (UTC+9, no daylight saving) after `now`, reckoned without the product's help. */
function nextSevenInSeoul(now: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS + 22 * 3600_000 - DAY_MS;
  return [today, today + DAY_MS, today + 2 * DAY_MS].find((at) => at > now + 3600_000)!;
}

test(
  `the life of a token, from an empty home to signed out (on the ${runsOn()})`,
  { timeout: 240_000 },
  async () => {
    const { tenant, keyring, trap } = world;
    const [user] = tenant.users;
    let tray = await world.launch();

    // Nothing configured.
    let shown = await tray.waitForTray(({ menu }) => menu.length > 0);
    expect(linesOf(shown.menu)).toEqual(['Not set up yet']);
    expect(await iconOf(tray)).toBe('signed-out.png');
    expect(await tray.windows()).toEqual([]);

    // The old application's .env.
    await world.importEnv(tray, '07:00 in Asia/Seoul');
    shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
    expect(shown.image.path).toMatch(/signed-out\.png$/u);

    // Sign in… as the demo user.
    await world.signIn(tray, 'accept');
    shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
    expect(linesOf(shown.menu)[0]).toBe(`Signed in as ${user!.username}`);
    expect(linesOf(shown.menu)[1]).toMatch(/^Token good until /u);
    expect(shown.toolTip).toContain(`Signed in as ${user!.username}`);
    expect(shown.image.path).toMatch(/signed-in\.png$/u);
    await tray.waitForWindows((windows) => windows.length === 0);

    // Copy access token: it verifies against the tenant's keys.
    await tray.clickMenu('copy');
    const first = await tray.waitForClipboard((text) => text !== '');
    const claims = await tenant.verifyAccessToken(first);
    expect(claims).toMatchObject({ oid: user!.oid, tid: tenant.tenantId });
    expect(claims.scp).toContain('User.Read');
    shown = await tray.waitForTray(({ menu }) =>
      linesOf(menu).some((line) => line.startsWith('Copied, good until')),
    );

    // Refresh now: a new token.
    await tray.clickMenu('refresh');
    await expect.poll(refreshes).toBe(1);
    const second = await copyOtherThan(tray, first);
    // The new token is stored after it can be copied.
    await tray.waitForTray(({ image }) => image.path?.endsWith('signed-in.png') === true);
    await tenant.verifyAccessToken(second);

    // 07:00 in Seoul, twice over for every timer and resume that may look: refreshed once.
    const seven = nextSevenInSeoul(Date.now());
    await world.setClock(tray, seven + 1_000);
    await tray.emitPower('resume');
    await expect.poll(refreshes).toBe(2);
    const third = await copyOtherThan(tray, second);
    await tray.emitPower('resume');
    await tray.emitPower('unlock-screen');
    await tray.waitForTray(({ image }) => image.path?.endsWith('signed-in.png') === true);
    expect(refreshes()).toBe(2);
    await tenant.verifyAccessToken(third);

    // Restart: still signed in, from the real Secret Service, without asking the authority.
    const earlier = tray;
    const home = tray.home;
    expect(await tray.quit()).toMatchObject({ code: 0 });
    const asked = tenant.requests.length;
    tray = await world.launch({ home, now: seven + 60_000 });
    shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0] === `Signed in as ${user!.username}`);
    await tray.clickMenu('copy');
    expect(await tray.waitForClipboard((text) => text !== '')).toBe(third);
    expect(tenant.requests.length).toBe(asked);
    expect((await keyring.items()).map(({ account }) => account).sort()).toEqual([
      'default/credential',
      'default/last-good',
      'default/msal-cache',
    ]);

    // No secret anywhere it should not be: files, output, command lines, everything but vault and clipboard.
    const marker = 'planted-marker-0123456789';
    const planted = path.join(home, 'planted.log');
    await writeFile(planted, `a line with ${marker} in it`);
    const found = findLeaks({
      directories: [home],
      texts: {
        stderr: earlier.stderr() + tray.stderr(),
        stdout: earlier.stdout() + tray.stdout(),
        ...processTexts(tray.pid),
      },
      secrets: {
        'client secret': [tenant.client.clientSecret],
        'token, code or cookie': tenant.issuedSecrets(),
        marker: [marker],
      },
    });
    expect(found).toEqual([{ where: planted, what: 'marker' }]);

    // Sign out: vault, partition and clipboard are empty.
    await tray.clickMenu('sign-out');
    shown = await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
    expect(shown.image.path).toMatch(/signed-out\.png$/u);
    expect(await tray.waitForClipboard((text) => text === '')).toBe('');
    expect((await keyring.items()).map(({ account }) => account)).toEqual(['default/credential']);
    expect(await tray.cookies('tokentray-sign-in')).toEqual([]);

    // The next sign-in asks who.
    await tray.clickMenu('sign-in');
    const window = await tray.waitForWindow();
    await window.waitForSelector('#username');
    expect(await tray.quit()).toMatchObject({ code: 0 });

    expect(trap.requests()).toEqual([]);
  },
);

describe('a copied token', () => {
  let own: World;
  /** Signed in; each test goes on from there. */
  let home: string;
  let tray: TrayProcess;
  beforeAll(async () => {
    own = await makeWorld();
    tray = await own.launch();
    home = tray.home;
    await own.importEnv(tray, 'Only before it expires');
    await own.signIn(tray, 'accept');
    await signedIn();
    await tray.quit();
  }, 120_000);
  beforeEach(async () => {
    tray = await launch();
  });
  afterEach(() => tray.kill());
  afterAll(() => own.close());

  const signedIn = (): Promise<unknown> =>
    tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith('Signed in') === true);
  const launch = async (): Promise<TrayProcess> => own.launch({ home, entry: await buildWitness() });

  async function copy(): Promise<void> {
    await signedIn();
    await tray.clickMenu('copy');
    await tray.waitForCall('clipboard.writeText');
  }

  test('is gone from the clipboard when Tokentray was quit', async () => {
    await copy();
    expect(await tray.clipboardText()).not.toBe('');
    expect(await tray.quit()).toMatchObject({ code: 0 });
    expect(leftInClipboard(tray)).toBe('');
  });

  test('is left alone at exit, if something else was copied meanwhile', async () => {
    await copy();
    await tray.setClipboardText('a shopping list');
    expect(await tray.quit()).toMatchObject({ code: 0 });
    expect(leftInClipboard(tray)).toBe('a shopping list');
  });

  test('is gone from the clipboard after the seconds that are set', async () => {
    await tray.quit();
    const settingsFile = path.join(home, '.config/tokentray/settings.json');
    const kept = await readFile(settingsFile, 'utf8');
    const settings = JSON.parse(kept) as Record<string, unknown>;
    await writeFile(
      settingsFile,
      JSON.stringify({ ...settings, clipboardClearSeconds: CLIPBOARD_CLEAR_SECONDS }),
    );
    try {
      tray = await launch();
      await signedIn();
      const began = performance.now();
      await copy();
      await tray.waitForClipboard((text) => text === '');
      expect(performance.now() - began).toBeGreaterThan(CLIPBOARD_CLEAR_SECONDS * 1000 - 1);
      expect(await tray.calls('clipboard.writeText')).toHaveLength(1);
    } finally {
      await writeFile(settingsFile, kept);
    }
  });

  test('is left alone at sign-out once the user copied something else', async () => {
    await copy();
    await tray.setClipboardText('a shopping list');
    const looks = (await tray.calls('clipboard.readText')).length;
    await tray.clickMenu('sign-out');
    await tray.waitForTray(({ menu }) => linesOf(menu)[0] === 'Signed out');
    await expect.poll(async () => (await tray.calls('clipboard.readText')).length).toBeGreaterThan(looks);
    await tray.waitForCall('Session.closeAllConnections');
    expect(await tray.clipboardText()).toBe('a shopping list');
    expect(await tray.quit()).toMatchObject({ code: 0 });
    expect(leftInClipboard(tray)).toBe('a shopping list');
  });
});
