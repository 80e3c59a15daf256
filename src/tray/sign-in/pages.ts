import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { say } from '../../words/say.ts';
import { offerEditMenu } from '../windows/edit-menu.ts';
import { confinedPreferences } from '../windows/lockdown.ts';
import { hostOf } from './trouble.ts';
import { offerZoom } from '../windows/zoom.ts';

/** The width of Entra's own pop-up, and high enough for a consent page without scrolling. */
const WIDTH_PX = 520;
const HEIGHT_PX = 720;

/** For the sign-in window and its pop-ups. */
export function signInWindowOptions(session: Session): BrowserWindowConstructorOptions {
  return {
    width: WIDTH_PX,
    height: HEIGHT_PX,
    title: say('window.loading'),
    autoHideMenuBar: true,
    webPreferences: confinedPreferences(session),
  };
}

/** Sets up a window with other servers' pages: the host in its title, no `beforeunload`, Edit entries, zoom. */
export function furnish(window: BrowserWindow): void {
  // The title shows the host, and a page cannot change it (https://github.com/Noovolari/leapp/issues/168).
  window.on('page-title-updated', (event) => event.preventDefault());
  window.webContents.on('did-navigate', (_event, url) =>
    window.setTitle(say('window.sign-in', { host: hostOf(url) })),
  );
  // A page must not keep the window open, or the application from quitting.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  offerEditMenu(window);
  offerZoom(window.webContents);
}
