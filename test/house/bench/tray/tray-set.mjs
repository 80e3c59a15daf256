// A main-process program for the benchmark: the built tray, and a line on standard output when its icon has
// been given its menu.
import { Tray } from 'electron';

const { setContextMenu } = Tray.prototype;
Tray.prototype.setContextMenu = function (menu) {
  setContextMenu.call(this, menu);
  process.stdout.write('tray set\n');
};
await import(new URL('../../../../dist/tray/main.js', import.meta.url).href);
