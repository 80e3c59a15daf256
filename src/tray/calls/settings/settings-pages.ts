import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../../config/profile/profile.ts';
import { wantedPlace } from '../../../outlets/shell-cache/place.ts';
import type { SettingsView } from '../../../pages/bridge/contract.ts';
import type { Log } from '../../../system/log/log.ts';
import { thisMachine, type Places } from '../../../system/places.ts';
import { confirmRemoval } from '../../dialogs/removal.ts';
import { chooseTokenFile } from '../../dialogs/token-file-offer.ts';
import type { StartAtLogin } from '../../lifecycle/start-at-login.ts';
import type { Application } from '../../menu/application.ts';
import { systemClipboard } from '../../menu/clipboard.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { OwnWindows } from '../../windows/own-windows.ts';
import { settingsWindow } from '../../windows/pages.ts';
import { chooseAssertionFile, chooseCertificate } from '../credentials/choice.ts';
import { HeldCredentials } from '../credentials/held-credentials.ts';
import { StoredCredentials } from '../credentials/stored-credentials.ts';
import { credentialView } from '../credentials/view.ts';
import type { SettingsHandlers } from '../ipc/handlers.ts';
import { PageNews } from '../ipc/page-news.ts';
import { DraftCalls } from './draft-calls.ts';
import { readDraftFile } from './draft-file.ts';
import { settingsCalls } from './settings-calls.ts';
import { exportToFile, importFromFile } from './settings-transfer.ts';
import { settingsView } from './settings-view.ts';

/**
 * A keyring answers within about 30 ms, so a few profiles are known by then. With a hundred of them the page opens
 * without a noticeable delay and gets the rest later.
 */
const LOOK_LIMIT_MS = 400;

/** What answers the Settings page, and what sends it changes. */
export interface SettingsPages {
  readonly handlers: SettingsHandlers;
  readonly news: PageNews<'settings.changed'>;
}

/** Connects the Settings page's calls to the running application. */
export function openSettingsPages(parts: {
  readonly windows: OwnWindows;
  readonly application: Pick<Application, 'signInPort'>;
  readonly sessions: Sessions;
  readonly startAtLogin: Pick<StartAtLogin, 'state' | 'set' | 'watch'>;
  readonly where: Places;
  readonly log: Log;
}): SettingsPages {
  const { windows, application, sessions, startAtLogin, where, log } = parts;
  const { configured, profiles, outlets, changes, currentSettings } = sessions;
  const { vault, source } = configured;
  /** Throws if the settings file cannot be used: an export would miss what is in it. */
  const usable = (): Settings => {
    const { settings, trouble } = currentSettings();
    if (trouble !== undefined) throw trouble;
    return settings;
  };
  const stored = new StoredCredentials(vault);
  const held = new HeldCredentials();
  windows.whenClosed(({ file }) => {
    if (file === settingsWindow.file) held.clear();
  });
  /** Drops what was read if the window was closed while the file dialog was open. */
  const reading = <Read>(read: Promise<Read>): Promise<Read> =>
    read.finally(() => {
      if (!windows.isOpen(settingsWindow)) held.clear();
    });
  const read = async (): Promise<SettingsView> => {
    const limit = sleep(LOOK_LIMIT_MS, undefined, { ref: false });
    const { known, rest } = await stored.seen(profiles.list, limit);
    // The page gets the rest later. This does not loop: a refusal of the store is remembered.
    rest?.then(
      () => news.announce(),
      (error: unknown) => log.error('a stored credential could not be looked at', { error }),
    );
    const views = new Map([...known].map(([{ profile }, facts]) => [profile.id, facts]));
    return settingsView({
      ...currentSettings(),
      source,
      credentialOf: (id) => credentialView(views.get(id) ?? { kind: 'awaited' }, Date.now()),
      startAtLogin: startAtLogin.state,
      outlets: outlets.told(),
      shellCache: wantedPlace(where, thisMachine()).kind === 'usable' ? 'yes' : 'no',
      tokenFileTroubles: (id) => outlets.troubles(id),
      vault,
      places: where,
      systemZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
  };
  const news = new PageNews({ windows, message: 'settings.changed', read, log });
  // Problems with token files come and go with the profiles' statuses.
  profiles.watch(() => news.announce());
  startAtLogin.watch(() => news.announce());
  const drafts = new DraftCalls({
    profiles: () => currentSettings().settings.profiles,
    changes,
    held,
    storedFor: async (id) => {
      const agent = profiles.get(id);
      return agent === undefined ? { kind: 'none' } : stored.of(agent);
    },
    backend: () => vault.backend,
    log,
    test: (what, onLine) =>
      sessions.tryOut({ ...what, isOwnPort: (port) => port === application.signInPort }, onLine),
    tell: (said) => windows.tellAll('draft.tested', said),
  });
  const handlers = settingsCalls({
    read,
    drafts,
    changes,
    startAtLogin,
    exportSettings: () => exportToFile(usable),
    importSettings: () => importFromFile(usable, changes),
    chooseDraftText: () => reading(readDraftFile(drafts)),
    chooseCredential: async ({ kind, replaces }) => {
      const choose = kind === 'certificate' ? chooseCertificate : chooseAssertionFile;
      const chosen = await reading(choose(held));
      if (chosen.kind === 'chosen' && replaces !== undefined) held.drop(replaces);
      return chosen;
    },
    chooseTokenFile: () => chooseTokenFile(os.homedir()),
    confirmRemoval: (id) => confirmRemoval(id, currentSettings().settings),
    copy: (text) => systemClipboard.writeText(text),
    log,
  });
  return { handlers, news };
}
