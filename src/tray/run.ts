import { app, type PowerMonitor } from 'electron';
import type { Agent } from '../agent/agent.ts';
import { readSettings } from '../config/settings/settings-file.ts';
import { openSocketApi, type SocketApi } from '../outlets/socket/api.ts';
import type { Log } from '../system/log/log.ts';
import type { OwnerLog } from '../system/log/owner-log.ts';
import type { Ownership } from '../system/ownership/ownership.ts';
import type { Places } from '../system/places.ts';
import { say } from '../words/say.ts';
import { serveOwnPages } from './calls/own-pages.ts';
import { importProfile } from './calls/settings/import-settings.ts';
import { askToFix, confirmTakeOver, tellLost, tellProblem, tellSettingsTrouble } from './dialogs/dialogs.ts';
import { Launches, launchRequest, type LaunchRequest } from './lifecycle/launch-request.ts';
import { quitInOrder } from './lifecycle/leaving.ts';
import { watchPower } from './lifecycle/power.ts';
import { StartAtLogin } from './lifecycle/start-at-login.ts';
import { ownOrTakeOver } from './lifecycle/take-over.ts';
import { Application } from './menu/application.ts';
import { systemClipboard, TokenClipboard } from './menu/clipboard.ts';
import { TrayIcon } from './menu/tray-icon.ts';
import { desktopNotifications } from './notifications/desktop-notifications.ts';
import { NotificationController } from './notifications/notification-controller.ts';
import { needOf } from './notifications/notifications.ts';
import { openSessions, type Sessions } from './sessions/sessions.ts';
import { openSignInFlow } from './sign-in/flow.ts';
import { SignInSession } from './sign-in/session.ts';
import { SignInWays } from './sign-in/ways.ts';
import { aboutPage, versionsOf } from './windows/about-page.ts';
import { OwnWindows } from './windows/own-windows.ts';
import { aboutWindow, settingsWindow, statusWindow, type PageName } from './windows/pages.ts';

export interface RunOptions {
  readonly where: Places;
  readonly ownerLog: OwnerLog;
  readonly powerMonitor: PowerMonitor;
}

/** What the parts of the application share. */
interface Running {
  readonly where: Places;
  readonly sessions: Sessions;
  readonly clipboard: TokenClipboard;
  readonly startAtLogin: StartAtLogin;
  readonly windows: OwnWindows;
  readonly showWindow: (page: PageName) => Promise<void>;
  readonly log: Log;
}

/** Runs the application after `ready`: takes ownership, restores the sessions, shows the icon. */
export async function runApplication({ where, ownerLog, powerMonitor }: RunOptions): Promise<void> {
  const { log } = ownerLog;
  const launches = new Launches();
  app.on('second-instance', (_event, argv) => launches.arrive(launchRequest(argv) ?? 'status'));
  const ownership = await becomeOwner(where);
  if (ownership === undefined) {
    app.exit(1);
    return;
  }
  // Not earlier: until now the previous owner may have changed them.
  const settings = readSettings(where.settingsFile);
  const sessions = await openSessions(settings, where, ownership, log, () => {
    application.redraw();
    pagesChanged();
  });
  const windows = new OwnWindows({
    [aboutWindow.file]: () => aboutPage(versionsOf(process.versions), where.logDirectory),
  });
  const running: Running = {
    where,
    sessions,
    clipboard: openClipboard(sessions, log),
    startAtLogin: await openStartAtLogin(log),
    windows,
    showWindow: (page) => windows.show(page === 'status' ? statusWindow : settingsWindow),
    log,
  };
  const { clipboard, startAtLogin } = running;
  const application = openApplication(running);
  const pagesChanged = serveOwnPages({ ...running, application });
  startAtLogin.watch(() => application.redraw());
  const notifications = openNotifications(application, sessions, log);
  // Started before the user can quit, so that quitting closes the socket.
  const serving = serve(running, ownership, application);
  const leaving = new AbortController();
  // Attached before anything is shown: a user who sees the icon may sleep or quit at once.
  // On macOS launching again activates this process instead of starting a second one.
  app.on('activate', () => void application.showStatus());
  watchPower(powerMonitor, {
    slept: () => notifications.keepQuiet(),
    disconnect: () => sessions.disconnect(),
    woke: () => {
      for (const agent of sessions.profiles.list) void agent.due();
    },
    shutDown: () => app.quit(),
  });
  quitInOrder(
    async () => {
      leaving.abort();
      application.removeIcon();
      windows.letGo();
      notifications.close();
      // Independently: a clipboard that refuses must not leave the socket open for the next start.
      const closing = serving.then((socket) => socket.close());
      await Promise.allSettled([clipboard.clear(), closing, sessions.end()]);
      await ownership.release();
      await ownerLog.close();
    },
    (error) => log.error('not everything was put away', { error }),
  );
  showIcon(application, log);
  launches.followBy((request) => follow(request, application, sessions));
  await serving;
  // The outlets are closed by now, and must not be opened again.
  if (leaving.signal.aborted) return;
  await sessions.outlets.start();
  await ownerLog.openFile(where.logDirectory);
  const request = launchRequest(process.argv);
  if (request !== undefined) follow(request, application, sessions);
  await tellSettingsTrouble(settings);
}

/** Without an icon everything can still be reached: a second launch opens Status, and the command works. */
function showIcon(application: Application, log: Log): void {
  try {
    application.showIn(new TrayIcon(application, (action, target) => void application.act(action, target)));
  } catch (error) {
    log.error('no tray icon can be shown', { error });
  }
}

/** undefined if another process stays the owner; the user has been told why. */
async function becomeOwner(where: Places): Promise<Ownership | undefined> {
  const taken = await ownOrTakeOver(where, confirmTakeOver);
  if (taken.kind === 'owner') return taken.ownership;
  if (taken.kind === 'refused') await tellProblem(say('app.name'), taken.problem);
  return undefined;
}

function openClipboard({ currentSettings }: Sessions, log: Log): TokenClipboard {
  return new TokenClipboard({
    port: systemClipboard,
    clearAfterSeconds: () => currentSettings().settings.clipboardClearSeconds,
    onTrouble: (error) => log.warn('the clipboard could not be cleared', { error }),
  });
}

/** A login entry that cannot be read or repaired must not keep the application from starting. */
async function openStartAtLogin(log: Log): Promise<StartAtLogin> {
  const startAtLogin = new StartAtLogin();
  await startAtLogin.open().catch((error: unknown) => log.warn('starting at login is not known', { error }));
  return startAtLogin;
}

function openApplication(running: Running): Application {
  const { sessions, clipboard, startAtLogin, windows, showWindow, log } = running;
  const { profiles, changes } = sessions;
  const signInSession = new SignInSession();
  const signInWays = new SignInWays({ settings: changes, log });
  return new Application({
    profiles,
    startAtLogin,
    clipboard,
    signInSession,
    signIn: openSignInFlow(signInSession, signInWays, log),
    signInWays,
    now: Date.now,
    log,
    importProfile: () => importProfile(sessions),
    showAbout: () => windows.show(aboutWindow),
    showWindow,
  });
}

function openNotifications(
  application: Application,
  { profiles }: Sessions,
  log: Log,
): NotificationController {
  const controller = new NotificationController({
    port: desktopNotifications,
    ask: askToFix,
    fix: (id, kind) => {
      const agent = profiles.get(id);
      if (agent === undefined) return;
      if (kind === 'sign-in') void application.act('sign-in', { profile: agent.profile.id });
      else void application.showStatus();
    },
    onTrouble: (error) => log.error('a notification failed', { error }),
  });
  const update = ({ profile, status }: Agent): void => {
    const { list } = profiles;
    controller.keepOnly(list.map((agent) => agent.profile.id));
    controller.update(profile.id, needOf(status, list.length > 1 ? profile.name : undefined));
  };
  for (const agent of profiles.list) update(agent);
  profiles.watch(update);
  return controller;
}

function serve(
  { where, sessions, log }: Running,
  ownership: Ownership,
  application: Application,
): Promise<SocketApi> {
  const { profiles, outlets, changes } = sessions;
  return openSocketApi({
    places: where,
    ownership,
    log,
    onLost: () => {
      // What the new owner stores is not overwritten.
      profiles.stop();
      tellLost();
      app.quit();
    },
    host: {
      profiles: () => profiles,
      inviteToSignIn: (agent) => Promise.resolve(application.inviteToSignIn(agent)),
      registrations: changes,
      checkUp: (agent) => sessions.checkUp(agent),
      tokenFileTroubles: (profile) => outlets.troubles(profile),
      outlets: () => outlets.told(),
    },
  });
}

/** Does what a launch asks for; the process of a second launch has exited by now. */
function follow(request: LaunchRequest, application: Application, { profiles }: Sessions): void {
  switch (request) {
    case 'status':
      return void application.showStatus();
    case 'sign-in':
      return void (profiles.get() === undefined ? application.showStatus() : application.act('sign-in'));
    case 'quit':
      app.quit();
      return;
    case 'at-login':
      return;
  }
}
