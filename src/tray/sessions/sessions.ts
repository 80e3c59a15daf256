import type { Agent } from '../../agent/agent.ts';
import { openAgent } from '../../agent/open-agent.ts';
import { Profiles } from '../../agent/profiles.ts';
import type { Credential } from '../../config/credential/credential.ts';
import type { Profile } from '../../config/profile/profile.ts';
import type { SettingsRead } from '../../config/settings/settings-file.ts';
import { checkUpLines } from '../../host/check-up/lines.ts';
import { endProfiles } from '../../host/end-profiles.ts';
import { History } from '../../host/history/history.ts';
import {
  RegistrationChanges,
  type AdoptionPort,
  type SignInPlacePort,
} from '../../host/registration-changes.ts';
import { readSpread } from '../../host/spread.ts';
import { openTokenViews, type TokenViews } from '../../host/token-view/token-view.ts';
import type { CheckUpLine, RegistrationPort } from '../../outlets/answer/host.ts';
import { Outlets } from '../../outlets/outlets.ts';
import type { TestLine } from '../../pages/bridge/contract.ts';
import type { Log } from '../../system/log/log.ts';
import { writeStandardError } from '../../system/log/standard-error.ts';
import type { Ownership } from '../../system/ownership/ownership.ts';
import type { Places } from '../../system/places.ts';
import { sayNetwork, withNetwork } from '../network/network-choice.ts';
import { openNetwork } from '../network/network.ts';
import { settingsNow, type SettingsNow } from './current-settings.ts';
import { openConfigured, openRegistrations, type Configured } from './registration.ts';

/** Every change of settings and registrations in a running tray. */
type SettingsPort = RegistrationPort & AdoptionPort & SignInPlacePort;

/** The sessions of this application, and everything about them that has no user interface. */
export interface Sessions {
  readonly configured: Configured;
  readonly currentSettings: () => SettingsNow;
  readonly profiles: Profiles;
  readonly outlets: Outlets;
  /** Empty if this run stores nothing (`--from-env`). */
  readonly history: Pick<History, 'view'>;
  readonly tokens: TokenViews;
  /** undefined if this run stores nothing (`--from-env`). */
  readonly changes: SettingsPort | undefined;
  /** What `tokentray doctor` shows for a profile. Never rejects. */
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
  /** Closes connections opened before the machine slept. Never rejects. */
  disconnect(): Promise<void>;
  /** Ends the sessions after storing pending changes; the answer to a token request is awaited, see `endProfiles`. */
  end(): Promise<void>;
}

/**
 * Opens the vault and restores the sessions. Outlets and registration changes start later. Rejects with
 * `SettingsError` and `VaultError` as {@link openConfigured}.
 * @param onChange called after each change made through `changes`
 */
export async function openSessions(
  read: SettingsRead,
  where: Places,
  ownership: Ownership,
  log: Log,
  onChange: () => void,
): Promise<Sessions> {
  const configured = await openConfigured(read, where);
  const { vault, settings, source } = configured;
  const network = openNetwork(settings, process.env, log);
  const { send } = network;
  const spreadMs = readSpread(where, (line) => writeStandardError(`${line}\n`), log);
  const profiles = new Profiles((profile) =>
    openAgent({ profile, vault, send, spreadMs, ownership, now: Date.now, log }),
  );
  await profiles.apply(settings);
  // Only settings that were read can start outlets: absent ones may have been set aside earlier.
  const wanted = source === 'stored' && read.kind === 'ok' ? settings : undefined;
  const outlets = new Outlets({ settings: wanted, profiles, places: where, now: Date.now, log });
  const history = new History({ profiles, places: where, now: Date.now, log });
  // Not awaited, so that the icon does not wait for earlier runs' history.
  const recording = source === 'stored' ? history.start() : undefined;
  const openChanges = async (): Promise<RegistrationChanges> =>
    new RegistrationChanges({
      registrations: await openRegistrations(where, vault),
      profiles,
      outlets,
      pages: undefined,
    });
  return {
    configured,
    currentSettings: () => settingsNow(where, configured),
    profiles,
    outlets,
    history,
    tokens: openTokenViews({ send, now: Date.now, log }),
    changes: source === 'passing' ? undefined : lateChanges(openChanges, onChange),
    checkUp: async (agent) =>
      withNetwork(await checkUpLines({ agent, profiles, vault, send }), network.choice),
    tryOut: async (what, onLine) => {
      const { draftCheckUp } = await import('../../host/check-up/draft.ts');
      const told = (line: TestLine): TestLine =>
        line.name === 'network' ? { ...line, said: `${line.said} ${sayNetwork(network.choice)}` } : line;
      const lines = await draftCheckUp({
        ...what,
        vault,
        send,
        now: Date.now,
        onLine: (line) => onLine(told(line)),
      });
      return lines.map(told);
    },
    disconnect: () => network.disconnect(),
    end: async () => {
      await Promise.allSettled([endProfiles(profiles), outlets.close()]);
      // Last, because the history records how the sessions ended.
      await recording?.then(() => history.close());
    },
  };
}

/** Opens the changes with the first one; if opening fails (an unusable settings file), the next change tries again. */
function lateChanges(open: () => Promise<SettingsPort>, onChange: () => void): SettingsPort {
  let opening: Promise<SettingsPort> | undefined;
  const change = async <Result>(make: (changes: SettingsPort) => Promise<Result>): Promise<Result> => {
    opening ??= open();
    opening.catch(() => (opening = undefined));
    const result = await make(await opening);
    onChange();
    return result;
  };
  return {
    put: (registration) => change((changes) => changes.put(registration)),
    remove: (id) => change((changes) => changes.remove(id)),
    setDefault: (id) => change((changes) => changes.setDefault(id)),
    setSignIn: (id, place) => change((changes) => changes.setSignIn(id, place)),
    change: (settings) => change((changes) => changes.change(settings)),
    adopt: (adoption) => change((changes) => changes.adopt(adoption)),
    addTokenFile: (file) => change((changes) => changes.addTokenFile(file)),
    removeTokenFile: (path) => change((changes) => changes.removeTokenFile(path)),
    reload: () => change((changes) => changes.reload()),
  };
}
