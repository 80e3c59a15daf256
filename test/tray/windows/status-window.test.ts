import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StatusBody } from '../../../src/outlets/answer/status-body.ts';
import { runsOn, type TrayProcess, type WindowHands } from '../../house/electron/harness.ts';
import { buildDamaged } from '../fixtures/sabotage.ts';
import { makeWorld, type World } from '../fixtures/world.ts';

const isStatus = ({ url, visible }: { url: string; visible: boolean }): boolean =>
  visible && url === 'app://bundle/status.html';

describe(`the Status window (on the ${runsOn()})`, () => {
  let world: World;
  let tray: TrayProcess;
  let status: WindowHands;
  let token: string;

  const call = (name: string, asked?: object): Promise<unknown> =>
    status.evaluate(
      `tokentray[${JSON.stringify(name)}](${asked === undefined ? '' : JSON.stringify(asked)})`,
    );
  const refreshes = (): number =>
    world.tenant.requests.filter(({ grantType }) => grantType === 'refresh_token').length;
  const act = (action: string, profile = 'default'): Promise<unknown> =>
    call('profile.act', { profile, action });

  beforeAll(async () => {
    world = await makeWorld();
    tray = await world.launch();
    await world.importEnv(tray, 'Only before it expires');
    await world.signIn(tray, 'accept');
    await tray.waitForTray(({ image }) => image.path?.includes('signed-in') === true);
    await tray.waitForWindows((windows) => windows.length === 0);
  }, 120_000);
  afterAll(() => world.close());

  test('opens from the menu as a window', async () => {
    const dialogs = (await tray.dialogs()).length;
    await tray.clickMenu('status');
    status = await tray.waitForWindow(isStatus);
    const [state] = await tray.windows();
    expect(state).toMatchObject({ title: 'Tokentray: Status', partition: 'tokentray-windows' });
    expect(state?.options).toMatchObject({ width: 720, height: 640, minWidth: 360 });
    expect(await tray.dialogs()).toHaveLength(dialogs);
  });

  test('gives its page the status, with the token’s start and expiry', async () => {
    const [body, ...more] = (await call('profiles.read')) as StatusBody[];
    expect(more).toEqual([]);
    expect(body).toMatchObject({
      profile: { id: 'default', isDefault: true, source: 'stored' },
      session: { kind: 'signed-in', account: { username: world.tenant.users[0]!.username } },
    });
    const { obtainedOn, expiresOn } = body!.session;
    expect(Date.parse(obtainedOn!)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(expiresOn!)).toBeGreaterThan(Date.now());
  });

  test('copies for its page as for the menu: the page gets a sentence, the clipboard the token', async () => {
    const acted = (await act('copy')) as { kind: string; said: string };
    expect(acted).toEqual({ kind: 'done', said: expect.stringMatching(/^Copied, good until /u) as string });
    token = await tray.clipboardText();
    await world.tenant.verifyAccessToken(token);
    await tray.waitForTray(({ menu }) => menu.some(({ label }) => label === acted.said));
  });

  test('gives its page the token’s claims and history, and no usable part of the token', async () => {
    const view = await call('token.read', { profile: 'default' });
    const week = await call('history.read', { profile: 'default' });
    expect(view).toMatchObject({ kind: 'jwt' });
    expect(week).toMatchObject({ entries: [{ kind: 'signed-in' }], gaps: [] });
    const said = JSON.stringify([view, week, await call('profiles.read'), await call('versions.read')]);
    for (const part of token.split('.')) expect(said).not.toContain(part);
  });

  test('sends its page every change, until the page stops listening', async () => {
    await status.evaluate(`{
      globalThis.heard = [];
      globalThis.unheard = 0;
      tokentray.on('profiles.changed', (said) => heard.push(said));
      const end = tokentray.on('profiles.changed', () => { unheard += 1; });
      end();
    }`);
    await tray.clickMenu('refresh');
    const activities = `heard.map(([{ activity, lastRefresh }]) => activity.kind + ' ' + lastRefresh?.kind)`;
    await expect.poll(() => status.evaluate(activities)).toContain('idle refreshed');
    expect(await status.evaluate(activities)).toContain('refreshing undefined');
    expect(await status.evaluate('unheard')).toBe(0);
  });

  test('answers about an unknown profile with the existing ones', async () => {
    expect(await act('refresh', 'gone')).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'profile.unknown',
        message: 'There is no profile “gone”.',
        next: expect.stringContaining('default') as string,
      },
    });
    const rejected = `tokentray['token.read']({ profile: 'gone' }).catch((error) => error.message)`;
    expect(await status.evaluate(rejected)).toBe('There is no profile “gone”. Use one of these: default.');
    const wrong = `tokentray['profile.act']({ profile: 'default', action: 'quit' }).catch((error) => error.message)`;
    expect(await status.evaluate(wrong)).toMatch(
      /^The page called profile\.act incorrectly: action must be /u,
    );
  });

  test('reports a failed action of its page there, without a box', async () => {
    const dialogs = (await tray.dialogs()).length;
    world.tenant.faults.token = { kind: 'http', status: 503 };
    const acted = await act('refresh');
    world.tenant.faults.token = undefined;
    expect(acted).toMatchObject({ kind: 'failed', problem: { kind: 'transient' } });
    expect(await tray.dialogs()).toHaveLength(dialogs);
  });

  test('opens the folder of the logs, and no other', async () => {
    expect(await call('logs.open')).toEqual({ kind: 'done' });
    const opened = await tray.calls('shell.openPath');
    expect(opened.map(({ args }) => args)).toEqual([[path.join(tray.home, '.local/state/tokentray/logs')]]);
  });

  test('copies diagnostics that can be published', async () => {
    expect(await call('diagnostics.copy')).toMatchObject({
      kind: 'done',
      said: expect.stringContaining('Diagnostics copied') as string,
    });
    const text = await tray.clipboardText();
    for (const part of [
      '## versions',
      '## status of default',
      '## check-up of default',
      '## log, the last',
      world.tenant.tenantId,
    ])
      expect(text).toContain(part);
    const [user] = world.tenant.users;
    for (const secret of [
      ...token.split('.'),
      world.tenant.client.clientSecret,
      user!.username,
      user!.password,
    ])
      expect(text).not.toContain(secret);
  });

  test('comes to the front at a second launch', async () => {
    expect(await tray.secondInstance()).toMatchObject({ code: 0 });
    await tray.waitForWindows((windows) => windows.some(({ focused }) => focused));
    expect(await tray.windows()).toHaveLength(1);
  });

  test('starts a sign-in in the sign-in window without waiting for it', async () => {
    expect(await act('sign-in')).toEqual({ kind: 'done' });
    const window = await tray.waitForWindow(({ partition }) => partition === 'tokentray-sign-in');
    await window.closeByUser();
    await tray.waitForWindows((windows) => windows.length === 1);
  });

  test('is replaced when it is opened again after its page crashed', async () => {
    const crashed = status.id;
    await status.crashRenderer();
    // The application learns of the crash a moment later; until then the window is only brought to the front.
    await expect
      .poll(async () => {
        await tray.clickMenu('status');
        return (await tray.windows()).map(({ id }) => id);
      })
      .not.toContain(crashed);
    status = await tray.waitForWindow(isStatus);
    expect(await call('profiles.read')).toMatchObject([{ profile: { id: 'default' } }]);
    expect(await tray.windows()).toHaveLength(1);
  });

  test('receives nothing after it is closed, without an error', async () => {
    await status.closeByUser();
    await tray.waitForWindows((windows) => windows.length === 0);
    const sent = (await tray.calls('WebContents.send')).length;
    expect(sent).toBeGreaterThan(0);
    const before = refreshes();
    await tray.clickMenu('refresh');
    await expect.poll(() => refreshes()).toBeGreaterThan(before);
    await tray.waitForTray(({ image }) => image.path?.includes('signed-in') === true);
    expect(await tray.calls('WebContents.send')).toHaveLength(sent);
    expect(tray.stderr()).not.toMatch(/destroyed|not handled|Error occurred/u);
  });

  test('opens again with the current state, and closes with the application', async () => {
    await tray.clickMenu('status');
    status = await tray.waitForWindow(isStatus);
    expect(await act('sign-out')).toEqual({ kind: 'done' });
    expect(await call('profiles.read')).toMatchObject([{ session: { kind: 'signed-out' } }]);
    expect(await tray.quit()).toMatchObject({ code: 0 });
  });
});

test(`if the page cannot be loaded, Status is a dialog (on the ${runsOn()})`, async () => {
  const entry = await buildDamaged('no-status', [
    { file: 'src/tray/windows/pages.ts', replace: { "'status.html'": "'absent.html'" } },
  ]);
  const world = await makeWorld();
  try {
    const tray = await world.launch({ entry });
    await world.importEnv(tray, 'Only before it expires');
    await tray.clickMenu('status');
    const dialog = await tray.waitForDialog(({ answer }) => answer === undefined);
    expect(dialog.options).toMatchObject({ message: 'Signed out' });
    expect(await tray.windows()).toEqual([]);
    expect(tray.stderr()).toContain('the window cannot be opened');
    const buttons = dialog.options.buttons as string[];
    await tray.answerNextDialog({ response: buttons.indexOf('Quit') });
    expect(await tray.exited).toMatchObject({ code: 0 });
  } finally {
    await world.close();
  }
});
