import { Menu, nativeImage, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import { fileURLToPath } from 'node:url';
import type { IconName, MenuAction, MenuEntry, TrayView } from './projection.ts';

const icons = new Map<IconName, NativeImage>();

function iconImage(name: IconName): NativeImage {
  const loaded = icons.get(name) ?? nativeImage.createFromPath(iconPath(name));
  icons.set(name, loaded);
  return loaded;
}

/** Bundles lie two folders deep (`dist/tray`, `dist/chunks`), beside `assets`. */
function iconPath(name: IconName): string {
  return fileURLToPath(new URL(`../../assets/tray/${name}.png`, import.meta.url));
}

function toItem(entry: MenuEntry, act: (action: MenuAction) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'line':
      return { label: escapeLabel(entry.text), enabled: false };
    case 'action':
      return {
        id: entry.action,
        label: escapeLabel(entry.text),
        enabled: entry.state === 'enabled',
        click: () => act(entry.action),
      };
  }
}

/** A single `&` marks an access key and disappears; names may hold one. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}

/** The icon in the notification area. Held by its owner for the life of the process, or it is collected. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #act: (action: MenuAction) => void;
  #shown: string | undefined;

  constructor(view: TrayView, act: (action: MenuAction) => void) {
    this.#tray = new Tray(iconImage(view.icon));
    this.#act = act;
    this.show(view);
  }

  /** Linux shows the menu it was last given, so it is given again; but an equal one would flicker. */
  show(view: TrayView): void {
    const drawn = JSON.stringify(view);
    if (drawn === this.#shown) return;
    this.#shown = drawn;
    this.#tray.setImage(iconImage(view.icon));
    this.#tray.setToolTip(view.tooltip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(view.menu.map((entry) => toItem(entry, this.#act))));
  }
}
