import type { Agent } from '../../agent/agent.ts';
import type { Problem } from '../../words/problem.ts';
import type { Profiles } from '../../agent/profiles.ts';
import type { Send } from '../../agent/network/send.ts';
import type { Places } from '../../system/places.ts';
import { Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import { statusBody } from '../../outlets/answer/status-body.ts';
import type {
  CheckUpLine,
  OutletsTold,
  RegistrationPort,
  SignInInvitation,
} from '../../outlets/answer/host.ts';
import type { Log } from '../../system/log/log.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { checkUpLines } from '../../host/check-up/lines.ts';
import { servePages, requirePages } from './served-pages.ts';
import { History } from '../../host/history/history.ts';
import { historyView } from '../../host/history/view.ts';
import { Outlets } from '../../outlets/outlets.ts';
import { RegistrationChanges } from '../../host/registration-changes.ts';
import { openTokenViews } from '../../host/token-view/token-view.ts';
import type { Configured } from './configured.ts';
import { tellEvents } from './serve-events.ts';
import { tellStart } from './serve-words.ts';
import type { Terminal } from '../output/terminal.ts';
import type { StatusSources } from './web/status.ts';

/** The parts of the host that only users and rare requests need. */
export interface Served {
  invite(agent: Agent): SignInInvitation;
  registrations(): Promise<RegistrationPort>;
  checkUp(agent: Agent): Promise<readonly CheckUpLine[]>;
  tokenFileTroubles(profile: string): readonly Problem[];
  outlets(): OutletsTold;
  close(): Promise<void>;
}

/**
 * Opens pages and outlets for sessions that are already served, and says their state.
 * @throws ProblemError `redirect-not-loopback`, `port-in-use`, `port-refused`, `socket-directory`
 */
export async function openServed(parts: {
  readonly configured: Pick<Configured, 'settings' | 'source'>;
  readonly profiles: Profiles;
  readonly vault: Vault;
  readonly send: Send;
  readonly places: Places;
  readonly terminal: Terminal;
  readonly log: Log;
}): Promise<Served> {
  const { configured, profiles, vault, send, places, terminal, log } = parts;
  requirePages(profiles.get()?.profile);
  // A run with --from-env does not use the outlets of the stored settings.
  const settings = configured.source === 'stored' ? configured.settings : undefined;
  const outlets = new Outlets({ settings, profiles, places, now: Date.now, log });
  // The tray shows it later: both hosts write the same record.
  const history = settings === undefined ? undefined : new History({ profiles, places, now: Date.now, log });
  const tokens = openTokenViews({ send, now: Date.now, log });
  const sources: StatusSources = {
    status: (agent) =>
      statusBody(agent, {
        standing: profiles.get() === agent ? 'default' : 'further',
        surface: 'web',
        source: configured.source,
        tokenFileTroubles: outlets.troubles(agent.profile.id),
      }),
    token: (agent) => tokens.view(agent),
    history: (profileId) => history?.view(profileId) ?? historyView([], Date.now()),
  };
  const pages = await servePages({ profiles, places, sources, log });
  let registrations: Promise<RegistrationPort> | undefined;
  const openRegistrations = async (): Promise<RegistrationPort> => {
    const store = await openSettingsStore(places.settingsFile);
    return new RegistrationChanges({
      registrations: new Registrations({ settings: store, vault, now: Date.now }),
      profiles,
      pages: {
        allowDefault: requirePages,
        open: (wanted) => pages.open(wanted),
        keepOnly: (wanted) => pages.keepOnly(wanted),
      },
      outlets,
    });
  };
  tellStart(profiles, pages, places, terminal);
  const untell = tellEvents(profiles, terminal, async ({ profile }) => {
    const { refusedCredential } = await import('../../host/check-up/check-up.ts');
    return refusedCredential({ profile, vault, send, now: Date.now });
  });
  await Promise.all([outlets.start(), history?.start()]);
  return {
    invite: (agent) => pages.invite(agent),
    // Loads conf with the first change.
    registrations: () => {
      registrations ??= openRegistrations();
      // The user may fix a refused settings file before the next change.
      registrations.catch(() => (registrations = undefined));
      return registrations;
    },
    checkUp: (agent) => checkUpLines({ agent, profiles, vault, send }),
    tokenFileTroubles: (profile) => outlets.troubles(profile),
    outlets: () => outlets.told(),
    close: async () => {
      untell();
      await pages.close();
      await Promise.all([outlets.close(), history?.close()]);
    },
  };
}
