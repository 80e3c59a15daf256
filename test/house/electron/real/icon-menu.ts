import type { Menu, Tray } from 'electron';

/** The part of Electron's Tray class that is watched. */
export interface IconClass {
  readonly prototype: Pick<Tray, 'emit' | 'popUpContextMenu' | 'setContextMenu' | 'setToolTip'>;
}

/**
 * Follows the menu of the icon that is made from `icons`, from now on: the one it was given (Linux, macOS),
 * else the one it pops up when it is asked (Windows), which nobody sees then: a menu that is open keeps
 * Windows from anything else. The answer looks at the menu as it is now.
 */
export function followIconMenu(icons: IconClass): () => Menu | undefined {
  const { prototype } = icons;
  const { setContextMenu, setToolTip } = prototype;
  let icon: IconClass['prototype'] | undefined;
  let given: Menu | undefined;
  let poppedUp: Menu | undefined;
  prototype.setContextMenu = function (this: typeof prototype, menu: Menu | null) {
    given = menu ?? undefined;
    setContextMenu.call(this, menu);
  };
  prototype.popUpContextMenu = (menu?: Menu) => void (poppedUp = menu);
  const keep = (made: typeof prototype): void => void (icon ??= made);
  // Every icon is given one when it is made.
  prototype.setToolTip = function (this: typeof prototype, text: string) {
    keep(this);
    setToolTip.call(this, text);
  };
  return () => {
    if (given === undefined) icon?.emit('right-click');
    return given ?? poppedUp;
  };
}
