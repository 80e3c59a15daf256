import { lastGoodItem } from '../../agent/session/stored-session.ts';
import { defaultProfileOf, type Settings } from '../../config/profile/profile.ts';
import { sayIssue } from '../../config/rules/issue.ts';
import { readSettings } from '../../config/settings/settings-file.ts';
import type { Places } from '../../system/places.ts';
import type { Secret } from '../../system/secret.ts';
import { openVault } from '../../vault/open-vault.ts';
import type { Vault } from '../../vault/store/vault.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';

type AskPassphrase = (use: 'new' | 'existing') => Promise<Secret>;

/** The settings of a host, with at least one profile, and how its vault is opened, which only the owner does. */
export interface Configured {
  readonly settings: Settings;
  /** `passing`: from a `.env`, for this run; nothing is written anywhere. */
  readonly source: 'stored' | 'passing';
  /**
   * Rejects with `VaultError` if storage that was chosen explicitly cannot be used. `askPassphrase` is called only if
   * that choice needs a passphrase.
   */
  readonly openVault: (askPassphrase: AskPassphrase) => Promise<Vault>;
}

/**
 * The stored settings.
 * @throws ProblemError `not-configured`, `settings.unusable`
 */
export function storedSettings(places: Places): Configured {
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
