import { strict as assert } from 'node:assert';
import { app, clipboard, Menu, nativeImage, Notification, powerMonitor, Tray } from 'electron';
import { behaves, behavesOn, ONE_PIXEL_PNG, settle, until } from '../stage.ts';

behaves('the clipboard is asynchronous', async () => {
  const written: unknown = clipboard.writeText('conformance');
  assert.equal(written instanceof Promise, true);
  await written;
  assert.equal(await clipboard.readText(), 'conformance');
  clipboard.clear();
  assert.equal(await clipboard.readText(), '');
});

behaves(
  'a menu item calls its click with itself, a checkbox is toggled first, ids are found in submenus',
  async () => {
    const seen: unknown[] = [];
    const click = (item: Electron.MenuItem): void => void seen.push([item.label, item.checked]);
    const menu = Menu.buildFromTemplate([
      { label: 'Plain', click },
      { type: 'separator' },
      { label: 'More', submenu: [{ id: 'box', label: 'Box', type: 'checkbox', checked: false, click }] },
    ]);
    menu.items[0]?.click();
    menu.getMenuItemById('box')?.click();
    assert.deepEqual(seen, [
      ['Plain', false],
      ['Box', true],
    ]);
    assert.deepEqual(
      menu.items.map(({ type }) => type),
      ['normal', 'separator', 'submenu'],
    );
    await Promise.resolve();
  },
);

behaves(
  'the tray takes a new menu, picture and tooltip, refuses a missing file, and is gone once destroyed',
  async () => {
    const picture = nativeImage.createFromBuffer(Buffer.from(ONE_PIXEL_PNG, 'base64'));
    assert.deepEqual(picture.getSize(), { width: 1, height: 1 });
    assert.equal(nativeImage.createFromPath('/nowhere/at-all.png').isEmpty(), true);
    const tray = new Tray(picture);
    tray.setContextMenu(Menu.buildFromTemplate([{ label: 'one' }]));
    tray.setContextMenu(Menu.buildFromTemplate([{ label: 'two' }]));
    tray.setToolTip('words');
    tray.setImage(picture);
    assert.throws(() => tray.setImage('/nowhere/at-all.png'), /Failed to load image from path/);
    tray.destroy();
    assert.equal(tray.isDestroyed(), true);
    assert.throws(() => tray.setToolTip('more'));
    await Promise.resolve();
  },
);

// macOS follows the mouse in a menu that is popped up, and does nothing else until somebody closes it.
behavesOn(
  ['linux', 'win32'],
  'an icon without a menu reports a right click, and pops up the menu that it is given then',
  async () => {
    const tray = new Tray(nativeImage.createFromBuffer(Buffer.from(ONE_PIXEL_PNG, 'base64')));
    const menu = Menu.buildFromTemplate([{ label: 'one' }]);
    let shown = 0;
    menu.on('menu-will-show', () => (shown += 1));
    tray.on('right-click', () => tray.popUpContextMenu(menu));
    tray.emit('right-click');
    // On Linux, where the icon is given its menu instead, nothing pops up.
    if (process.platform === 'win32') await until(() => shown === 1, "'menu-will-show'");
    else await settle();
    tray.closeContextMenu();
    assert.equal(shown, process.platform === 'win32' ? 1 : 0);
    tray.destroy();
  },
);

behaves('a notification keeps what it was given and can be shown and closed', async () => {
  assert.equal(typeof Notification.isSupported(), 'boolean');
  const notification = new Notification({ title: 'T', body: 'B', silent: true });
  assert.deepEqual([notification.title, notification.body, notification.silent], ['T', 'B', true]);
  notification.show();
  notification.close();
  await Promise.resolve();
});

behaves('a notification takes listeners for the click and for its failure', async () => {
  const notification = new Notification({ title: 'T', body: 'B' });
  notification.once('click', () => undefined);
  notification.once('failed', () => undefined);
  assert.equal(notification.listenerCount('click'), 1);
  assert.equal(notification.listenerCount('failed'), 1);
  // Closing what was never shown is nothing.
  notification.close();
  await Promise.resolve();
});

behaves('a program that is not packaged says so', async () => {
  assert.equal(app.isPackaged, false);
  await Promise.resolve();
});

behavesOn(['linux'], 'Linux keeps no login item', async () => {
  app.setLoginItemSettings({ openAtLogin: true, args: ['--at-login'] });
  assert.equal(app.getLoginItemSettings({ args: ['--at-login'] }).openAtLogin, false);
  await Promise.resolve();
});

behaves('powerMonitor is there after ready and takes listeners', async () => {
  powerMonitor.on('resume', () => undefined);
  assert.equal(powerMonitor.listenerCount('resume'), 1);
  await Promise.resolve();
});
