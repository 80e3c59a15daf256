// What `import … from 'electron'` finds in a process started through register.mjs. A name that is missing
// here is missing on purpose: the import error says that the stand-in does not model it.
import { app } from './app/app.ts';
import { StandInBrowserWindow as BrowserWindow } from './window/browser-window.ts';
import { clipboard } from './native/clipboard.ts';
import { installClock } from './control/clock.ts';
import { openControlChannel } from './control/control.ts';
import { dialog } from './native/dialog.ts';
import { ipcMain } from './window/ipc-main.ts';
import { StandInMenu as Menu, StandInMenuItem as MenuItem } from './native/menu.ts';
import { nativeImage } from './native/native-image.ts';
import { nativeTheme } from './native/native-theme.ts';
import { net } from './session/net.ts';
import { StandInNotification as Notification } from './native/notification.ts';
import { powerMonitor } from './app/power-monitor.ts';
import { installProcessBehaviour } from './app/process.ts';
import { StandInProtocol } from './session/protocol.ts';
import { screen } from './native/screen.ts';
import { StandInSession } from './session/session.ts';
import { shell } from './native/shell.ts';
import { StandInTray as Tray } from './native/tray.ts';
import { StandInWebContents as webContents } from './window/web-contents.ts';

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
