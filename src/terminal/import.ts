import { sayIssue, SettingsError } from '../config/issue.ts';
import type { Places } from '../config/places.ts';
import type { Profile } from '../config/profile.ts';
import { openSettingsStore } from '../config/settings-file.ts';
import { firstSettings, storeRegistration } from '../config/store-registration.ts';
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

async function store(
  profile: Profile,
  secret: Secret,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = await openSettingsStore(places.settingsFile);
  const before = settings.get();
  const { storage } = before.kind === 'ok' ? before.settings : firstSettings;
  const vault = await openVault({
    storage,
    directory: places.vaultDirectory,
    serviceName: places.vaultService,
  });
  if (vault.backend === 'memory') {
    // This process ends at once, and the secret with it; it is never put anywhere weaker instead.
    const detail = vault.unavailable ?? say('cli.import.memory');
    return reportProblem(terminal, problem('storage', 'import.no-vault', { detail }));
  }
  try {
    await storeRegistration({ settings, vault }, { profile, clientSecret: secret });
    return 0;
  } catch (error) {
    if (error instanceof VaultError) {
      return reportProblem(terminal, problem('storage', 'import.no-vault', { detail: error.message }));
    }
    if (!(error instanceof SettingsError)) throw error;
    terminal.err(say('cli.settings.invalid', { file: places.settingsFile }));
    for (const issue of error.issues) terminal.err(`  ${sayIssue(issue)}`);
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
