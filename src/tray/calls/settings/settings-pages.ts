import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { thisMachine, type Places } from '../../../system/places.ts';
import type { Settings } from '../../../config/profile/profile.ts';
import { wantedPlace } from '../../../outlets/shell-cache/place.ts';
import type { RegistrationPort } from '../../../outlets/answer/host.ts';
import type { AdoptionPort } from '../../../host/registration-changes.ts';
import type { Log } from '../../../system/log/log.ts';
import type { SettingsView } from '../../../pages/bridge/contract.ts';
import type { Application } from '../../menu/application.ts';
import { systemClipboard } from '../../menu/clipboard.ts';
import { chooseAssertionFile, chooseCertificate } from '../credentials/choice.ts';
import { credentialView } from '../credentials/view.ts';
import { settingsNow, type SettingsNow } from '../../sessions/current-settings.ts';
import { DraftCalls } from './draft-calls.ts';
import { readDraftFile } from './draft-file.ts';
import { HeldCredentials } from '../credentials/held-credentials.ts';
import type { OwnWindows } from '../../windows/own-windows.ts';
import { confirmRemoval } from '../../dialogs/removal.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { SettingsHandlers } from '../ipc/handlers.ts';
import { settingsCalls } from './settings-calls.ts';
import { SettingsNews } from './settings-news.ts';
import { exportToFile, importFromFile } from './settings-transfer.ts';
import { settingsView } from './settings-view.ts';
import { settingsWindow } from '../../windows/settings-window.ts';
import type { StartAtLogin } from '../../lifecycle/start-at-login.ts';
import { StoredCredentials } from '../credentials/stored-credentials.ts';
import { chooseTokenFile } from '../../dialogs/token-file-offer.ts';

/**
 * A keyring answers within some 30 ms: a few profiles are known by then, and with a hundred nobody waits longer
 * for the page than they would notice.
 */
const LOOK_LIMIT_MS = 400;

/** What answers the Settings page, and what tells it of changes. */
export interface SettingsPages {
  readonly handlers: SettingsHandlers;
  readonly news: SettingsNews;
}

/** Puts the Settings page's calls together with what runs. */
export function openSettingsPages(parts: {
  readonly windows: OwnWindows;
  readonly application: Pick<Application, 'signInPort'>;
  readonly sessions: Sessions;
  /** undefined where this run keeps nothing. */
  readonly changes: (RegistrationPort & AdoptionPort) | undefined;
  readonly startAtLogin: Pick<StartAtLogin, 'state' | 'set' | 'watch'>;
  readonly where: Places;
  readonly log: Log;
}): SettingsPages {
  const { windows, application, sessions, changes, startAtLogin, where, log } = parts;
  const { configured, profiles, outlets } = sessions;
  const { vault, source } = configured;
  const now = (): SettingsNow => settingsNow(where, configured);
  const current = (): Settings => now().settings;
  /** An export of what a broken file does not say would be an empty one. */
  const usable = (): Settings => {
    const found = now();
    if (found.kind === 'trouble') throw found.trouble;
    return found.settings;
  };
  const stored = new StoredCredentials(vault);
  const held = new HeldCredentials();
  windows.whenClosed(({ file }) => {
    if (file === settingsWindow.file) held.clear();
  });
  /** A file may be chosen after the window was closed that wanted it. */
  const reading = <Read>(read: Promise<Read>): Promise<Read> =>
    read.finally(() => {
      if (!windows.isOpen(settingsWindow)) held.clear();
    });
  const read = async (): Promise<SettingsView> => {
    const limit = sleep(LOOK_LIMIT_MS, undefined, { ref: false });
    const { known, rest } = await stored.seen(profiles.list, limit);
    // The page is told of the others once they are known. That a store refused is remembered: this ends.
    rest?.then(
      () => news.announce(),
      (error: unknown) => log.error('a stored credential could not be looked at', { error }),
    );
    const views = new Map([...known].map(([{ profile }, facts]) => [profile.id, facts]));
    const found = now();
    return settingsView({
      settings: found.settings,
      trouble: found.kind === 'trouble' ? found.trouble : undefined,
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
  const news = new SettingsNews({ windows, read, log });
  // What is wrong with a token file comes and goes with its profile.
  profiles.watch(() => news.announce());
  startAtLogin.watch(() => news.announce());
  const drafts = new DraftCalls({
    profiles: () => current().profiles,
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
    exportSettings: () => exportToFile({ current: usable }),
    importSettings: () => importFromFile({ current: usable, changes }),
    chooseDraftText: () => reading(readDraftFile(drafts)),
    chooseCredential: async ({ kind, replaces }) => {
      const chosen = await reading(
        kind === 'certificate' ? chooseCertificate(held) : chooseAssertionFile(held),
      );
      if (chosen.kind === 'chosen' && replaces !== undefined) held.drop(replaces);
      return chosen;
    },
    chooseTokenFile: () => chooseTokenFile(os.homedir()),
    confirmRemoval: (id) => confirmRemoval(id, current()),
    copy: (text) => systemClipboard.writeText(text),
    log,
  });
  return { handlers, news };
}
