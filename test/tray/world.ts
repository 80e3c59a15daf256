import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startDemoTenant, type DemoTenant, type DemoTenantOptions } from '../../src/demo-tenant/tenant.ts';
import type { DialogAnswer, DialogState, TrayState } from '../electron/control-protocol.ts';
import { closeAll, launchTray, type LaunchOptions, type TrayProcess } from '../electron/harness.ts';
import { openTrap, type TrapServer } from '../electron/trap-server.ts';
import { startKeyring, type Keyring } from '../keyring.ts';

/**
 * What a tray scenario needs besides the tray: a tenant, a keyring, and a trap where the redirect points,
 * which nothing may ever reach.
 */
export interface World {
  readonly tenant: DemoTenant;
  readonly keyring: Keyring;
  readonly trap: TrapServer;
  readonly envFile: string;
  readonly redirectUri: string;
  /** The environment of a `tokentray` command beside a tray of that home. */
  terminalEnv(home: string): NodeJS.ProcessEnv;
  /** Starts the tray; with `home` on what an earlier one left. */
  launch(options?: LaunchOptions): Promise<TrayProcess>;
  /**
   * Imports the world's .env through menu and dialogs, with the button of that label for the schedule, and
   * with a file for the token where one is named.
   */
  importEnv(tray: TrayProcess, schedule: string, tokenFile?: string): Promise<void>;
  /** “Sign in…” and then as the first user, in the window that it opens; with the consent page the first time. */
  signIn(tray: TrayProcess, consent: Consent): Promise<void>;
  /** Moves the clock of tenant and tray together. */
  setClock(tray: TrayProcess, at: number): Promise<void>;
  close(): Promise<void>;
}

/** What the steps below need of a tray; the driver of a real Electron has no more (test/electron/real). */
export interface TrayHands {
  waitForTray(predicate: (tray: Pick<TrayState, 'menu'>) => boolean): Promise<unknown>;
  clickMenu(path: string): Promise<void>;
  waitForDialog(predicate: (dialog: DialogState) => boolean): Promise<DialogState>;
  answerNextDialog(answer: DialogAnswer): Promise<void>;
}

/** What they need of a window. */
export interface WindowFingers {
  waitForSelector(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  click(selector: string): Promise<void>;
  evaluate(script: string): Promise<unknown>;
}

export async function makeWorld(options: Partial<DemoTenantOptions> = {}): Promise<World> {
  let offset = 0;
  const trap = await openTrap();
  const redirectUri = `http://localhost:${trap.port}/getAToken`;
  const tenant = await startDemoTenant({
    ...options,
    now: () => Date.now() + offset,
    client: { redirectUris: [redirectUri], ...options.client },
  });
  const keyring = await startKeyring();
  const directory = await mkdtemp(path.join(os.tmpdir(), 'world-'));
  const certificateFile = path.join(directory, 'tenant.pem');
  const envFile = path.join(directory, '.env');
  await writeFile(certificateFile, tenant.certificatePem);
  await writeFile(envFile, envText(tenant, redirectUri));
  return {
    tenant,
    keyring,
    trap,
    envFile,
    redirectUri,
    terminalEnv: (home) => ({
      PATH: process.env.PATH,
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, '.config'),
      XDG_STATE_HOME: path.join(home, '.local/state'),
      XDG_RUNTIME_DIR: path.join(home, 'run'),
      NODE_EXTRA_CA_CERTS: certificateFile,
      DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS,
    }),
    launch: (launch = {}) =>
      launchTray({
        ...launch,
        chromiumArgs: [
          `--ignore-certificate-errors-spki-list=${tenant.certificateSpkiSha256}`,
          ...(launch.chromiumArgs ?? []),
        ],
        env: {
          // What reaches the tenant has gone through Electron, unless a test sets it.
          NODE_EXTRA_CA_CERTS: undefined,
          DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS,
          ...launch.env,
        },
      }),
    importEnv: (tray, schedule, tokenFile) => importEnv(tray, envFile, schedule, tokenFile),
    signIn: async (tray, consent) => {
      await tray.clickMenu('sign-in');
      await fillSignIn(await tray.waitForWindow(), tenant, consent);
    },
    setClock: async (tray, at) => {
      offset = at - Date.now();
      await tray.setClock(at);
    },
    close: async () => {
      await closeAll();
      await tenant.close();
      await keyring.stop();
      await trap.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The old application's settings, as its users have them. */
export function envText(
  tenant: DemoTenant,
  redirectUri: string,
  clientSecret = tenant.client.clientSecret,
): string {
  return [
    `CLIENT_ID=${tenant.client.clientId}`,
    `CLIENT_SECRET="${clientSecret}"`,
    `TENANT_ID=${tenant.tenantId}`,
    `AUTHORITY=${tenant.origin}/<TENANT_ID>`,
    `REDIRECT_URI=${redirectUri}`,
    'SCOPE=User.Read',
    '',
  ].join('\r\n');
}

export async function importEnv(
  tray: TrayHands,
  envFile: string,
  schedule: string,
  tokenFile?: string,
): Promise<void> {
  await tray.waitForTray(({ menu }) => menu.length > 0);
  await tray.clickMenu('import');
  await tray.waitForDialog(({ kind, answer }) => kind === 'open' && answer === undefined);
  await tray.answerNextDialog({ canceled: false, filePaths: [envFile] });
  const question = await tray.waitForDialog(
    ({ options, answer }) => options.type === 'question' && answer === undefined,
  );
  const buttons = question.options.buttons as string[];
  const response = buttons.indexOf(schedule);
  if (response < 0) throw new Error(`no button ${schedule} among ${buttons.join(', ')}`);
  await tray.answerNextDialog({ response, checkboxChecked: tokenFile !== undefined });
  if (tokenFile !== undefined) {
    await tray.waitForDialog(({ kind, answer }) => kind === 'save' && answer === undefined);
    await tray.answerNextDialog({ canceled: false, filePath: tokenFile });
  }
  await tray.waitForDialog(({ options, answer }) => options.type === 'info' && answer === undefined);
  await tray.answerNextDialog({ response: 0 });
}

/** What the user does on the consent page; it is shown once for each user and application. */
export type Consent = 'accept' | 'cancel' | 'remembered';

/** Fills the tenant's pages as its first user, whom a sign-in that failed late has left in the account picker. */
export async function fillSignIn(window: WindowFingers, tenant: DemoTenant, consent: Consent): Promise<void> {
  const [user] = tenant.users;
  await window.waitForSelector('#username, #account-0');
  if (await window.evaluate("document.querySelector('#account-0') !== null")) {
    await window.click('#account-0');
  } else {
    await window.fill('#username', user!.username);
    await window.fill('#password', user!.password);
    await window.click('#sign-in');
  }
  if (consent === 'remembered') return;
  await window.click(`#consent #${consent}`);
}

/** The lines of the tray's menu above the first separator. */
export function linesOf(menu: readonly { type: string; label: string }[]): string[] {
  const end = menu.findIndex(({ type }) => type === 'separator');
  return menu.slice(0, end).map(({ label }) => label);
}
