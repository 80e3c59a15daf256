import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions } from 'electron';
import { fileURLToPath } from 'node:url';
import { iconFile, panelTheme, type DesktopColours, type IconName } from './icons.ts';
import type { ActionEntry, MenuAction, MenuEntry, Target } from './menu-entry.ts';
import type { TrayView } from './projection.ts';

/** Carries out what was chosen. */
export type Act = (action: MenuAction, target: Target) => void;

/** What the icon shows. */
export interface TraySource {
  readonly view: TrayView;
  /** For a menu that opens at this moment. */
  readonly openedMenu: readonly MenuEntry[];
}

/** What of the machine decides how the icon looks and is clicked. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  /** `XDG_CURRENT_DESKTOP`. */
  readonly currentDesktop: string | undefined;
  readonly colours: DesktopColours & { on(event: 'updated', listener: () => void): unknown };
}

/** The machine this runs on. */
function thisDesktop(): Desktop {
  const { platform, env } = process;
  return { platform, currentDesktop: env.XDG_CURRENT_DESKTOP, colours: nativeTheme };
}

type Choose = (entry: ActionEntry) => void;

function toTemplate(entries: readonly MenuEntry[], choose: Choose): MenuItemConstructorOptions[] {
  return entries.map((entry) => toItem(entry, choose));
}

function toItem(entry: MenuEntry, choose: Choose): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'line':
      return { label: escapeLabel(entry.text), enabled: false };
    case 'action':
      return {
        id: entry.id,
        label: escapeLabel(entry.text),
        enabled: entry.state === 'enabled',
        ...(entry.mark === undefined ? {} : { type: 'checkbox', checked: entry.mark === 'on' }),
        click: () => choose(entry),
      };
    case 'submenu':
      return {
        id: entry.id,
        label: escapeLabel(entry.text),
        enabled: entry.state === 'enabled',
        submenu: toTemplate(entry.entries, choose),
      };
  }
}

/**
 * Windows asks an icon without a menu of its own for one when it opens. Linux can only be given one, and so
 * is macOS: it tells of the opening too, but draws what it was given before (menuWillOpen in Electron's
 * electron_menu_controller.mm), and an icon without a menu would be lost to the keyboard and VoiceOver.
 */
function menuIs(platform: NodeJS.Platform): 'given' | 'asked-for' {
  return platform === 'win32' ? 'asked-for' : 'given';
}

/** A single `&` marks an access key and disappears; names may hold one. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}

/** The icon in the notification area. Held by its owner for the life of the process, or it is collected. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #act: Act;
  readonly #desktop: Desktop;
  #view: TrayView;
  readonly #shown = new Map<'image' | 'tooltip' | 'menu', string>();
  /** The one that was opened last: Electron does not hold it while it is open. */
  #opened: Electron.Menu | undefined;

  constructor(source: TraySource, act: Act, desktop: Desktop = thisDesktop()) {
    const { view } = source;
    this.#view = view;
    this.#act = act;
    this.#desktop = desktop;
    this.#tray = new Tray(nativeImage.createFromPath(this.#iconPath(view.icon)));
    this.#shown.set('image', this.#iconPath(view.icon));
    // On macOS a click opens the menu, on Linux the desktop decides; Windows leaves it to the application.
    if (desktop.platform === 'win32') this.#tray.on('click', () => this.#act('status', {}));
    if (menuIs(desktop.platform) === 'asked-for') {
      this.#tray.on('right-click', () => {
        this.#opened = this.#menuOf(source.openedMenu);
        this.#tray.popUpContextMenu(this.#opened);
      });
    }
    desktop.colours.on('updated', () => this.show(this.#view));
    this.show(view);
  }

  /**
   * Shows what has changed, and touches nothing else: Linux shows the menu it was last given, so a
   * changed one is given again, but an equal one would flicker, and close where it is open.
   */
  show(view: TrayView): void {
    this.#view = view;
    const image = this.#iconPath(view.icon);
    this.#onChange('image', image, () => this.#tray.setImage(nativeImage.createFromPath(image)));
    this.#onChange('tooltip', view.tooltip, () => this.#tray.setToolTip(view.tooltip));
    if (menuIs(this.#desktop.platform) === 'asked-for') return;
    this.#onChange('menu', JSON.stringify(view.menu), () =>
      this.#tray.setContextMenu(this.#menuOf(view.menu)),
    );
  }

  #menuOf(entries: readonly MenuEntry[]): Electron.Menu {
    return Menu.buildFromTemplate(toTemplate(entries, (entry) => this.#choose(entry)));
  }

  #choose({ action, target, mark }: ActionEntry): void {
    // The platform has turned the mark over by itself: what comes next is drawn, also where it is as before.
    if (mark !== undefined) this.#shown.delete('menu');
    this.#act(action, target);
  }

  #onChange(part: 'image' | 'tooltip' | 'menu', value: string, draw: () => void): void {
    if (this.#shown.get(part) === value) return;
    this.#shown.set(part, value);
    draw();
  }

  /** Bundles lie two folders deep (`dist/tray`), beside `assets`. */
  #iconPath(icon: IconName): string {
    const { platform, colours, currentDesktop } = this.#desktop;
    const file = iconFile(icon, platform, panelTheme(platform, colours, currentDesktop));
    return fileURLToPath(new URL(`../../assets/tray/${file}`, import.meta.url));
  }
}
