import type { Agent } from '../agent/agent.ts';
import type { Problem } from '../agent/problem.ts';
import type { Profiles } from '../agent/profiles.ts';
import type { Send } from '../agent/send.ts';
import type { Places } from '../config/places.ts';
import { Registrations } from '../config/registrations.ts';
import { openSettingsStore } from '../config/settings-file.ts';
import type { CheckUpLine, RegistrationPort, SignInInvitation } from '../outlets/socket-host.ts';
import { TokenFiles } from '../outlets/token-files.ts';
import type { Log } from '../vault/log.ts';
import type { Vault } from '../vault/vault.ts';
import { checkUpLines } from '../owner/check-up-lines.ts';
import { servePages, wantPages } from './served-pages.ts';
import { RegistrationChanges } from '../owner/registration-changes.ts';
import type { Configured } from './registration.ts';
import { tellStart, tellStorage } from './serve-words.ts';
import type { Terminal } from './terminal.ts';

/** What of the host only people and rare questions need. */
export interface Served {
  invite(agent: Agent): SignInInvitation;
  registrations(): Promise<RegistrationPort>;
  checkUp(agent: Agent): Promise<readonly CheckUpLine[]>;
  tokenFileTroubles(profile: string): readonly Problem[];
  close(): Promise<void>;
}

/**
 * Opens pages and token files over sessions that are served already, and tells how things stand.
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
  wantPages(profiles.get()?.profile);
  const pages = await servePages({ profiles, places, log });
  // What the stored settings had written to files is no business of a run beside them.
  const files = configured.source === 'stored' ? configured.settings.tokenFiles : undefined;
  const tokenFiles = new TokenFiles({ profiles, files, places, now: Date.now, log });
  let registrations: Promise<RegistrationPort> | undefined;
  const openRegistrations = async (): Promise<RegistrationPort> => {
    const store = await openSettingsStore(places.settingsFile);
    return new RegistrationChanges({
      registrations: new Registrations({ settings: store, vault, now: Date.now }),
      profiles,
      pages: {
        allowDefault: wantPages,
        open: (wanted) => pages.open(wanted),
        keepOnly: (wanted) => pages.keepOnly(wanted),
      },
      tokenFiles,
    });
  };
  tellStart(profiles, pages, places, terminal);
  const untell = tellStorage(profiles, terminal);
  await tokenFiles.start();
  return {
    invite: (agent) => pages.invite(agent),
    // conf is loaded here, with the first change.
    registrations: () => (registrations ??= openRegistrations()),
    checkUp: (agent) => checkUpLines({ agent, vault, send }),
    tokenFileTroubles: (profile) => tokenFiles.troubles(profile),
    close: async () => {
      untell();
      await pages.close();
      await tokenFiles.stop();
    },
  };
}
