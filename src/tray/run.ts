import { app, type PowerMonitor } from 'electron';
import type { Agent } from '../agent/agent.ts';
import { openAgent } from '../agent/open-agent.ts';
import { problem } from '../agent/problem.ts';
import { sayIssue } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Profile } from '../config/profile.ts';
import type { SettingsRead } from '../config/settings-file.ts';
import { sayOwner, takeOwnership } from '../outlets/ownership.ts';
import { openSocketApi } from '../outlets/socket-api.ts';
import type { Log } from '../vault/log.ts';
import type { Vault } from '../vault/vault.ts';
import { say } from '../words/say.ts';
import { Application } from './application.ts';
import { systemClipboard, TokenClipboard } from './clipboard.ts';
import { tell, tellProblem } from './dialogs.ts';
import { Notifier } from './notifications.ts';
import { importRegistration, openRegistration } from './registration.ts';
import { SignInSession } from './sign-in-session.ts';
import { SignInWindow } from './sign-in-window.ts';
import { TrayIcon } from './tray-icon.ts';

export interface RunOptions {
  readonly where: Places;
  readonly settings: SettingsRead;
  readonly log: Log;
  readonly powerMonitor: PowerMonitor;
}

/** Runs the application after `ready`: takes ownership, restores the session, shows the icon. */
export async function runApplication({ where, settings, log, powerMonitor }: RunOptions): Promise<void> {
  const ownership = await takeOwnership({ places: where, kind: 'tray' });
  if (ownership.kind === 'taken') {
    const owner = sayOwner(ownership.owner);
    await tellProblem(say('app.name'), problem('usage', 'already-running', { owner }));
    app.exit(1);
    return;
  }
  const { profile, vault, clipboardClearSeconds } = await openRegistration(settings, where);
  const start = (profile: Profile): Promise<Agent> => startAgent({ profile, vault, log });

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
      const imported = await importRegistration(where, vault);
      if (imported === undefined) return;
      application.agent?.stop();
      application.use(await start(imported.profile));
      await imported.tell();
    },
  });
  if (profile !== undefined) application.use(await start(profile));
  application.showIn(new TrayIcon(application.view, (action) => void application.act(action)));

  const host = {
    agent: () => application.agent,
    inviteToSignIn: () => Promise.resolve(application.inviteToSignIn()),
  };
  const socket = await openSocketApi({ places: where, ownership, host, log });
  app.on('second-instance', () => void application.showStatus());
  powerMonitor.on('resume', () => void application.agent?.due());
  powerMonitor.on('unlock-screen', () => void application.agent?.due());
  quitInOrder(async () => {
    application.agent?.stop();
    // Each on its own: a clipboard that refuses must not keep the next start waiting for the socket.
    await Promise.allSettled([clipboard.clear(), socket.close()]);
    await ownership.release();
  });
  await tellSettingsTrouble(settings);
}

async function startAgent(options: { profile: Profile; vault: Vault; log: Log }): Promise<Agent> {
  const agent = openAgent({ ...options, now: Date.now });
  await agent.start();
  return agent;
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
