import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Desktop, TraySource } from '../../../src/tray/menu/tray-icon.ts';
import type { MenuEntry } from '../../../src/tray/menu/menu-entry.ts';
import type { TrayView } from '../../../src/tray/menu/projection.ts';

interface Item {
  readonly id?: string;
  readonly label?: string;
  readonly type?: string;
  readonly checked?: boolean;
  readonly enabled?: boolean;
  readonly click?: () => void;
  readonly submenu?: readonly Item[];
}

/** The calls to the notification area. */
const area = vi.hoisted(() => ({
  calls: [] as string[],
  menu: [] as readonly Item[],
  opened: [] as readonly Item[],
  listeners: new Map<string, () => void>(),
}));

vi.mock('electron', () => ({
  nativeTheme: {},
  nativeImage: { createFromPath: (file: string) => file.replace(/^.*\/assets\/tray\//u, '') },
  Menu: { buildFromTemplate: (template: readonly Item[]) => template },
  Tray: class {
    constructor(image: string) {
      area.calls.push(`new ${image}`);
    }

    on(event: string, listener: () => void): void {
      area.listeners.set(event, listener);
    }

    setImage(image: string): void {
      area.calls.push(`image ${image}`);
    }

    setToolTip(text: string): void {
      area.calls.push(`tooltip ${text}`);
    }

    popUpContextMenu(menu: readonly Item[]): void {
      area.opened = menu;
      area.calls.push('pop up');
    }

    isDestroyed(): boolean {
      return area.calls.includes('destroy');
    }

    destroy(): void {
      area.calls.push('destroy');
    }

    setContextMenu(menu: readonly Item[]): void {
      area.menu = menu;
      area.calls.push('menu');
    }
  },
}));

const { TrayIcon } = await import('../../../src/tray/menu/tray-icon.ts');

class Colours extends EventEmitter {
  shouldUseDarkColors = false;
  shouldUseDarkColorsForSystemIntegratedUI = false;
}

let colours: Colours;
let chosen: unknown[];

const desktopOf = (platform: NodeJS.Platform): Desktop => ({ platform, currentDesktop: 'KDE', colours });
const act = (...choice: unknown[]): void => void chosen.push(choice);
const viewOf = (menu: readonly MenuEntry[] = [], more: Partial<TrayView> = {}): TrayView => ({
  icon: 'signed-in',
  tooltip: 'Tokentray',
  menu,
  ...more,
});
const copy = { kind: 'action', id: 'work/copy', action: 'copy', text: 'Copy', state: 'enabled' } as const;

beforeEach(() => {
  area.calls.length = 0;
  area.listeners.clear();
  colours = new Colours();
  chosen = [];
});

/** An icon with this view; a menu that is requested counts the requests. */
const open = (view: TrayView, platform: NodeJS.Platform = 'linux'): InstanceType<typeof TrayIcon> => {
  let times = 0;
  const source: TraySource = {
    view,
    get openedMenu() {
      return [{ kind: 'line', text: `asked ${++times} times` }, ...view.menu] as const;
    },
  };
  return new TrayIcon(source, act, desktopOf(platform));
};

describe('the icon', () => {
  test('has an image, a tooltip and a menu from the start', () => {
    open(viewOf());
    expect(area.calls).toEqual(['new linux/light/signed-in.png', 'tooltip Tokentray', 'menu']);
  });

  test('is updated only where something has changed', () => {
    const icon = open(viewOf());
    area.calls.length = 0;
    icon.show(viewOf());
    expect(area.calls).toEqual([]);
    icon.show(viewOf([], { icon: 'offline' }));
    expect(area.calls).toEqual(['image linux/light/offline.png']);
    icon.show(viewOf([{ kind: 'line', text: 'Signed out' }], { icon: 'offline' }));
    expect(area.calls.slice(1)).toEqual(['menu']);
  });

  test('follows the desktop’s colors, without touching the menu', () => {
    open(viewOf());
    area.calls.length = 0;
    colours.emit('updated');
    expect(area.calls).toEqual([]);
    colours.shouldUseDarkColors = true;
    colours.emit('updated');
    expect(area.calls).toEqual(['image linux/dark/signed-in.png']);
  });

  test('follows the taskbar’s colors on Windows, not the applications’', () => {
    open(viewOf(), 'win32');
    colours.shouldUseDarkColors = true;
    colours.emit('updated');
    expect(area.calls.filter((call) => call.startsWith('image'))).toEqual([]);
    colours.shouldUseDarkColorsForSystemIntegratedUI = true;
    colours.emit('updated');
    expect(area.calls.filter((call) => call.startsWith('image'))).toEqual(['image win/dark/signed-in.ico']);
  });
});

describe('the menu', () => {
  test('shows names unchanged', () => {
    open(
      viewOf([
        { kind: 'line', text: 'Needs attention: R&D <b>' },
        {
          kind: 'submenu',
          id: 'profile/work',
          text: 'R&D <b>',
          state: 'enabled',
          entries: [{ ...copy, target: { profile: 'work', scopes: ['api://r&d'] }, text: 'api://r&d' }],
        },
      ]),
    );
    const [line, submenu] = area.menu;
    // Electron treats a single `&` as the mark of an access key, and `&&` as an `&`.
    expect(line).toMatchObject({ label: 'Needs attention: R&&D <b>', enabled: false });
    expect(submenu?.label).toBe('R&&D <b>');
    expect(submenu?.submenu?.[0]?.label).toBe('api://r&&d');
    submenu?.submenu?.[0]?.click?.();
    expect(chosen).toEqual([['copy', { profile: 'work', scopes: ['api://r&d'] }]]);
  });

  test('on Windows is built each time it opens, and never before', () => {
    const icon = open(viewOf([{ ...copy, target: {} }]), 'win32');
    icon.show(viewOf([{ kind: 'line', text: 'Signed out' }]));
    expect(area.calls.filter((call) => /menu|pop up/u.test(call))).toEqual([]);
    area.listeners.get('right-click')?.();
    area.listeners.get('right-click')?.();
    expect(area.calls.filter((call) => /menu|pop up/u.test(call))).toEqual(['pop up', 'pop up']);
    const [line, entry] = area.opened;
    expect(line).toMatchObject({ label: 'asked 2 times', enabled: false });
    entry?.click?.();
    expect(chosen).toEqual([['copy', {}]]);
  });

  test.each(['darwin', 'linux'] as const)('on %s is set in advance', (platform) => {
    open(viewOf([{ ...copy, target: {} }]), platform);
    expect(area.calls).toContain('menu');
    expect(area.menu.map(({ label }) => label)).toEqual(['Copy']);
    expect(area.listeners.has('right-click')).toBe(false);
  });

  test('is set again after a click on a check mark that does not change', () => {
    const mark = { ...copy, id: 'start-at-login', action: 'start-at-login', target: {}, mark: 'on' } as const;
    const icon = open(viewOf([mark]));
    expect(area.menu[0]).toMatchObject({ type: 'checkbox', checked: true });
    area.calls.length = 0;
    area.menu[0]?.click?.();
    icon.show(viewOf([mark]));
    expect(area.calls).toEqual(['menu']);
  });
});

describe('a click on the icon', () => {
  test('opens Status on Windows', () => {
    open(viewOf(), 'win32');
    area.listeners.get('click')?.();
    expect(chosen).toEqual([['status', {}]]);
  });

  test.each(['darwin', 'linux'] as const)('is handled by the desktop on %s', (platform) => {
    open(viewOf(), platform);
    expect([...area.listeners.keys()]).toEqual([]);
  });
});

test('a removed icon is not drawn any more, also when the colours change', () => {
  const icon = open(viewOf());
  icon.remove();
  const drawn = area.calls.length;
  icon.show(viewOf([{ ...copy, target: {} }], { tooltip: 'other' }));
  colours.emit('updated');
  expect(area.calls).toHaveLength(drawn);
});
