import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { closeAll, launchTray, runsOn } from '../../house/electron/harness.ts';
import { buildDamaged } from '../fixtures/sabotage.ts';

/** Time for what must not happen to happen. */
const NOTHING_MS = 500;

const isSettings = ({ url, visible }: { url: string; visible: boolean }): boolean =>
  visible && url === 'app://bundle/settings.html';

/** A desktop without a place for icons tells nobody: Electron makes the icon as everywhere. */
test(`where nobody sees the icon, a launch shows nothing, and a second one the way to set it up (on the ${runsOn()})`, async () => {
  try {
    const tray = await launchTray({});
    await tray.waitForTray(({ menu }) => menu.some(({ label }) => label === 'Set up…'));
    await new Promise((resolve) => setTimeout(resolve, NOTHING_MS));
    expect([await tray.windows(), await tray.dialogs(), await tray.notifications()]).toEqual([[], [], []]);
    expect(await tray.secondInstance()).toMatchObject({ code: 0 });
    await tray.waitForWindow(isSettings);
    expect(await tray.dialogs()).toEqual([]);
    expect(await tray.quit()).toMatchObject({ code: 0 });
  } finally {
    await closeAll();
  }
});

test(`where making the icon throws, a second launch opens Status (on the ${runsOn()})`, async () => {
  const entry = await buildDamaged('no-tray', [
    {
      file: 'src/tray/menu/tray-icon.ts',
      replace: {
        'this.#tray = new Tray(': "if (true) throw new Error('no tray here'); this.#tray = new Tray(",
      },
    },
  ]);
  try {
    const tray = await launchTray({ entry });
    await expect.poll(() => existsSync(path.join(tray.home, 'run/tokentray/agent.sock'))).toBe(true);
    expect(await tray.tray()).toBeFalsy();
    expect(await tray.secondInstance()).toMatchObject({ code: 0 });
    const status = await tray.waitForDialog(({ answer }) => answer === undefined);
    expect(status.options).toMatchObject({ message: 'Not set up yet' });
    // However often somebody tries again while it is open.
    expect(await tray.secondInstance(['--status'])).toMatchObject({ code: 0 });
    await new Promise((resolve) => setTimeout(resolve, NOTHING_MS));
    expect(await tray.dialogs()).toHaveLength(1);
    const buttons = status.options.buttons as string[];
    await tray.answerNextDialog({ response: buttons.indexOf('Quit') });
    expect(await tray.exited).toMatchObject({ code: 0 });
    expect(tray.stderr()).toContain('no tray icon can be shown');
  } finally {
    await closeAll();
  }
});
