/** The icons of assets/tray, distinct by shape. */
export type IconName = 'signed-out' | 'signed-in' | 'refreshing' | 'attention' | 'offline';

/** The worse comes later. A profile that nobody uses must not hide another that cannot be refreshed. */
const BY_SEVERITY: readonly IconName[] = ['signed-in', 'refreshing', 'signed-out', 'offline', 'attention'];

/** The one icon for several profiles: the worst of theirs; nobody is signed in where there is none. */
export function worstIcon(icons: readonly IconName[]): IconName {
  return BY_SEVERITY.findLast((icon) => icons.includes(icon)) ?? 'signed-out';
}

/** Whether what the icon stands on is light or dark. */
export type PanelTheme = 'light' | 'dark';

/** What the desktop tells of its colours. */
export interface DesktopColours {
  readonly shouldUseDarkColors: boolean;
  /** The taskbar's or menu bar's; told on Windows and macOS only. */
  readonly shouldUseDarkColorsForSystemIntegratedUI: boolean;
}

/**
 * The ground the icon stands on. Windows colours its taskbar apart from the applications, and tells it.
 * Linux tells only the applications' colours; GNOME's top bar is dark whatever they are, and elsewhere
 * the panel usually follows them. The icons for Linux have a halo, so that a wrong guess can be read too.
 */
export function panelTheme(
  platform: NodeJS.Platform,
  colours: DesktopColours,
  /** `XDG_CURRENT_DESKTOP`: names, separated by colons. */
  currentDesktop: string | undefined,
): PanelTheme {
  if (platform === 'linux') {
    const isGnome = currentDesktop?.split(':').includes('GNOME') === true;
    return isGnome || colours.shouldUseDarkColors ? 'dark' : 'light';
  }
  return colours.shouldUseDarkColorsForSystemIntegratedUI ? 'dark' : 'light';
}

/**
 * The file under assets/tray; a `@2x` beside it is found by Electron. macOS colours template images
 * itself, and knows them by the end of their name; Windows takes the size it needs out of an .ico.
 */
export function iconFile(icon: IconName, platform: NodeJS.Platform, theme: PanelTheme): string {
  if (platform === 'darwin') return `mac/${icon}Template.png`;
  if (platform === 'win32') return `win/${theme}/${icon}.ico`;
  return `linux/${theme}/${icon}.png`;
}
