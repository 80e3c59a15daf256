import { app, type PowerMonitor } from 'electron';
import { openAgent } from '../agent/open-agent.ts';
import { problem } from '../agent/problem.ts';
import { Profiles } from '../agent/profiles.ts';
import { systemSend } from '../agent/system-send.ts';
import { sayIssue } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Registration } from '../config/registrations.ts';
import type { SettingsRead } from '../config/settings-file.ts';
import { sayOwner, takeOwnership } from '../outlets/ownership.ts';
import { openSocketApi } from '../outlets/socket-api.ts';
import type { SocketHost } from '../outlets/socket-host.ts';
import { TokenFiles } from '../outlets/token-files.ts';
import { checkUpLines } from '../owner/check-up-lines.ts';
import type { OwnerLog } from '../owner/owner-log.ts';
import { RegistrationChanges } from '../owner/registration-changes.ts';
import { readSpread } from '../owner/spread.ts';
import { say } from '../words/say.ts';
import { Application } from './application.ts';
import { systemClipboard, TokenClipboard } from './clipboard.ts';
import { tell, tellProblem } from './dialogs.ts';
import { Notifier } from './notifications.ts';
import { importSettings, tellImported } from './import-settings.ts';
import { openConfigured, openRegistrations } from './registration.ts';
import { SignInSession } from './sign-in-session.ts';
import { SignInWindow } from './sign-in-window.ts';
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
  const ownership = await takeOwnership({ places: where, kind: 'tray' });
  if (ownership.kind === 'taken') {
    const owner = sayOwner(ownership.owner);
    await tellProblem(say('app.name'), problem('usage', 'already-running', { owner }));
    app.exit(1);
    return;
  }
  const configured = await openConfigured(settings, where);
  const { vault, source } = configured;
  const { tokenFiles: files, extraCaFile, clipboardClearSeconds } = configured.settings;
  const send = systemSend({ extraCaFile, env: process.env });
  const spreadMs = readSpread(where, (line) => void process.stderr.write(`${line}\n`), log);
  const profiles = new Profiles((profile) =>
    openAgent({ profile, vault, send, spreadMs, now: Date.now, log }),
  );
  await profiles.apply(configured.settings);
  const tokenFiles = new TokenFiles({ profiles, files, places: where, now: Date.now, log });
  let changes: Promise<RegistrationChanges> | undefined;
  // electron-store is loaded here, with the first change.
  const openChanges = (): Promise<RegistrationChanges> =>
    (changes ??= openRegistrations(where, vault).then(
      (registrations) => new RegistrationChanges({ registrations, profiles, tokenFiles, pages: undefined }),
    ));

  const signInSession = new SignInSession();
  const clipboard = new TokenClipboard({
    port: systemClipboard,
    clearAfterSeconds: clipboardClearSeconds,
    onTrouble: (error) => log.warn('the clipboard could not be cleared', { error }),
  });
  const application: Application = new Application({
    clipboard,
    signInSession,
    signInWindow: new SignInWindow(signInSession),
    notifier: new Notifier(() => void application.act('sign-in')),
    now: Date.now,
    log,
    importProfile: async () => {
      const imported = await importSettings(Intl.DateTimeFormat().resolvedOptions().timeZone);
      if (imported === undefined) return;
      const { profile, credential } = imported;
      await put({ profile, credential, rank: 'further', tokenFiles: undefined });
      await tellImported(imported, vault.backend);
    },
  });
  const showDefault = (): void => application.use(profiles.get());
  const put = async (registration: Registration): Promise<void> => {
    await (await openChanges()).put(registration);
    showDefault();
  };
  showDefault();
  application.showIn(new TrayIcon(application.view, (action) => void application.act(action)));

  const host: SocketHost = {
    profiles: () => profiles,
    inviteToSignIn: (agent) => Promise.resolve(application.inviteToSignIn(agent)),
    registrations:
      source === 'passing'
        ? undefined
        : {
            put,
            remove: async (id) => {
              const trouble = await (await openChanges()).remove(id);
              showDefault();
              return trouble;
            },
            setDefault: async (id) => {
              await (await openChanges()).setDefault(id);
              showDefault();
            },
          },
    checkUp: (agent) => checkUpLines({ agent, vault, send }),
    tokenFileTroubles: (profile) => tokenFiles.troubles(profile),
  };
  const socket = await openSocketApi({ places: where, ownership, host, log });
  await tokenFiles.start();
  await ownerLog.openFile(where.logDirectory);
  const lookAtClock = (): void => {
    for (const agent of profiles.list) void agent.due();
  };
  app.on('second-instance', () => void application.showStatus());
  powerMonitor.on('resume', lookAtClock);
  powerMonitor.on('unlock-screen', lookAtClock);
  quitInOrder(async () => {
    // Each on its own: a clipboard that refuses must not keep the next start waiting for the socket.
    await Promise.allSettled([clipboard.clear(), socket.close(), tokenFiles.stop()]);
    profiles.stop();
    await ownership.release();
    await ownerLog.close();
  });
  await tellSettingsTrouble(settings);
}

/** `before-quit` is held back once, until everything is put away. */
function quitInOrder(putAway: () => Promise<void>): void {
  let state: 'running' | 'leaving' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'leaving') return;
    state = 'leaving';
    event.preventDefault();
    void putAway().finally(() => app.quit());
  });
}

async function tellSettingsTrouble(settings: SettingsRead): Promise<void> {
  switch (settings.kind) {
    case 'ok':
    case 'absent':
      return;
    case 'invalid':
      return tell('warning', say('settings-file.trouble'), settings.issues.map(sayIssue).join('\n'));
    case 'unreadable': {
      const { setAsideAs, reason } = settings;
      const detail =
        setAsideAs === undefined
          ? say('settings-file.unreadable', { reason })
          : say('settings-file.set-aside', { file: setAsideAs });
      return tell('warning', say('settings-file.trouble'), detail);
    }
  }
}
