// What `import … from 'electron'` finds in a process started through register.mjs. A name that is missing
// here is missing on purpose: the import error says that the stand-in does not model it.
import { app } from './app.ts';
import { StandInBrowserWindow as BrowserWindow } from './browser-window.ts';
import { clipboard } from './clipboard.ts';
import { installClock } from './clock.ts';
import { openControlChannel } from './control.ts';
import { dialog } from './dialog.ts';
import { ipcMain } from './ipc-main.ts';
import { StandInMenu as Menu, StandInMenuItem as MenuItem } from './menu.ts';
import { nativeImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { net } from './net.ts';
import { StandInNotification as Notification } from './notification.ts';
import { powerMonitor } from './power-monitor.ts';
import { installProcessBehaviour } from './process.ts';
import { StandInProtocol } from './protocol.ts';
import { screen } from './screen.ts';
import { StandInSession } from './session.ts';
import { shell } from './shell.ts';
import { StandInTray as Tray } from './tray.ts';
import { StandInWebContents as webContents } from './web-contents.ts';

installClock();
installProcessBehaviour();
openControlChannel();

/** Electron's `session` is the class's static side. */
const session = StandInSession;

/** Before any session exists: `protocol.registerSchemesAsPrivileged`. Its `handle` is the default session's. */
const protocol = {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) =>
    new StandInProtocol().registerSchemesAsPrivileged(schemes),
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
    StandInSession.defaultSession.protocol.handle(scheme, handler),
  isProtocolHandled: (scheme: string) => StandInSession.defaultSession.protocol.isProtocolHandled(scheme),
} satisfies Partial<Electron.Protocol>;

const electron = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
};

export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
};
export default electron;
