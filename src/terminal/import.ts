import { saveClientSecret } from '../config/credential.ts';
import { sayIssue, SettingsError } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Profile, Settings } from '../config/profile.ts';
import { openSettingsStore } from '../config/settings-file.ts';
import { problem } from '../agent/problem.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { sayOwner, takeOwnership } from '../outlets/ownership.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Secret } from '../vault/secret.ts';
import { VaultError } from '../vault/vault.ts';
import { say } from '../words/say.ts';
import type { ImportCommand } from './command-line.ts';
import { readEnv } from './env-file.ts';
import { reportProblem } from './report.ts';
import type { Terminal } from './terminal.ts';

const FIRST_SETTINGS: Omit<Settings, 'profiles'> = {
  schemaVersion: 1,
  storage: 'auto',
  clipboardClearSeconds: 60,
};

/**
 * `tokentray import FILE`: settings from an old `.env` into the settings file, the secret into the vault.
 * Only while no host runs, because the owner alone writes both. Prints what it took over, never the secret.
 * @throws ProblemError `socket-directory`
 */
export async function importFile(
  command: ImportCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const { schedule, prefix } = command;
  const imported = await readEnv(command.file, { schedule, prefix }, terminal);
  if (imported === undefined) return 2;
  const ownership = await takeOwnership({ places, kind: 'import' });
  if (ownership.kind === 'taken') {
    return reportProblem(terminal, problem('usage', 'already-running', { owner: sayOwner(ownership.owner) }));
  }
  try {
    const code = await store(imported.profile, imported.clientSecret, places, terminal);
    if (code !== 0) return code;
  } finally {
    await ownership.release();
  }
  tellImported(imported.profile, terminal);
  return 0;
}

/** The secret first: settings without it would start a host that cannot do anything. */
async function store(
  profile: Profile,
  secret: Secret,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = await openSettingsStore(places.settingsFile);
  const before = settings.get();
  const kept = before.kind === 'ok' ? before.settings : FIRST_SETTINGS;
  const vault = await openVault({
    storage: kept.storage,
    directory: places.vaultDirectory,
    serviceName: places.vaultService,
  });
  if (vault.backend === 'memory') {
    // This process ends at once, and the secret with it; it is never put anywhere weaker instead.
    const detail = vault.unavailable ?? say('cli.import.memory');
    return reportProblem(terminal, problem('storage', 'import.no-vault', { detail }));
  }
  try {
    await saveClientSecret(vault, profile, secret);
    settings.save({ ...kept, profiles: [profile] });
    return 0;
  } catch (error) {
    if (error instanceof VaultError) {
      return reportProblem(terminal, problem('storage', 'import.no-vault', { detail: error.message }));
    }
    if (!(error instanceof SettingsError)) throw error;
    for (const issue of error.issues) terminal.err(sayIssue(issue));
    return 12;
  }
}

function tellImported(profile: Profile, terminal: Terminal): void {
  const { authority, clientId, redirectUri, scopes, schedule } = profile;
  terminal.err(say('import.done'));
  terminal.err(say('cli.import.registration', { clientId, authority }));
  terminal.err(say('cli.import.redirect', { redirectUri }));
  terminal.err(say('cli.import.scopes', { scopes: scopes.join(' ') }));
  terminal.err(say('cli.import.secret'));
  if (schedule === undefined) terminal.err(say('cli.import.no-schedule'));
  else terminal.err(say('cli.import.schedule', { cron: schedule.cron, zone: schedule.timeZone }));
  terminal.err(say('cli.import.next'));
}
