import type { Menu } from 'electron';
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { followIconMenu } from './icon-menu.ts';

/** An icon as Electron makes them; what the platform would do is noted. */
function icons() {
  const done: unknown[] = [];
  class Icon extends EventEmitter {
    setContextMenu(menu: Menu | null): void {
      done.push(['given', menu]);
    }
    popUpContextMenu(menu?: Menu): void {
      done.push(['popped up', menu]);
    }
    setToolTip(text: string): void {
      done.push(['tooltip', text]);
    }
  }
  return { Icon, done };
}
const menu = (label: string): Menu => ({ items: [{ label }] }) as unknown as Menu;

test('an icon that was given menus has the last of them', () => {
  const { Icon, done } = icons();
  const look = followIconMenu(Icon);
  expect(look()).toBeUndefined();
  const icon = new Icon();
  const [first, second] = [menu('first'), menu('second')];
  icon.setContextMenu(first);
  icon.setContextMenu(second);
  expect(look()).toBe(second);
  expect(done).toEqual([
    ['given', first],
    ['given', second],
  ]);
});

test('an icon that pops its menu up, as on Windows, is asked for it each time, and none stays open', () => {
  const { Icon, done } = icons();
  const look = followIconMenu(Icon);
  const icon = new Icon();
  let asked = 0;
  icon.setToolTip('Tokentray');
  icon.on('right-click', () => icon.popUpContextMenu(menu(`asked ${++asked} times`)));
  expect(look()).toEqual(menu('asked 1 times'));
  expect(look()).toEqual(menu('asked 2 times'));
  expect(done).toEqual([['tooltip', 'Tokentray']]);
});
