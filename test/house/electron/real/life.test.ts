import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { startDemoTenant, type DemoTenant } from '../../../../src/demo-tenant/server/tenant.ts';
import { startKeyring } from '../../fixtures/keyring.ts';
import { envText, fillSignIn, importEnv, linesOf } from '../../../tray/fixtures/world.ts';
import { buildProgram, buildStandIn } from '../build-stand-in.ts';
import { runsOn } from '../harness.ts';
import { openTrap } from '../trap-server.ts';
import { DrivenTray } from './driven-tray.ts';
import { driveElectron, driveStandIn } from './drivers.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Only a hang takes this long. */
const LIMIT_MS = 300_000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A home of its own; Windows and macOS keep HOME, because they have a store of secrets of the user's. */
async function homeFor(tenant: DemoTenant, redirectUri: string): Promise<Record<string, string>> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'life-'));
  closers.push(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const certificate = path.join(home, 'tenant.pem');
  await writeFile(certificate, tenant.certificatePem);
  await writeFile(path.join(home, '.env'), envText(tenant, redirectUri));
  const REAL_MAIN = pathToFileURL(path.join(root, 'dist/tray/main.js')).href;
  const env = { ...process.env, REAL_MAIN, NODE_EXTRA_CA_CERTS: certificate, TOKENTRAY_HOME: home };
  const own = { NODE_OPTIONS: '', NODE_ENV: '', VITEST: '' };
  if (process.platform !== 'linux') return { ...env, ...own };
  const keyring = await startKeyring();
  closers.push(() => keyring.stop());
  const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env;
  return { ...env, ...own, HOME: home, DBUS_SESSION_BUS_ADDRESS };
}

test(
  `a person imports, signs in, copies, refreshes, signs out and quits (on the ${runsOn()})`,
  { timeout: LIMIT_MS },
  async () => {
    const trap = await openTrap();
    closers.push(() => trap.close());
    const redirectUri = `http://localhost:${trap.port}/getAToken`;
    const tenant = await startDemoTenant({ client: { redirectUris: [redirectUri] } });
    closers.push(() => tenant.close());
    const env = await homeFor(tenant, redirectUri);
    const home = env.TOKENTRAY_HOME ?? '';
    const program = await buildProgram(fileURLToPath(new URL('./hands.ts', import.meta.url)));
    // Chromium takes the first only beside a profile directory of its own.
    const switches = [
      `--ignore-certificate-errors-spki-list=${tenant.certificateSpkiSha256}`,
      `--user-data-dir=${path.join(home, 'chromium')}`,
    ];
    const binary = process.env.ELECTRON_BINARY;
    if (binary === undefined) await buildStandIn();
    const driven =
      binary === undefined
        ? driveStandIn({ program, env, switches: switches.slice(0, 1) })
        : await driveElectron(binary, { program, env, switches });
    closers.push(() => driven.ask('quit').catch(() => undefined));
    const tray = new DrivenTray(driven);
    const [user] = tenant.users;
    const first = (start: string) =>
      tray.waitForTray(({ menu }) => linesOf(menu)[0]?.startsWith(start) === true);

    await first('Not set up yet');
    expect(await tray.windows()).toEqual([]);
    await importEnv(tray, path.join(home, '.env'), 'Only before it expires');
    await first('Signed out');

    await tray.clickMenu('sign-in');
    await fillSignIn(await tray.waitForWindow(), tenant, 'accept');
    await first(`Signed in as ${user!.username}`);
    await tray.waitForNoWindow();

    await tray.clickMenu('copy');
    const token = await tray.waitForClipboard((text) => text.split('.').length === 3);
    expect(await tenant.verifyAccessToken(token)).toMatchObject({ oid: user!.oid });

    await tray.clickMenu('refresh');
    await expect
      .poll(() => tenant.requests.filter(({ grantType }) => grantType === 'refresh_token').length)
      .toBe(1);
    // Until the answer is there, copying gives what there is.
    let second = token;
    while (second === token) {
      await tray.clickMenu('copy');
      second = await tray.waitForClipboard((text) => text.split('.').length === 3);
    }
    await tenant.verifyAccessToken(second);

    await tray.clickMenu('sign-out');
    await first('Signed out');
    expect(await tray.quit()).toBe(0);
    expect(trap.requests()).toEqual([]);
  },
);
