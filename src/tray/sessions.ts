import type { Agent } from '../agent/agent.ts';
import { openAgent } from '../agent/open-agent.ts';
import { Profiles } from '../agent/profiles.ts';
import { systemSend } from '../agent/system-send.ts';
import type { Places } from '../config/places.ts';
import type { SettingsRead } from '../config/settings-file.ts';
import type { CheckUpLine, RegistrationPort } from '../outlets/socket-host.ts';
import { TokenFiles } from '../outlets/token-files.ts';
import { checkUpLines } from '../owner/check-up-lines.ts';
import { endProfiles } from '../owner/end-profiles.ts';
import { RegistrationChanges } from '../owner/registration-changes.ts';
import { readSpread } from '../owner/spread.ts';
import { writeStandardError } from '../owner/standard-error.ts';
import type { Log } from '../vault/log.ts';
import { openConfigured, openRegistrations, type Configured } from './registration.ts';

/** The sessions of this application, and what belongs to them without any screen. */
export interface Sessions {
  readonly configured: Configured;
  readonly profiles: Profiles;
  readonly tokenFiles: TokenFiles;
  /** undefined where this run keeps nothing (`--from-env`). */
  readonly changes: RegistrationPort | undefined;
  /** What `tokentray doctor` shows of a profile. Never rejects. */
  checkUp(agent: Agent): Promise<readonly CheckUpLine[]>;
  /** Ends them: what is under way is stored first. Resolves in little more than a second. */
  end(): Promise<void>;
}

/**
 * Opens the vault and restores the sessions. Token files and the changes of registrations begin later.
 * Rejects with `SettingsError` and `VaultError` as {@link openConfigured}.
 */
export async function openSessions(read: SettingsRead, where: Places, log: Log): Promise<Sessions> {
  const configured = await openConfigured(read, where);
  const { vault, settings, source } = configured;
  const send = systemSend({ extraCaFile: settings.extraCaFile, env: process.env });
  const spreadMs = readSpread(where, (line) => writeStandardError(`${line}\n`), log);
  const profiles = new Profiles((profile) =>
    openAgent({ profile, vault, send, spreadMs, now: Date.now, log }),
  );
  await profiles.apply(settings);
  // Only settings that were read say which files are wanted: absent ones may have been set aside before.
  const isKnown = source === 'stored' && read.kind === 'ok';
  const files = isKnown ? settings.tokenFiles : undefined;
  const tokenFiles = new TokenFiles({ profiles, files, places: where, now: Date.now, log });
  return {
    configured,
    profiles,
    tokenFiles,
    changes: source === 'passing' ? undefined : storedChanges({ where, vault, profiles, tokenFiles }),
    checkUp: (agent) => checkUpLines({ agent, vault, send }),
    end: async () => {
      await Promise.allSettled([endProfiles(profiles), tokenFiles.stop()]);
    },
  };
}

/** electron-store is loaded with the first change; a settings file that it refuses is tried again with the next. */
function storedChanges(parts: {
  readonly where: Places;
  readonly vault: Configured['vault'];
  readonly profiles: Profiles;
  readonly tokenFiles: TokenFiles;
}): RegistrationPort {
  const { where, vault, profiles, tokenFiles } = parts;
  let opening: Promise<RegistrationChanges> | undefined;
  const open = (): Promise<RegistrationChanges> => {
    opening ??= openRegistrations(where, vault).then(
      (registrations) => new RegistrationChanges({ registrations, profiles, tokenFiles, pages: undefined }),
    );
    opening.catch(() => (opening = undefined));
    return opening;
  };
  return {
    put: async (registration) => (await open()).put(registration),
    remove: async (id) => (await open()).remove(id),
    setDefault: async (id) => (await open()).setDefault(id),
  };
}
