import type { Agent } from '../../agent/agent.ts';
import { openAgent } from '../../agent/open-agent.ts';
import { Profiles } from '../../agent/profiles.ts';
import type { Credential } from '../../config/credential/credential.ts';
import type { Places } from '../../system/places.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { SettingsRead } from '../../config/settings/settings-file.ts';
import type { CheckUpLine } from '../../outlets/answer/host.ts';
import { checkUpLines } from '../../host/check-up/lines.ts';
import { endProfiles } from '../../host/end-profiles.ts';
import { History } from '../../host/history/history.ts';
import { Outlets } from '../../outlets/outlets.ts';
import { RegistrationChanges } from '../../host/registration-changes.ts';
import { readSpread } from '../../host/spread.ts';
import { writeStandardError } from '../../system/log/standard-error.ts';
import { openTokenViews, type TokenViews } from '../../host/token-view/token-view.ts';
import type { Log } from '../../system/log/log.ts';
import type { TestLine } from '../../pages/bridge/contract.ts';
import type { SettingsPort } from './followed-changes.ts';
import { openNetwork } from '../network/network.ts';
import { openConfigured, openRegistrations, type Configured } from './registration.ts';

/** The sessions of this application, and what belongs to them without any screen. */
export interface Sessions {
  readonly configured: Configured;
  readonly profiles: Profiles;
  readonly outlets: Outlets;
  /** Empty where this run keeps nothing (`--from-env`). */
  readonly history: Pick<History, 'view'>;
  readonly tokens: TokenViews;
  /** undefined where this run keeps nothing (`--from-env`). */
  readonly changes: SettingsPort | undefined;
  /** What `tokentray doctor` shows of a profile. Never rejects. */
  checkUp(agent: Agent): Promise<readonly CheckUpLine[]>;
  /** “Test connection” of the Settings page. Never rejects. */
  tryOut(
    what: {
      readonly profile: Profile;
      readonly credential: Credential | undefined;
      readonly isOwnPort: (port: number) => boolean;
    },
    onLine: (line: TestLine) => void,
  ): Promise<readonly TestLine[]>;
  /** The machine has slept: ends connections from before. Never rejects. */
  disconnect(): Promise<void>;
  /** Ends them: what is under way is stored first. Resolves in little more than a second. */
  end(): Promise<void>;
}

/**
 * Opens the vault and restores the sessions. Outlets and the changes of registrations begin later.
 * Rejects with `SettingsError` and `VaultError` as {@link openConfigured}.
 */
export async function openSessions(read: SettingsRead, where: Places, log: Log): Promise<Sessions> {
  const configured = await openConfigured(read, where);
  const { vault, settings, source } = configured;
  const network = openNetwork(settings, process.env, log);
  const { send } = network;
  const spreadMs = readSpread(where, (line) => writeStandardError(`${line}\n`), log);
  const profiles = new Profiles((profile) =>
    openAgent({ profile, vault, send, spreadMs, now: Date.now, log }),
  );
  await profiles.apply(settings);
  // Only settings that were read say what is wanted: absent ones may have been set aside before.
  const wanted = source === 'stored' && read.kind === 'ok' ? settings : undefined;
  const outlets = new Outlets({ settings: wanted, profiles, places: where, now: Date.now, log });
  const history = new History({ profiles, places: where, now: Date.now, log });
  // What earlier runs wrote is there in a moment: no icon waits for it.
  const recording = source === 'stored' ? history.start() : undefined;
  return {
    configured,
    profiles,
    outlets,
    history,
    tokens: openTokenViews({ send, now: Date.now, log }),
    changes: source === 'passing' ? undefined : storedChanges({ where, vault, profiles, outlets }),
    checkUp: async (agent) => network.tell(await checkUpLines({ agent, vault, send })),
    tryOut: async ({ profile, credential, isOwnPort }, onLine) => {
      const { draftCheckUp } = await import('../../host/check-up/draft.ts');
      const told = (line: TestLine): TestLine =>
        line.name === 'network' ? { ...line, said: `${line.said} ${network.said}` } : line;
      const lines = await draftCheckUp({
        profile,
        credential,
        vault,
        send,
        now: Date.now,
        isOwnPort,
        onLine: (line) => onLine(told(line)),
      });
      return lines.map(told);
    },
    disconnect: () => network.disconnect(),
    end: async () => {
      await Promise.allSettled([endProfiles(profiles), outlets.close()]);
      // Last: how the sessions ended belongs into it.
      await recording?.then(() => history.close());
    },
  };
}

/** electron-store is loaded with the first change; a settings file that it refuses is tried again with the next. */
function storedChanges(parts: {
  readonly where: Places;
  readonly vault: Configured['vault'];
  readonly profiles: Profiles;
  readonly outlets: Outlets;
}): SettingsPort {
  const { where, vault, profiles, outlets } = parts;
  let opening: Promise<RegistrationChanges> | undefined;
  const open = (): Promise<RegistrationChanges> => {
    opening ??= openRegistrations(where, vault).then(
      (registrations) => new RegistrationChanges({ registrations, profiles, outlets, pages: undefined }),
    );
    opening.catch(() => (opening = undefined));
    return opening;
  };
  return {
    put: async (registration) => (await open()).put(registration),
    remove: async (id) => (await open()).remove(id),
    setDefault: async (id) => (await open()).setDefault(id),
    setSignIn: async (id, place) => (await open()).setSignIn(id, place),
    change: async (change) => (await open()).change(change),
    adopt: async (adoption) => (await open()).adopt(adoption),
    addTokenFile: async (file) => (await open()).addTokenFile(file),
    removeTokenFile: async (path) => (await open()).removeTokenFile(path),
    reload: async () => (await open()).reload(),
  };
}
