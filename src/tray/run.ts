import { app, type PowerMonitor } from 'electron';
import type { Agent } from '../agent/agent.ts';
import type { Places } from '../config/places.ts';
import type { SettingsRead } from '../config/settings-file.ts';
import { openSocketApi, type SocketApi } from '../outlets/socket-api.ts';
import type { Ownership } from '../outlets/ownership.ts';
import type { RegistrationPort } from '../outlets/socket-host.ts';
import type { OwnerLog } from '../owner/owner-log.ts';
import type { Log } from '../vault/log.ts';
import { say } from '../words/say.ts';
import { Application } from './application.ts';
import { systemClipboard, TokenClipboard } from './clipboard.ts';
import { desktopNotifications } from './desktop-notifications.ts';
import { askToMend, confirmTakeOver, tellProblem, tellSettingsTrouble } from './dialogs.ts';
import { importProfile } from './import-settings.ts';
import { launchRequest, type LaunchRequest } from './launch-request.ts';
import { quitInOrder } from './leaving.ts';
import { NotificationController } from './notification-controller.ts';
import { needOf } from './notifications.ts';
import { watchPower } from './power.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { openSignInFlow } from './sign-in-flow.ts';
import { SignInSession } from './sign-in-session.ts';
import { ownOrTakeOver } from './take-over.ts';
import { StartAtLogin } from './start-at-login.ts';
import { TrayIcon } from './tray-icon.ts';

export interface RunOptions {
  readonly where: Places;
  readonly settings: SettingsRead;
  readonly ownerLog: OwnerLog;
  readonly powerMonitor: PowerMonitor;
}

/** Runs the application after `ready`: takes ownership, restores the sessions, shows the icon. */
export async function runApplication({ where, settings, ownerLog, powerMonitor }: RunOptions): Promise<void> {
  const { log } = ownerLog;
  const ownership = await becomeOwner(where);
  if (ownership === undefined) {
    app.exit(1);
    return;
  }
  const sessions = await openSessions(settings, where, log);
  const clipboard = openClipboard(sessions, log);
  const startAtLogin = await openStartAtLogin(log);
  const application = openApplication({ sessions, clipboard, startAtLogin, log });
  const notifications = openNotifications(application, sessions, log);
  let serving: Promise<SocketApi> | undefined;
  // Listened to before anything is shown: whoever sees the icon may launch, sleep or quit at once.
  app.on('second-instance', (_event, argv) => follow(launchRequest(argv) ?? 'status', application, sessions));
  // macOS starts no second process: launching again activates the first.
  app.on('activate', () => void application.showStatus());
  watchPower(powerMonitor, {
    slept: () => notifications.keepQuiet(),
    woke: () => {
      for (const agent of sessions.profiles.list) void agent.due();
    },
    shutDown: () => app.quit(),
  });
  quitInOrder(
    async () => {
      notifications.close();
      // Each on its own: a clipboard that refuses must not keep the next start waiting for the socket.
      const closing = serving?.then((socket) => socket.close());
      await Promise.allSettled([clipboard.clear(), closing, sessions.end()]);
      await ownership.release();
      await ownerLog.close();
    },
    (error) => log.error('not everything was put away', { error }),
  );
  application.showIn(
    new TrayIcon(application.view, (action, target) => void application.act(action, target)),
  );
  await (serving = serve({ where, ownership, sessions, application, log }));
  await sessions.tokenFiles.start();
  await ownerLog.openFile(where.logDirectory);
  const request = launchRequest(process.argv);
  if (request !== undefined) follow(request, application, sessions);
  await tellSettingsTrouble(settings);
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

function openClipboard({ configured }: Sessions, log: Log): TokenClipboard {
  return new TokenClipboard({
    port: systemClipboard,
    clearAfterSeconds: configured.settings.clipboardClearSeconds,
    onTrouble: (error) => log.warn('the clipboard could not be cleared', { error }),
  });
}

/** A file that cannot be read or mended must not keep the token from whoever waits for it. */
async function openStartAtLogin(log: Log): Promise<StartAtLogin> {
  const startAtLogin = new StartAtLogin();
  await startAtLogin.open().catch((error: unknown) => log.warn('starting at login is not known', { error }));
  return startAtLogin;
}

function openApplication(parts: {
  readonly sessions: Sessions;
  readonly clipboard: TokenClipboard;
  readonly startAtLogin: StartAtLogin;
  readonly log: Log;
}): Application {
  const { sessions, clipboard, startAtLogin, log } = parts;
  const { profiles, configured } = sessions;
  const signInSession = new SignInSession();
  const application: Application = new Application({
    profiles,
    startAtLogin,
    clipboard,
    signInSession,
    signIn: openSignInFlow(signInSession, log),
    now: Date.now,
    log,
    importProfile: () => importProfile(followed(sessions, application), configured.vault.backend),
  });
  return application;
}

/** Changes that the screen follows. */
function followed({ changes }: Sessions, application: Application): RegistrationPort | undefined {
  if (changes === undefined) return undefined;
  const show = (): void => application.redraw();
  return {
    put: async (registration) => {
      await changes.put(registration);
      show();
    },
    remove: async (id) => {
      const trouble = await changes.remove(id);
      show();
      return trouble;
    },
    setDefault: async (id) => {
      await changes.setDefault(id);
      show();
    },
  };
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
      if (kind === 'sign-in') application.inviteToSignIn(agent);
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
  readonly application: Application;
  readonly log: Log;
}): Promise<SocketApi> {
  const { where, ownership, sessions, application, log } = parts;
  const { profiles, tokenFiles } = sessions;
  return openSocketApi({
    places: where,
    ownership,
    log,
    host: {
      profiles: () => profiles,
      inviteToSignIn: (agent) => Promise.resolve(application.inviteToSignIn(agent)),
      registrations: followed(sessions, application),
      checkUp: (agent) => sessions.checkUp(agent),
      tokenFileTroubles: (profile) => tokenFiles.troubles(profile),
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
      return void (agent === undefined ? application.showStatus() : application.inviteToSignIn(agent));
    }
    case 'quit':
      app.quit();
      return;
    case 'at-login':
      return;
  }
}
