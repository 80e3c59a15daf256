/** The icons of assets/tray, distinct by shape. */
export type IconName = 'signed-out' | 'signed-in' | 'refreshing' | 'attention' | 'offline';

/** From best to worst. A signed-out profile must not hide another that cannot be refreshed. */
const BY_SEVERITY: readonly IconName[] = ['signed-in', 'refreshing', 'signed-out', 'offline', 'attention'];

/** The icon for several profiles is the worst of theirs; signed out if there are none. */
export function worstIcon(icons: readonly IconName[]): IconName {
  return BY_SEVERITY.findLast((icon) => icons.includes(icon)) ?? 'signed-out';
}

/** Whether the panel behind the icon is light or dark. */
export type PanelTheme = 'light' | 'dark';

/** The desktop's colours, as Electron reports them. */
export interface DesktopColours {
  readonly shouldUseDarkColors: boolean;
  /** The taskbar's or menu bar's; only on Windows and macOS. */
  readonly shouldUseDarkColorsForSystemIntegratedUI: boolean;
}

/**
 * The theme of the panel behind the icon. Windows colors its taskbar separately from applications, and reports it.
 * Linux reports only the applications' colors: GNOME's top bar is always dark, and other panels usually follow the
 * applications. The Linux icons have a halo, so that they stay readable after a wrong guess.
 * @param currentDesktop `XDG_CURRENT_DESKTOP`: names, separated by colons
 */
export function panelTheme(
  platform: NodeJS.Platform,
  colours: DesktopColours,
  currentDesktop: string | undefined,
): PanelTheme {
  if (platform === 'linux') {
    const isGnome = currentDesktop?.split(':').includes('GNOME') === true;
    return isGnome || colours.shouldUseDarkColors ? 'dark' : 'light';
  }
  return colours.shouldUseDarkColorsForSystemIntegratedUI ? 'dark' : 'light';
}

/**
 * The file under assets/tray; Electron finds a `@2x` beside it. macOS colors template images itself, and recognizes
 * them by the end of their name; Windows picks the size it needs from an .ico.
 */
export function iconFile(icon: IconName, platform: NodeJS.Platform, theme: PanelTheme): string {
  if (platform === 'darwin') return `mac/${icon}Template.png`;
  if (platform === 'win32') return `win/${theme}/${icon}.ico`;
  return `linux/${theme}/${icon}.png`;
}
