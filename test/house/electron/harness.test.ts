import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from './build-stand-in.ts';
import { closeAll, launchTray, runsOn, type LaunchOptions, type TrayProcess } from './harness.ts';
import { openTrap } from './trap-server.ts';

const ONE_PIXEL_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const scratch = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
const icon = path.join(scratch, 'icon.png');
let program = '';

beforeAll(async () => {
  writeFileSync(icon, Buffer.from(ONE_PIXEL_PNG, 'base64'));
  program = await buildProgram(fileURLToPath(new URL('./programs/sample-tray.ts', import.meta.url)));
});
afterEach(closeAll);
afterAll(() => rmSync(scratch, { recursive: true }));

async function launchSample(options: LaunchOptions = {}): Promise<TrayProcess> {
  const { env, ...others } = options;
  const tray = await launchTray({ entry: program, env: { SAMPLE_ICON: icon, ...env }, ...others });
  await tray.waitForTray(({ toolTip }) => toolTip === 'Sample: ready');
  return tray;
}

/** Running Chromium processes with a profile in this home. */
function chromiumsOf(home: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`--user-data-dir=${home}`));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe(`the harness on: ${runsOn()}`, () => {
  it('shows the tray as a person sees it, and lets them choose from its menu', async () => {
    const app = await launchSample();
    const state = await app.tray();
    expect(state?.menu.map(({ label }) => label)).toEqual([
      'ready',
      'Copy',
      'Notify',
      'Open',
      'More',
      'Time',
      'Website',
      'Quit',
    ]);
    expect(state?.image).toMatchObject({ path: icon, width: 1, height: 1, empty: false });
    await app.clickMenu('Copy');
    await app.waitForClipboard((text) => text === 'copy 1');
    await app.setClipboardText('mine');
    expect(await app.clipboardText()).toBe('mine');
    await expect(app.clickMenu('ready')).rejects.toThrow('disabled');
    await expect(app.clickMenu('Nothing')).rejects.toThrow(
      'no menu item "Nothing"; there are: "ready" (disabled), "Copy"',
    );
    await app.clickMenu('Website');
    expect((await app.waitForCall('shell.openExternal')).args).toEqual(['https://example.com/']);
    expect((await app.calls('app.enableSandbox')).map(({ beforeReady }) => beforeReady)).toEqual([true]);
    expect((await app.calls('new Tray')).map(({ beforeReady }) => beforeReady)).toEqual([false]);
  });

  it('answers dialogs before or after they open, and clicks notifications', async () => {
    const app = await launchSample();
    await app.clickMenu(['More', 'Ask']);
    await app.waitForDialog(({ kind, answer }) => kind === 'message' && answer === undefined);
    await app.answerNextDialog({ response: 1 });
    await app.waitForTray(({ toolTip }) => toolTip === 'Sample: answered 1');
    await app.answerNextDialog({ response: 0 });
    await app.clickMenu(['More', 'Ask']);
    await app.waitForTray(({ toolTip }) => toolTip === 'Sample: answered 0');
    await app.clickMenu('Notify');
    await app.waitForNotification(({ title, body }) => title === 'Hello' && body === 'there');
    await app.clickNotification(0);
    await app.waitForTray(({ toolTip }) => toolTip === 'Sample: clicked');
  });

  it('moves the clock, the power, the network and the theme', async () => {
    const app = await launchSample({ now: new Date('2031-02-03T04:05:06Z') });
    await app.clickMenu('Time');
    await app.waitForTray(({ toolTip }) => toolTip.startsWith('Sample: 2031-02-03T04:05:'));
    await app.advanceClock(3_600_000);
    await app.clickMenu('Time');
    await app.waitForTray(({ toolTip }) => toolTip.startsWith('Sample: 2031-02-03T05:05:'));
    await app.setClock(new Date('2020-01-01T00:00:00Z'));
    await app.clickMenu('Time');
    await app.waitForTray(({ toolTip }) => toolTip.startsWith('Sample: 2020-01-01T00:00:'));
    await app.setOnline(false);
    await app.emitPower('resume');
    await app.waitForTray(({ toolTip }) => toolTip === 'Sample: resumed offline');
    await app.setTheme('dark');
    await app.waitForTray(({ toolTip }) => toolTip === 'Sample: dark');
  });

  it('gives a user hands and eyes in a window', async () => {
    const app = await launchSample();
    await app.clickMenu('Open');
    const window = await app.waitForWindow(({ pageTitle }) => pageTitle === 'Form');
    await window.fill('#who', 'Ada');
    await window.select('#kind', 'b');
    await window.click('button');
    await window.waitForSelector('#late');
    expect(await window.text()).toContain('Hello Ada!');
    await window.fill('#who', 'Bob');
    await window.press('Enter');
    expect(await window.evaluate('out.textContent + kind.value')).toBe('Hello Bob!b');
    expect((await window.screenshot()).subarray(1, 4).toString()).toBe('PNG');
    const [state] = await app.windows();
    expect(state).toMatchObject({ title: 'Form', partition: 'sample', visible: true, focused: true });
    expect(state?.webPreferences).toMatchObject({ sandbox: true });
    expect(await app.cookies('sample')).toMatchObject([{ name: 'visited', value: '1', domain: '127.0.0.1' }]);
    expect(await window.askPermission('geolocation')).toEqual({ check: true, request: false });
    await expect(window.waitForSelector('#never', { timeoutMs: 100 })).rejects.toThrow('no visible "#never"');
    await window.crashRenderer();
    await app.waitForOutput(/gone crashed/);
    await window.closeByUser();
    await app.waitForOutput(/closed\nno windows/);
    expect(await app.windows()).toEqual([]);
  });

  it('starts a second instance, quits in order, and leaves nothing behind', async () => {
    const app = await launchSample();
    await app.clickMenu('Open');
    await app.waitForWindow(({ pageTitle }) => pageTitle === 'Form');
    expect(await app.secondInstance(['--status'])).toMatchObject({ code: 3 });
    await app.waitForOutput(/second --status {"from":"second"}/);
    expect(chromiumsOf(app.home)).not.toEqual([]);
    expect(await app.quit()).toEqual({ code: 0, signal: null });
    expect(app.stdout()).toContain('before-quit');
    await until(() => chromiumsOf(app.home).length === 0);
    await expect(app.tray()).rejects.toThrow('the process ended (0)');
  });

  it('takes Chromium along when it is killed, and the next start is not held up by the dead one', async () => {
    const app = await launchSample();
    await app.clickMenu('Open');
    await app.waitForWindow(({ pageTitle }) => pageTitle === 'Form');
    expect(chromiumsOf(app.home)).not.toEqual([]);
    expect(await app.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    await until(() => chromiumsOf(app.home).length === 0);
    const again = await launchSample({ home: app.home });
    await closeAll();
    expect(existsSync(again.home)).toBe(false);
  });

  it('says what was last seen when a wait fails, and what the program said when it did not start', async () => {
    const app = await launchSample();
    await expect(app.waitForTray(() => false, { timeoutMs: 50 })).rejects.toThrow(
      /last seen: \{\s+toolTip: 'Sample: ready'/,
    );
    const broken = path.join(scratch, 'broken.js');
    writeFileSync(broken, "import { nothing } from 'electron'; nothing();");
    const dead = await launchTray({ entry: broken });
    await expect(dead.waitForTray(() => true)).rejects.toThrow(/does not provide an export named 'nothing'/);
    expect(await dead.exited).toEqual({ code: 1, signal: null });
  });
});

describe('the trap server', () => {
  it('counts what arrives, on both loopback addresses', async () => {
    const trap = await openTrap();
    await fetch(`http://127.0.0.1:${trap.port}/one`, { method: 'POST', body: 'b' });
    await fetch(`http://localhost:${trap.port}/two`);
    expect(trap.requests().map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/one', 'b'],
      ['GET', '/two', ''],
    ]);
    if (readFileSync('/proc/net/if_inet6', 'utf8').includes('lo')) {
      await fetch(`http://[::1]:${trap.port}/three`);
      expect(trap.requests()).toHaveLength(3);
    }
    expect(trap.connections()).toBeGreaterThanOrEqual(2);
    await expect(openTrap(trap.port)).rejects.toThrow('EADDRINUSE');
    await trap.close();
  });
});
