import { app, type PowerMonitor } from 'electron';
import type { Agent } from '../agent/agent.ts';
import type { Places } from '../system/places.ts';
import { readSettings } from '../config/settings/settings-file.ts';
import { openSocketApi, type SocketApi } from '../outlets/socket/api.ts';
import type { Ownership } from '../system/ownership/ownership.ts';
import type { OwnerLog } from '../system/log/owner-log.ts';
import type { Log } from '../system/log/log.ts';
import { say } from '../words/say.ts';
import { aboutPage, aboutThisProcess, aboutWindow } from './windows/about-window.ts';
import { Application, type OwnWindow } from './menu/application.ts';
import { systemClipboard, TokenClipboard } from './menu/clipboard.ts';
import { desktopNotifications } from './notifications/desktop-notifications.ts';
import { askToMend, confirmTakeOver, tellProblem, tellSettingsTrouble } from './dialogs/dialogs.ts';
import { currentSettings } from './sessions/current-settings.ts';
import { followedChanges, type SettingsPort } from './sessions/followed-changes.ts';
import { importProfile } from './calls/settings/import-settings.ts';
import { Launches, launchRequest, type LaunchRequest } from './lifecycle/launch-request.ts';
import { quitInOrder } from './lifecycle/leaving.ts';
import { NotificationController } from './notifications/notification-controller.ts';
import { needOf } from './notifications/notifications.ts';
import { serveOwnPages } from './calls/own-pages.ts';
import { OwnWindows, type OwnPage } from './windows/own-windows.ts';
import { watchPower } from './lifecycle/power.ts';
import { settingsWindow } from './windows/settings-window.ts';
import { openSessions, type Sessions } from './sessions/sessions.ts';
import { openSignInFlow } from './sign-in/flow.ts';
import { SignInSession } from './sign-in/session.ts';
import { SignInWays } from './sign-in/ways.ts';
import { ownOrTakeOver } from './lifecycle/take-over.ts';
import { StartAtLogin } from './lifecycle/start-at-login.ts';
import { statusWindow } from './windows/status-window.ts';
import { TrayIcon } from './menu/tray-icon.ts';

const WINDOWS: Readonly<Record<OwnWindow, OwnPage>> = { status: statusWindow, settings: settingsWindow };

export interface RunOptions {
  readonly where: Places;
  readonly ownerLog: OwnerLog;
  readonly powerMonitor: PowerMonitor;
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
  // Only now: until then the owner before this one may have changed them.
  const settings = readSettings(where.settingsFile);
  const sessions = await openSessions(settings, where, log);
  const clipboard = openClipboard(where, sessions, log);
  const startAtLogin = await openStartAtLogin(log);
  const changes =
    sessions.changes &&
    followedChanges(sessions.changes, () => {
      application.redraw();
      pages.changed();
    });
  const windows = openWindows(where);
  const showWindow = (page: OwnWindow): Promise<void> => windows.show(WINDOWS[page]);
  const application = openApplication({
    where,
    sessions,
    changes,
    clipboard,
    startAtLogin,
    windows,
    showWindow,
    log,
  });
  const pages = serveOwnPages({
    windows,
    showWindow,
    application,
    sessions,
    changes,
    startAtLogin,
    where,
    log,
  });
  startAtLogin.watch(() => application.redraw());
  const notifications = openNotifications(application, sessions, log);
  // Begun before anybody can quit: an end puts away what it knows of.
  const serving = serve({ where, ownership, sessions, changes, application, log });
  const leaving = new AbortController();
  // Listened to before anything is shown: whoever sees the icon may sleep or quit at once.
  // macOS starts no second process: launching again activates the first.
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
      windows.letGo();
      notifications.close();
      // Each on its own: a clipboard that refuses must not keep the next start waiting for the socket.
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
  // They are closed by then, and would be opened again.
  if (leaving.signal.aborted) return;
  await sessions.outlets.start();
  await ownerLog.openFile(where.logDirectory);
  const request = launchRequest(process.argv);
  if (request !== undefined) follow(request, application, sessions);
  await tellSettingsTrouble(settings);
}

/** Without an icon everything is still reached: a second launch opens Status, and the command goes on. */
function showIcon(application: Application, log: Log): void {
  try {
    application.showIn(new TrayIcon(application, (action, target) => void application.act(action, target)));
  } catch (error) {
    log.error('no tray icon can be shown', { error });
  }
}

/** undefined where another process goes on owning the sessions; whoever started this one has been told. */
async function becomeOwner(where: Places): Promise<Ownership | undefined> {
  const taken = await ownOrTakeOver(where, confirmTakeOver);
  switch (taken.kind) {
    case 'owner':
      return taken.ownership;
    case 'cancelled':
      return undefined;
    case 'refused':
      await tellProblem(say('app.name'), taken.problem);
      return undefined;
  }
}

function openClipboard(where: Places, { configured }: Sessions, log: Log): TokenClipboard {
  return new TokenClipboard({
    port: systemClipboard,
    clearAfterSeconds: () => currentSettings(where, configured).clipboardClearSeconds,
    onTrouble: (error) => log.warn('the clipboard could not be cleared', { error }),
  });
}

/** A file that cannot be read or mended must not keep the token from whoever waits for it. */
async function openStartAtLogin(log: Log): Promise<StartAtLogin> {
  const startAtLogin = new StartAtLogin();
  await startAtLogin.open().catch((error: unknown) => log.warn('starting at login is not known', { error }));
  return startAtLogin;
}

function openWindows({ logDirectory }: Places): OwnWindows {
  return new OwnWindows({ [aboutWindow.file]: () => aboutPage(aboutThisProcess(logDirectory)) });
}

function openApplication(parts: {
  readonly where: Places;
  readonly sessions: Sessions;
  readonly changes: SettingsPort | undefined;
  readonly clipboard: TokenClipboard;
  readonly startAtLogin: StartAtLogin;
  readonly windows: OwnWindows;
  readonly showWindow: (page: OwnWindow) => Promise<void>;
  readonly log: Log;
}): Application {
  const { where, sessions, changes, clipboard, startAtLogin, windows, showWindow, log } = parts;
  const { profiles, configured } = sessions;
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
    importProfile: () =>
      importProfile({
        changes,
        profiles: () => profiles.list.map(({ profile }) => profile),
        tokenFiles: () => currentSettings(where, configured).tokenFiles,
        sessionOf: (id) => profiles.get(id)?.status.session.kind ?? 'signed-out',
        backend: configured.vault.backend,
      }),
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
    ask: askToMend,
    mend: (id, kind) => {
      const agent = profiles.get(id);
      if (agent === undefined) return;
      if (kind === 'sign-in') void application.act('sign-in', { profile: agent.profile.id });
      else void application.showStatus();
    },
    onTrouble: (error) => log.error('a notification failed', { error }),
  });
  const look = (agent: Agent): void => {
    const { list } = profiles;
    controller.keepOnly(list.map(({ profile }) => profile.id));
    controller.look(agent.profile.id, needOf(agent.status, list.length > 1 ? agent.profile.name : undefined));
  };
  for (const agent of profiles.list) look(agent);
  profiles.watch(look);
  return controller;
}

function serve(parts: {
  readonly where: Places;
  readonly ownership: Ownership;
  readonly sessions: Sessions;
  readonly changes: SettingsPort | undefined;
  readonly application: Application;
  readonly log: Log;
}): Promise<SocketApi> {
  const { where, ownership, sessions, changes, application, log } = parts;
  const { profiles, outlets } = sessions;
  return openSocketApi({
    places: where,
    ownership,
    log,
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

/** Does what a launch asks for; the program that was launched a second time is gone by now. */
function follow(request: LaunchRequest, application: Application, { profiles }: Sessions): void {
  switch (request) {
    case 'status':
      return void application.showStatus();
    case 'sign-in': {
      const agent = profiles.get();
      return void (agent === undefined ? application.showStatus() : application.act('sign-in'));
    }
    case 'quit':
      app.quit();
      return;
    case 'at-login':
      return;
  }
}
