import { EventEmitter } from 'node:events';
import type { MenuItemState } from '../../control/control-protocol.ts';
import { announce } from '../control/announce.ts';
import { app } from '../app/app.ts';
import { recordCall, recordMethods } from '../control/call-log.ts';
import { throwLater } from '../control/event.ts';
import { StandInNativeImage } from './native-image.ts';

type Options = Electron.MenuItemConstructorOptions;
type ItemType = Electron.MenuItem['type'];

let lastCommandId = 0;
let applicationMenu: StandInMenu | null = null;
let lastPopup: StandInMenu | null = null;

/** One item of a menu. */
export class StandInMenuItem implements Pick<
  Electron.MenuItem,
  | 'accelerator'
  | 'checked'
  | 'commandId'
  | 'enabled'
  | 'id'
  | 'label'
  | 'role'
  | 'sublabel'
  | 'toolTip'
  | 'type'
  | 'visible'
> {
  readonly commandId = ++lastCommandId;
  readonly id: string;
  readonly type: ItemType;
  readonly role?: NonNullable<Electron.MenuItem['role']>;
  readonly accelerator: string | null;
  readonly submenu?: StandInMenu;
  readonly icon: unknown;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  menu: StandInMenu | undefined;
  readonly click: (...args: unknown[]) => void;

  constructor(options: Options) {
    const submenu = Array.isArray(options.submenu) ? StandInMenu._build(options.submenu) : options.submenu;
    this.type = options.type ?? (submenu === undefined ? 'normal' : 'submenu');
    if (this.type === 'submenu' && submenu === undefined) throw new Error('Invalid submenu');
    if (options.label === undefined && options.role === undefined && this.type !== 'separator') {
      throw new Error('Template item must have "label", "role" or "type"');
    }
    this.id = options.id ?? '';
    // The options know a few roles more than the item does.
    if (options.role !== undefined) this.role = options.role as NonNullable<Electron.MenuItem['role']>;
    if (submenu !== undefined) this.submenu = submenu as unknown as StandInMenu;
    this.label = options.label ?? roleLabel(options.role);
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.accelerator = options.accelerator ?? null;
    this.icon = options.icon;
    if (typeof options.icon === 'object' && !(options.icon instanceof StandInNativeImage)) {
      throw new TypeError('Invalid icon');
    }
    const { click } = options;
    this.click = (...args) => {
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.type === 'radio') this.menu?._selectRadio(this);
      if (this.role !== undefined) performRole(this.role);
      else callClick(click, this, args);
    };
  }
}

/** A menu. */
export class StandInMenu extends EventEmitter implements Pick<Electron.Menu, 'closePopup' | 'popup'> {
  readonly items: StandInMenuItem[] = [];

  static buildFromTemplate(template: (Options | StandInMenuItem)[]): StandInMenu {
    return StandInMenu._build(template);
  }

  static setApplicationMenu(menu: StandInMenu | null): void {
    applicationMenu = menu;
    announce('application-menu');
  }

  static getApplicationMenu(): StandInMenu | null {
    return applicationMenu;
  }

  static _applicationMenu(): StandInMenu | null {
    return applicationMenu;
  }

  static _popUp(menu: StandInMenu): void {
    lastPopup = menu;
  }

  static _lastPopup(): StandInMenu | null {
    return lastPopup;
  }

  static _build(template: (Options | StandInMenuItem)[]): StandInMenu {
    const menu = new StandInMenu();
    for (const item of template)
      menu._add(item instanceof StandInMenuItem ? item : new StandInMenuItem(item));
    return menu;
  }

  append(item: StandInMenuItem): void {
    this._add(item);
  }

  insert(position: number, item: StandInMenuItem): void {
    this._add(item, position);
  }

  getMenuItemById(id: string): StandInMenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }

  popup(): void {
    StandInMenu._popUp(this);
    this.emit('menu-will-show');
  }

  closePopup(): void {
    this.emit('menu-will-close');
  }

  _add(item: StandInMenuItem, position = this.items.length): void {
    item.menu = this;
    this.items.splice(position, 0, item);
  }

  _selectRadio(chosen: StandInMenuItem): void {
    for (const item of this.items) if (item.type === 'radio') item.checked = item === chosen;
  }

  /** The menu as it would be drawn now. */
  _state(): MenuItemState[] {
    return this.items.map((item) => ({
      id: item.id,
      label: item.label,
      sublabel: item.sublabel,
      toolTip: item.toolTip,
      type: item.type,
      role: item.role,
      enabled: item.enabled,
      visible: item.visible,
      checked: item.checked,
      accelerator: item.accelerator ?? undefined,
      submenu: item.submenu?._state(),
    }));
  }
}
recordMethods('Menu', StandInMenu);

/** A person chooses an item by the labels (or ids) on the way to it. @throws when it is not there, hidden or greyed out */
export function chooseItem(menu: StandInMenu, path: readonly string[]): void {
  const [wanted, ...rest] = path;
  const item = menu.items.find(
    (one) => one.visible && (one.label === wanted || (one.id !== '' && one.id === wanted)),
  );
  if (!item) throw new Error(`no menu item "${wanted ?? ''}"; there are: ${labels(menu)}`);
  if (!item.enabled) throw new Error(`the menu item "${item.label}" is disabled`);
  if (rest.length > 0) {
    if (!item.submenu) throw new Error(`the menu item "${item.label}" has no submenu`);
    chooseItem(item.submenu, rest);
    return;
  }
  recordCall('user chose', [item.label]);
  item.click({ triggeredByAccelerator: false }, undefined, undefined);
}

function labels(menu: StandInMenu): string {
  return menu.items
    .filter((item) => item.visible && item.type !== 'separator')
    .map((item) => `"${item.label}"${item.enabled ? '' : ' (disabled)'}`)
    .join(', ');
}

function callClick(click: Options['click'], item: StandInMenuItem, [event, window]: unknown[]): void {
  try {
    (click as ((...args: unknown[]) => void) | undefined)?.(item, window, event);
  } catch (error) {
    throwLater(error);
  }
}

function performRole(role: NonNullable<Electron.MenuItem['role']>): void {
  if (role === 'quit') app._quit();
}

function roleLabel(role: Options['role']): string {
  if (role === undefined) return '';
  if (role === 'quit') return process.platform === 'win32' ? 'Exit' : 'Quit';
  return role.charAt(0).toUpperCase() + role.slice(1);
}
