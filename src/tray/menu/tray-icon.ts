import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions } from 'electron';
import { fileURLToPath } from 'node:url';
import { iconFile, panelTheme, type DesktopColours, type IconName } from './icons.ts';
import type { ActionEntry, MenuAction, MenuEntry, Target } from './menu-entry.ts';
import type { TrayView } from './projection.ts';

/** Carries out the chosen action. */
export type Act = (action: MenuAction, target: Target) => void;

/** What the icon shows. */
export interface TraySource {
  readonly view: TrayView;
  /** The menu as it is at this moment. */
  readonly openedMenu: readonly MenuEntry[];
}

/** The parts of the desktop that determine how the icon looks and responds to clicks. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  /** `XDG_CURRENT_DESKTOP`. */
  readonly currentDesktop: string | undefined;
  readonly colours: DesktopColours & { on(event: 'updated', listener: () => void): unknown };
}

function thisDesktop(): Desktop {
  const { platform, env } = process;
  return { platform, currentDesktop: env.XDG_CURRENT_DESKTOP, colours: nativeTheme };
}

function toItem(entry: MenuEntry, choose: (entry: ActionEntry) => void): MenuItemConstructorOptions {
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
        submenu: entry.entries.map((inner) => toItem(inner, choose)),
      };
  }
}

/**
 * Windows reports a right-click on an icon without a menu, so the menu can be built then. Linux needs the menu in
 * advance. So does macOS: it reports the opening too, but draws the menu set before (menuWillOpen in Electron's
 * electron_menu_controller.mm), and an icon without a menu could not be reached by keyboard and VoiceOver.
 */
function menuIs(platform: NodeJS.Platform): 'given' | 'asked-for' {
  return platform === 'win32' ? 'asked-for' : 'given';
}

/** A single `&` would be taken as the mark of an access key; names may contain one. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}

/** The icon in the notification area. Keep a reference to it, or it is garbage-collected. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #act: Act;
  readonly #desktop: Desktop;
  #view: TrayView;
  readonly #shown = new Map<'image' | 'tooltip' | 'menu', string>();
  /** Referenced here, because Electron does not keep an open menu alive. */
  #opened: Electron.Menu | undefined;

  constructor(source: TraySource, act: Act, desktop: Desktop = thisDesktop()) {
    const { view } = source;
    this.#view = view;
    this.#act = act;
    this.#desktop = desktop;
    this.#tray = new Tray(nativeImage.createFromPath(this.#iconPath(view.icon)));
    this.#shown.set('image', this.#iconPath(view.icon));
    // On macOS a click opens the menu, and on Linux the desktop decides; on Windows the application does.
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
   * Updates only what has changed: setting an equal menu on Linux would make it flicker, or close it while it is open.
   */
  show(view: TrayView): void {
    if (this.#tray.isDestroyed()) return;
    this.#view = view;
    const image = this.#iconPath(view.icon);
    this.#onChange('image', image, () => this.#tray.setImage(nativeImage.createFromPath(image)));
    this.#onChange('tooltip', view.tooltip, () => this.#tray.setToolTip(view.tooltip));
    if (menuIs(this.#desktop.platform) === 'asked-for') return;
    this.#onChange('menu', JSON.stringify(view.menu), () =>
      this.#tray.setContextMenu(this.#menuOf(view.menu)),
    );
  }

  remove(): void {
    this.#tray.destroy();
  }

  #menuOf(entries: readonly MenuEntry[]): Electron.Menu {
    return Menu.buildFromTemplate(entries.map((entry) => toItem(entry, (chosen) => this.#choose(chosen))));
  }

  #choose({ action, target, mark }: ActionEntry): void {
    // The platform has toggled the mark, so the menu must be drawn again even if it is unchanged.
    if (mark !== undefined) this.#shown.delete('menu');
    this.#act(action, target);
  }

  #onChange(part: 'image' | 'tooltip' | 'menu', value: string, draw: () => void): void {
    if (this.#shown.get(part) === value) return;
    this.#shown.set(part, value);
    draw();
  }

  /** Bundles are two folders deep (`dist/tray`), beside `assets`. */
  #iconPath(icon: IconName): string {
    const { platform, colours, currentDesktop } = this.#desktop;
    const file = iconFile(icon, platform, panelTheme(platform, colours, currentDesktop));
    return fileURLToPath(new URL(`../../assets/tray/${file}`, import.meta.url));
  }
}
