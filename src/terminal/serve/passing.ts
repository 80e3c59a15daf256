import { saveCredential } from '../../config/credential/credential.ts';
import { readEnvFile } from '../../config/env/env-file.ts';
import { firstSettings } from '../../config/settings/registrations.ts';
import { openVault } from '../../vault/open-vault.ts';
import { say } from '../../words/say.ts';
import { reportRefused } from '../import/refusal.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Configured } from './configured.ts';

/** The settings of a `.env` file for this run, in memory only; undefined if it was refused, which is reported. */
export async function passingSettings(file: string, terminal: Terminal): Promise<Configured | undefined> {
  const imported = await readEnvFile(file, {});
  if (imported.kind === 'refused') {
    reportRefused({ ...imported, file }, 'admin', terminal);
    return undefined;
  }
  const { profile, credential, warnings } = imported;
  for (const warning of warnings) terminal.err(say(warning));
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
