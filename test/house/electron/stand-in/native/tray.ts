import { EventEmitter } from 'node:events';
import type { MenuItemState, TrayState } from '../../control/control-protocol.ts';
import { announce } from '../control/announce.ts';
import { app } from '../app/app.ts';
import { recordCall, recordMethods } from '../control/call-log.ts';
import { fire, makeEvent } from '../control/event.ts';
import { chooseItem, type StandInMenu } from './menu.ts';
import { imageFrom, type StandInNativeImage } from './native-image.ts';

let current: StandInTray | undefined;

function setCurrent(tray: StandInTray | undefined): void {
  current = tray;
}

/** The icon in the notification area. */
export class StandInTray
  extends EventEmitter
  implements
    Pick<
      Electron.Tray,
      | 'closeContextMenu'
      | 'destroy'
      | 'focus'
      | 'getBounds'
      | 'getGUID'
      | 'getIgnoreDoubleClickEvents'
      | 'getTitle'
      | 'isDestroyed'
      | 'setIgnoreDoubleClickEvents'
      | 'setImage'
      | 'setPressedImage'
      | 'setTitle'
      | 'setToolTip'
    >
{
  readonly #guid: string | null;
  #image: StandInNativeImage;
  #menu: StandInMenu | null = null;
  #shown: MenuItemState[] = [];
  #toolTip = '';
  #title = '';
  #ignoreDoubleClick = false;
  #destroyed = false;

  constructor(image: Electron.NativeImage | string, guid?: string) {
    super();
    if (!app.isReady()) throw new Error('Cannot create Tray before app is ready');
    recordCall('new Tray', [image, guid]);
    this.#image = imageFrom(image);
    this.#guid = guid ?? null;
    setCurrent(this);
    announce('tray');
  }

  /** The icon that is there now, if any. */
  static _current(): StandInTray | undefined {
    return current;
  }

  setImage(image: Electron.NativeImage | string): void {
    this.#alive();
    this.#image = imageFrom(image);
    announce('tray');
  }

  setPressedImage(): void {
    this.#alive();
  }

  setToolTip(toolTip: string): void {
    this.#alive();
    this.#toolTip = toolTip;
    announce('tray');
  }

  setTitle(title: string): void {
    this.#alive();
    this.#title = title;
    announce('tray');
  }

  getTitle(): string {
    this.#alive();
    return this.#title;
  }

  getGUID(): string | null {
    return this.#guid;
  }

  setIgnoreDoubleClickEvents(ignore: boolean): void {
    this.#alive();
    this.#ignoreDoubleClick = ignore;
  }

  getIgnoreDoubleClickEvents(): boolean {
    return this.#ignoreDoubleClick;
  }

  setContextMenu(menu: StandInMenu | null): void {
    this.#alive();
    this.#menu = menu;
    // Linux draws what it was given: a later change of an item shows only after the next setContextMenu.
    this.#shown = menu?._state() ?? [];
    announce('tray');
  }

  popUpContextMenu(): void {
    // Does nothing on Linux; recorded.
    this.#alive();
  }

  closeContextMenu(): void {
    this.#alive();
  }

  focus(): void {
    this.#alive();
  }

  getBounds(): Electron.Rectangle {
    this.#alive();
    return { x: 0, y: 0, width: 24, height: 24 };
  }

  destroy(): void {
    this.#destroyed = true;
    if (current === this) setCurrent(undefined);
    announce('tray');
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  _state(): TrayState {
    const live = process.platform === 'linux' ? this.#shown : (this.#menu?._state() ?? []);
    return { toolTip: this.#toolTip, title: this.#title, image: this.#image._state(), menu: live };
  }

  _choose(path: readonly string[]): void {
    if (!this.#menu) throw new Error('the tray has no menu');
    chooseItem(this.#menu, path);
  }

  _click(event: string): void {
    fire(
      this,
      event,
      makeEvent({ altKey: false, shiftKey: false, ctrlKey: false, metaKey: false }),
      this.getBounds(),
      {
        x: 0,
        y: 0,
      },
    );
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError('Tray is destroyed');
  }
}
recordMethods('Tray', StandInTray);
