import { problem, ProblemError } from '../agent/problem.ts';
import { sayIssue } from '../config/issue.ts';
import { saveClientSecret } from '../config/credential.ts';
import type { Places } from '../config/places.ts';
import { lastGoodItem } from '../agent/stored-session.ts';
import type { Profile } from '../config/profile.ts';
import { readSettings } from '../config/settings-file.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Vault } from '../vault/vault.ts';
import { say } from '../words/say.ts';
import type { Terminal } from './terminal.ts';

/** What is configured. The vault is opened by the owner only, so later than this is read. */
export interface Registration {
  readonly profile: Profile;
  readonly openVault: () => Promise<Vault>;
}

/**
 * The registration of the stored settings, or that of a `.env` file for this run, in memory only. What is
 * wrong with them is told; the answer is undefined then.
 * @throws ProblemError `not-configured`
 */
export async function readRegistration(
  envFile: string | undefined,
  places: Places,
  terminal: Terminal,
): Promise<Registration | undefined> {
  return envFile === undefined
    ? storedRegistration(places, terminal)
    : passingRegistration(envFile, terminal);
}

function storedRegistration(places: Places, terminal: Terminal): Registration | undefined {
  const read = readSettings(places.settingsFile);
  switch (read.kind) {
    case 'ok': {
      const [profile] = read.settings.profiles;
      if (profile === undefined) throw new ProblemError(problem('admin', 'not-configured'));
      const { storage } = read.settings;
      return {
        profile,
        openVault: () =>
          openVault({
            storage,
            directory: places.vaultDirectory,
            serviceName: places.vaultService,
            provenBy: lastGoodItem(profile),
          }),
      };
    }
    case 'absent':
      throw new ProblemError(problem('admin', 'not-configured'));
    case 'invalid':
      terminal.err(say('cli.settings.invalid', { file: places.settingsFile }));
      for (const issue of read.issues) terminal.err(`  ${sayIssue(issue)}`);
      return undefined;
    case 'unreadable':
      terminal.err(say('cli.settings.unreadable', { file: places.settingsFile, detail: read.reason }));
      if (read.setAsideAs !== undefined) {
        terminal.err(say('cli.settings.set-aside', { file: read.setAsideAs }));
      }
      return undefined;
  }
}

/** Nothing of it is on the start path of a stored session, so it is loaded here. */
async function passingRegistration(file: string, terminal: Terminal): Promise<Registration | undefined> {
  const { readEnv } = await import('./env-file.ts');
  const imported = await readEnv(file, {}, terminal);
  if (imported === undefined) return undefined;
  const { profile, clientSecret } = imported;
  return {
    profile,
    openVault: async () => {
      const vault = await openVault({ storage: 'memory', directory: '' });
      await saveClientSecret(vault, profile, clientSecret);
      return vault;
    },
  };
}
