import { problem, ProblemError } from '../../words/problem.ts';
import { lastGoodItem } from '../../agent/session/stored-session.ts';
import { saveCredential } from '../../config/credential/credential.ts';
import { sayIssue } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { defaultProfileOf, type Settings } from '../../config/profile/profile.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import { readSettings } from '../../config/settings/settings-file.ts';
import { openVault } from '../../vault/open-vault.ts';
import type { Secret } from '../../system/secret.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { Format, ServeCommand } from '../command-line/command.ts';
import type { Terminal } from '../output/terminal.ts';

/** How the key of encrypted files is asked for: again, where it is a `new` one. */
type AskPassphrase = (use: 'new' | 'existing') => Promise<Secret>;

/** What is configured. The vault is opened by the owner only, so later than this is read. */
export interface Configured {
  readonly settings: Settings;
  /** `passing`: of a `.env`, for this run; nothing of it is written anywhere. */
  readonly source: 'stored' | 'passing';
  /**
   * Rejects with `VaultError` where storage that was chosen explicitly cannot be used. `askPassphrase` is
   * called only where that choice needs one.
   */
  readonly openVault: (askPassphrase: AskPassphrase) => Promise<Vault>;
}

/**
 * The stored settings, or those of a `.env` file for this run, in memory only. What is wrong with that file
 * is told; the answer is undefined then. Otherwise there is at least one profile.
 * @throws ProblemError `not-configured`, `settings.unusable`
 */
export async function readConfigured(
  { envFile, format }: Pick<ServeCommand, 'envFile' | 'format'>,
  places: Places,
  terminal: Terminal,
): Promise<Configured | undefined> {
  return envFile === undefined ? storedSettings(places) : passingSettings(envFile, format, terminal);
}

function storedSettings(places: Places): Configured {
  const read = readSettings(places.settingsFile);
  switch (read.kind) {
    case 'ok': {
      const { settings } = read;
      const profile = defaultProfileOf(settings);
      if (profile === undefined) throw new ProblemError(problem('admin', 'not-configured'));
      return {
        settings,
        source: 'stored',
        openVault: (askPassphrase) =>
          openVault({
            storage: settings.storage,
            directory: places.vaultDirectory,
            serviceName: places.vaultService,
            provenBy: lastGoodItem(profile),
            askPassphrase,
          }),
      };
    }
    case 'absent':
      throw new ProblemError(problem('admin', 'not-configured'));
    case 'invalid':
      throw unusable(places, read.issues.map(sayIssue).join(' '));
    case 'unreadable': {
      const { setAsideAs: file, reason } = read;
      throw unusable(places, file === undefined ? reason : say('cli.settings.set-aside', { file }));
    }
  }
}

function unusable({ settingsFile }: Places, detail: string): ProblemError {
  return new ProblemError(problem('admin', 'settings.unusable', { file: settingsFile, detail }));
}

/** Nothing of it is on the start path of a stored session, so it is loaded here. */
async function passingSettings(
  file: string,
  format: Format,
  terminal: Terminal,
): Promise<Configured | undefined> {
  const { readEnv } = await import('./env-file.ts');
  const imported = await readEnv(file, {}, terminal, format);
  if (imported === undefined) return undefined;
  const { profile, credential } = imported;
  return {
    settings: { ...firstSettings, profiles: [profile], storage: 'memory' },
    source: 'passing',
    openVault: async () => {
      const vault = await openVault({ storage: 'memory', directory: '' });
      await saveCredential(vault, profile, credential);
      return vault;
    },
  };
}
