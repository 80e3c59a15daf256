import { ipcMain } from 'electron';
import type { Agent } from '../../agent/agent.ts';
import { statusBody, type StatusBody } from '../../outlets/answer/status-body.ts';
import type { Log } from '../../system/log/log.ts';
import type { Places } from '../../system/places.ts';
import { say } from '../../words/say.ts';
import type { StartAtLogin } from '../lifecycle/start-at-login.ts';
import type { Application } from '../menu/application.ts';
import { systemClipboard } from '../menu/clipboard.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { versionsOf } from '../windows/about-page.ts';
import type { OwnWindows } from '../windows/own-windows.ts';
import type { PageName } from '../windows/pages.ts';
import { PageNews } from './ipc/page-news.ts';
import { openWindowChannel } from './ipc/window-channel.ts';
import { openSettingsPages } from './settings/settings-pages.ts';
import { diagnosticFacts } from './status/diagnostic-facts.ts';
import { diagnosticsText } from './status/diagnostics.ts';
import { openLogDirectory } from './status/log-directory.ts';
import { windowCalls } from './status/window-calls.ts';

/**
 * Answers the calls of our own pages and sends them what changes.
 * @returns to be called when registrations or settings have changed, which no status reports
 */
export function serveOwnPages(parts: {
  readonly windows: OwnWindows;
  /** Rejects if the window cannot be opened. */
  readonly showWindow: (page: PageName) => Promise<void>;
  readonly application: Pick<Application, 'actForPage' | 'showMenu' | 'signInPort'>;
  readonly sessions: Sessions;
  readonly startAtLogin: StartAtLogin;
  readonly where: Places;
  readonly log: Log;
}): () => void {
  const { windows, application, showWindow, sessions, where, log } = parts;
  const { profiles, tokens, history } = sessions;
  const statuses = (): readonly StatusBody[] => profiles.list.map((agent) => statusOf(agent, sessions));
  const settings = openSettingsPages(parts);
  const versions = versionsOf(process.versions);
  const handlers = windowCalls({
    profiles,
    statuses,
    act: (action, agent) => application.actForPage(action, agent),
    tokens,
    history,
    openLogs: () => openLogDirectory(where.logDirectory),
    copyDiagnostics: async () => {
      const facts = await diagnosticFacts({ where, sessions, statuses, versions });
      await systemClipboard.writeText(diagnosticsText(facts));
      return { kind: 'done', said: say('diagnostics.copied') };
    },
    showMenu: () => application.showMenu(),
    versions,
    openPage: showWindow,
    settings: settings.handlers,
    log,
  });
  openWindowChannel({ ipc: ipcMain, windows, handlers, log });
  const news = new PageNews({ windows, message: 'profiles.changed', read: statuses, log });
  profiles.watch(() => news.announce());
  return () => {
    news.announce();
    settings.news.announce();
  };
}

function statusOf(agent: Agent, { profiles, outlets, changes }: Sessions): StatusBody {
  return statusBody(agent, {
    standing: profiles.get() === agent ? 'default' : 'further',
    surface: 'tray',
    source: changes === undefined ? 'passing' : 'stored',
    tokenFileTroubles: outlets.troubles(agent.profile.id),
  });
}
