// The test's end of the process: answers what harness.ts asks, over Node's IPC channel.
import type {
  ControlOperation,
  ControlOperations,
  ControlReply,
  ControlRequest,
} from '../../control/control-protocol.ts';
import { onAnnounce } from './announce.ts';
import { app, realExit } from '../app/app.ts';
import { StandInBrowserWindow } from '../window/browser-window.ts';
import { recordedCalls } from './call-log.ts';
import { askClientCertificate } from '../session/client-certificate.ts';
import { clipboard } from '../native/clipboard.ts';
import { advanceClock, setClock } from './clock.ts';
import { answerNextDialog, dialogStates } from '../native/dialog.ts';
import { fire, makeEvent } from './event.ts';
import { useHand } from './hands.ts';
import { StandInMenu } from '../native/menu.ts';
import { nativeTheme } from '../native/native-theme.ts';
import { net } from '../session/net.ts';
import { StandInNotification } from '../native/notification.ts';
import type { Permission } from '../session/permissions.ts';
import { powerMonitor } from '../app/power-monitor.ts';
import { allSessions } from '../session/session.ts';
import { StandInTray } from '../native/tray.ts';
import { windowState } from '../window/window-state.ts';

type Operations = {
  [Name in ControlOperation]: (
    ...args: ControlOperations[Name]['args']
  ) => ControlOperations[Name]['result'] | Promise<ControlOperations[Name]['result']>;
};

const operations: Operations = {
  tray: () => StandInTray._current()?._state() ?? null,
  clickMenu: (path) => done(() => theTray()._choose(path)),
  clickTray: (event) => done(() => theTray()._click(event)),
  applicationMenu: () => StandInMenu._applicationMenu()?._state() ?? null,
  clipboardText: () => clipboard._text(),
  setClipboardText: (text) => done(() => clipboard._copied(text)),
  notifications: () => StandInNotification._shown().map((one) => one._state()),
  notificationEvent: (index, event) => {
    const notification = StandInNotification._shown()[index];
    if (!notification) throw new Error(`there is no notification ${index}`);
    return done(() => notification._cause(event));
  },
  setNotificationsSupported: (support) =>
    done(() => StandInNotification._setSupported(support === 'supported')),
  dialogs: dialogStates,
  answerNextDialog: (answer) => done(() => answerNextDialog(answer)),
  windows: () => StandInBrowserWindow._all().map(windowState),
  windowDo: (id, hand) => useHand(theWindow(id), hand),
  cookies: async (partition) => {
    const cookies = (await allSessions().get(partition)?.cookies._get({})) ?? [];
    return cookies.map(({ name, value, domain, path }) => ({
      name,
      value,
      domain: domain ?? '',
      path: path ?? '',
    }));
  },
  partitions: () => [...allSessions().keys()],
  askPermission: (id, permission) => {
    const { webContents } = theWindow(id);
    const origin = webContents.mainFrame.origin;
    return webContents.session._permissions.ask(webContents, permission as Permission, origin);
  },
  askClientCertificate: (id, url, certificates) =>
    askClientCertificate(id === null ? null : theWindow(id).webContents, url, certificates),
  emitPower: (event) => done(() => powerMonitor._cause(event)),
  setNetwork: async (state) => {
    net._set(state);
    for (const window of StandInBrowserWindow._all()) await window.webContents._emulateNetwork(state);
    return null;
  },
  setTheme: (theme) => done(() => nativeTheme._setSystem(theme)),
  setClock: (at) => done(() => setClock(at)),
  advanceClock: (ms) => done(() => advanceClock(ms)),
  calls: () => [...recordedCalls()],
  activate: () => done(() => fire(app, 'activate', makeEvent({}), StandInBrowserWindow._all().length > 0)),
  quit: () => done(() => app._quit()),
};

/** Listens to the harness, if this process was started by it; ends with it. */
export function openControlChannel(): void {
  if (process.send === undefined) return;
  process.on('message', (message: unknown) => {
    if (isRequest(message)) void answer(message);
  });
  // A test that died must not leave a tray behind.
  process.on('disconnect', () => realExit(1));
  onAnnounce((part) => reply({ standIn: 'changed', part }));
}

async function answer({ id, operation, args }: ControlRequest): Promise<void> {
  try {
    const perform = operations[operation] as (...args: unknown[]) => unknown;
    reply({ standIn: 'reply', id, result: await perform(...args) });
  } catch (error) {
    reply({ standIn: 'refused', id, message: error instanceof Error ? error.message : String(error) });
  }
}

function reply(message: ControlReply): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function isRequest(message: unknown): message is ControlRequest {
  return (
    typeof message === 'object' && message !== null && 'standIn' in message && message.standIn === 'request'
  );
}

function theTray(): StandInTray {
  const tray = StandInTray._current();
  if (!tray) throw new Error('there is no tray icon');
  return tray;
}

function theWindow(id: number): StandInBrowserWindow {
  const window = StandInBrowserWindow._all().find((one) => one.id === id);
  if (!window) throw new Error(`there is no window ${id}`);
  return window;
}

/** For operations that have nothing to say. */
function done(act: () => void): null {
  act();
  return null;
}
