import { ipcMain } from 'electron';
import type { Agent } from '../../agent/agent.ts';
import type { Places } from '../../system/places.ts';
import { statusBody, type StatusBody } from '../../outlets/answer/status-body.ts';
import type { Log } from '../../system/log/log.ts';
import type { Versions } from '../../pages/bridge/contract.ts';
import { say } from '../../words/say.ts';
import type { Application, OwnWindow } from '../menu/application.ts';
import { systemClipboard } from '../menu/clipboard.ts';
import { diagnosticFacts } from './status/diagnostic-facts.ts';
import { diagnosticsText } from './status/diagnostics.ts';
import type { SettingsPort } from '../sessions/followed-changes.ts';
import { openLogDirectory } from './status/log-directory.ts';
import type { OwnWindows } from '../windows/own-windows.ts';
import { ProfileNews } from './status/profile-news.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { openSettingsPages } from './settings/settings-pages.ts';
import type { StartAtLogin } from '../lifecycle/start-at-login.ts';
import { windowCalls } from './status/window-calls.ts';
import { openWindowChannel } from './ipc/window-channel.ts';

declare const __TOKENTRAY_VERSION__: string;

/** For a version that is not known: only where this does not run in Electron. */
const NO_VERSION = '–';

/** What tells the open pages of changes. */
export interface OwnPagesNews {
  /** What is registered or set has changed, which no status tells. */
  changed(): void;
}

/** Answers our own pages, and tells them what changes. */
export function serveOwnPages(parts: {
  readonly windows: OwnWindows;
  /** Rejects where the window cannot be opened. */
  readonly showWindow: (page: OwnWindow) => Promise<void>;
  readonly application: Pick<Application, 'actForPage' | 'showMenu' | 'signInPort'>;
  readonly sessions: Sessions;
  /** undefined where this run keeps nothing. */
  readonly changes: SettingsPort | undefined;
  readonly startAtLogin: StartAtLogin;
  readonly where: Places;
  readonly log: Log;
}): OwnPagesNews {
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
      const facts = await diagnosticFacts({ where, sessions, statuses, versions, now: Date.now });
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
  const news = new ProfileNews(windows, statuses);
  profiles.watch(() => news.announce());
  return {
    changed: () => {
      news.announce();
      settings.news.announce();
    },
  };
}

function statusOf(agent: Agent, { profiles, outlets, changes }: Sessions): StatusBody {
  return statusBody(agent, {
    standing: profiles.get() === agent ? 'default' : 'further',
    source: changes === undefined ? 'passing' : 'stored',
    tokenFileTroubles: outlets.troubles(agent.profile.id),
  });
}

function versionsOf({ electron, chrome, node }: Readonly<Partial<NodeJS.ProcessVersions>>): Versions {
  return {
    tokentray: __TOKENTRAY_VERSION__,
    electron: electron ?? NO_VERSION,
    chromium: chrome ?? NO_VERSION,
    node: node ?? NO_VERSION,
  };
}
