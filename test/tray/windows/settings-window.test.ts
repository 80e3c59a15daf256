import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_HOOKS, type Settings } from '../../../src/config/profile/profile.ts';
import { firstSettings } from '../../../src/config/settings/registrations.ts';
import {
  closeAll,
  launchTray,
  runsOn,
  type TrayProcess,
  type WindowHands,
} from '../../house/electron/harness.ts';
import { removeDirectory } from '../../house/electron/remove-directory.ts';
import { profile } from '../../agent/fixtures/fixture.ts';
import { buildDamaged } from '../fixtures/sabotage.ts';
import { makeWorld, type World } from '../fixtures/world.ts';

const isSettings = ({ url, visible }: { url: string; visible: boolean }): boolean =>
  visible && url === 'app://bundle/settings.html';

async function openSettings(tray: TrayProcess): Promise<WindowHands> {
  await tray.clickMenu('settings');
  const window = await tray.waitForWindow(isSettings);
  await window.waitForSelector('.panel');
  return window;
}

const settingsFile = (home: string): string => path.join(home, '.config/tokentray/settings.json');

async function readSettings(home: string): Promise<Settings> {
  return JSON.parse(await readFile(settingsFile(home), 'utf8')) as Settings;
}

const isOpenQuestion = ({ options, answer }: { options: { type?: unknown }; answer?: unknown }): boolean =>
  options.type === 'question' && answer === undefined;

describe(`first run in the Settings window (on the ${runsOn()})`, () => {
  let world: World;
  let tray: TrayProcess;
  let page: WindowHands;
  let directory: string;
  let answersFile: string;

  const clickText = (text: string): Promise<unknown> =>
    page.evaluate(
      `[...document.querySelectorAll('button')].find((one) => one.checkVisibility() && one.textContent.includes(${JSON.stringify(text)})).click()`,
    );

  beforeAll(async () => {
    world = await makeWorld();
    directory = await mkdtemp(path.join(os.tmpdir(), 'settings-window-'));
    answersFile = path.join(directory, 'answers');
    // Records every answer to a page; the stand-in itself records the messages.
    const entry = await buildDamaged('answers', [
      {
        file: 'src/tray/calls/ipc/window-channel.ts',
        replace: {
          'return answerCall(name, given, handlers, log);':
            "const brought = await answerCall(name, given, handlers, log); const { appendFileSync } = await import('node:fs'); appendFileSync(process.env.WITNESS_FILE ?? '', JSON.stringify([name, brought]) + '\\n'); return brought;",
        },
      },
    ]);
    tray = await world.launch({ entry, env: { WITNESS_FILE: answersFile } });
    await tray.waitForTray(({ menu }) => menu.length > 0);
  }, 120_000);
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  test('a second launch opens it, with the ways to start', async () => {
    expect(await tray.secondInstance()).toMatchObject({ code: 0 });
    page = await tray.waitForWindow(isSettings);
    await page.waitForSelector('.drop .button');
    const [state] = await tray.windows();
    expect(state).toMatchObject({ title: 'Tokentray: Settings', partition: 'tokentray-windows' });
    expect(await tray.dialogs()).toEqual([]);
  });

  test('a chosen .env fills in the form, and its secret stays in the main process', async () => {
    await page.click('.drop .button');
    await tray.waitForDialog(({ kind, answer }) => kind === 'open' && answer === undefined);
    await tray.answerNextDialog({ canceled: false, filePaths: [world.envFile] });
    const values = `[...document.querySelectorAll('input, textarea')].map(({ value }) => value)`;
    await expect.poll(() => page.evaluate(values)).toContain(world.tenant.client.clientId);
    expect(await page.evaluate(values)).not.toContain(world.tenant.client.clientSecret);
  });

  test('a draft is tested before it is stored, one line per check', async () => {
    await clickText('Test connection');
    await page.waitForSelector('.test-lines li');
    const busy = `document.querySelector('.test-lines').getAttribute('aria-busy')`;
    await expect.poll(() => page.evaluate(busy)).toBe('false');
    const tested = answersOf('draft.test').at(-1) as { answer: { name: string; kind: string }[] };
    expect(tested.answer.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'network: ok',
      'discovery: ok',
      'clock: ok',
      'redirect-uri: ok',
      'credential: ok',
      'storage: ok',
    ]);
    const said = (await tray.calls('WebContents.send')).filter(
      ({ args: [channel] }) => channel === 'tokentray:draft.tested',
    );
    expect(said).toHaveLength(6);
    expect(world.tenant.requests.map(({ grantType }) => grantType)).toContain('client_credentials');
    await expect(readFile(settingsFile(tray.home), 'utf8')).rejects.toThrow('ENOENT');
  });

  test('a saved profile is in the menu at once, and can be signed in to', async () => {
    await clickText('Save');
    await tray.waitForTray(({ menu }) => menu.some(({ label, enabled }) => label === 'Sign in…' && enabled));
    const { profiles } = await readSettings(tray.home);
    expect(profiles).toMatchObject([{ clientId: world.tenant.client.clientId, id: 'default' }]);
    // The page is informed a moment later, and until then asks about unsaved changes.
    const bars = `[...document.querySelectorAll('.save-bar')].filter((bar) => bar.checkVisibility()).length`;
    await expect.poll(() => page.evaluate(bars)).toBe(0);
    await page.closeByUser();
    await tray.waitForWindows((windows) => windows.length === 0);
    await world.signIn(tray, 'accept');
    await tray.waitForTray(({ image }) => image.path?.includes('signed-in') === true);
  });

  test('a change made elsewhere is sent to the page', async () => {
    page = await openSettings(tray);
    await page.evaluate(`{
      globalThis.heard = [];
      tokentray.on('settings.changed', ({ clipboardClearSeconds, profiles }) =>
        heard.push([clipboardClearSeconds, profiles[0].draft.signIn, profiles[0].credential.kind]));
    }`);
    expect(await page.evaluate(`tokentray['settings.change']({ clipboardClearSeconds: 1 })`)).toEqual({
      kind: 'done',
    });
    await tray.clickMenu('sign-in-with-browser');
    await expect
      .poll(() => page.evaluate('heard'))
      .toEqual([
        [1, 'window', 'secret'],
        [1, 'browser', 'secret'],
      ]);
    // Without a restart it applies to the tray's clipboard.
    await tray.clickMenu('copy');
    await tray.waitForClipboard((text) => text !== '');
    await tray.waitForClipboard((text) => text === '');
  });

  test('a typed secret never comes back', async () => {
    const typed = 'typed8Q~inTheFormOfSettings';
    const [{ draft }] = (await readView()).profiles as [{ draft: object }];
    const asked = { profile: 'default', draft, credential: { kind: 'secret', secret: typed } };
    for (const call of ['draft.check', 'draft.save'])
      expect(await page.evaluate(`tokentray['${call}'](${JSON.stringify(asked)})`)).toMatchObject(
        call === 'draft.save' ? { kind: 'saved' } : { issues: [] },
      );
    const wrong = { ...asked, credential: { kind: 'secret', secret: typed.repeat(10_000) } };
    const rejected = `tokentray['draft.save'](${JSON.stringify(wrong)}).catch(({ message }) => message)`;
    expect(await page.evaluate(rejected)).toMatch(/credential\.secret must be/u);
    const everything = [
      readFileSync(answersFile, 'utf8'),
      JSON.stringify(await tray.calls('WebContents.send')),
      await page.html(),
      tray.stderr(),
      ...readdirSync(path.join(tray.home, '.local/state/tokentray/logs')).map((file) =>
        readFileSync(path.join(tray.home, '.local/state/tokentray/logs', file), 'utf8'),
      ),
    ];
    expect(answersOf('draft.save')).toHaveLength(3);
    for (const secret of [typed, world.tenant.client.clientSecret])
      expect(everything.filter((text) => text.includes(secret))).toEqual([]);
  });

  test('removing asks, says what is deleted, and does nothing without consent', async () => {
    for (const answer of ['Cancel', 'Remove']) {
      const acted = page.evaluate(`tokentray['profile.remove']({ profile: 'default' })`);
      const { options } = await tray.waitForDialog(isOpenQuestion);
      expect(String(options.message)).toContain('Remove the profile “default”?');
      const buttons = options.buttons as string[];
      await tray.answerNextDialog({ response: buttons.indexOf(answer) });
      expect(await acted).toMatchObject({ kind: 'done' });
      expect((await readSettings(tray.home)).profiles).toHaveLength(answer === 'Cancel' ? 1 : 0);
    }
    await tray.waitForTray(({ menu }) => menu.some(({ label }) => label === 'Set up…'));
  });

  test('unsaved changes do not keep the application from quitting', async () => {
    await page.evaluate(`addEventListener('beforeunload', (event) => event.preventDefault()); 0`);
    expect(await tray.quit()).toMatchObject({ code: 0 });
  });

  const answersOf = (name: string): unknown[] =>
    readFileSync(answersFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as [string, unknown])
      .flatMap(([call, brought]) => (call === name ? [brought] : []));
  const readView = (): Promise<Record<string, unknown>> =>
    page.evaluate(`tokentray['settings.read']()`) as Promise<Record<string, unknown>>;
});

describe(`settings that go to another machine (on the ${runsOn()})`, () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'settings-transfer-'));
  });
  afterAll(async () => {
    await closeAll();
    removeDirectory(directory);
  });

  /** A separate tray with these settings. */
  async function trayWith(home: string, settings: Settings | undefined): Promise<TrayProcess> {
    await mkdir(path.dirname(settingsFile(home)), { recursive: true, mode: 0o700 });
    if (settings !== undefined)
      await writeFile(settingsFile(home), JSON.stringify(settings), { mode: 0o600 });
    const tray = await launchTray({ home });
    await tray.waitForTray(({ menu }) => menu.length > 0);
    return tray;
  }

  test('are exported without a secret, and a hook and a token file in them are confirmed natively', async () => {
    const exported = path.join(directory, 'exported.json');
    const tokenFile = path.join(directory, 'token');
    const hook = ['/usr/bin/notify-send', 'Fresh “token”', '--urgency=low'];
    const settings: Settings = {
      ...firstSettings,
      profiles: [profile],
      tokenFiles: [{ path: tokenFile, profile: profile.id, scopes: undefined, format: 'json' }],
      hooks: { ...NO_HOOKS, refreshed: hook },
    };
    const from = await trayWith(path.join(directory, 'from'), settings);
    const page = await openSettings(from);
    const exporting = page.evaluate(`tokentray['settings.export']()`);
    await from.waitForDialog(({ kind, answer }) => kind === 'save' && answer === undefined);
    await from.answerNextDialog({ canceled: false, filePath: exported });
    expect(await exporting).toMatchObject({ kind: 'done' });
    expect(JSON.parse(await readFile(exported, 'utf8'))).toMatchObject({ kind: 'tokentray-settings' });
    await from.quit();

    const home = path.join(directory, 'to');
    const to = await trayWith(home, undefined);
    const target = await openSettings(to);
    for (const answer of ['Cancel', 'Import']) {
      const importing = target.evaluate(`tokentray['settings.import']()`);
      await to.waitForDialog(({ kind, answer: given }) => kind === 'open' && given === undefined);
      await to.answerNextDialog({ canceled: false, filePaths: [exported] });
      const { options } = await to.waitForDialog(isOpenQuestion);
      for (const part of [...hook, tokenFile]) expect(String(options.detail)).toContain(part);
      const buttons = options.buttons as string[];
      expect(options.defaultId).toBe(buttons.indexOf('Cancel'));
      await to.answerNextDialog({ response: buttons.indexOf(answer) });
      expect(await importing).toMatchObject({ kind: 'done' });
      const set = await readSettings(home).catch(() => undefined);
      if (answer === 'Cancel') expect(set).toBeUndefined();
      else expect(set).toMatchObject({ profiles: [{ id: profile.id }], hooks: { refreshed: hook } });
    }
    await to.waitForTray(({ menu }) => menu.some(({ label }) => label === 'Settings…'));
    await to.quit();
  });
});
