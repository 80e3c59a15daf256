import path from 'node:path';
import { extraCa } from '../../agent/network/extra-ca.ts';
import { sendProblem } from '../../agent/failures/failures.ts';
import { problem, ProblemError, type Problem } from '../../words/problem.ts';
import { SendError } from '../../agent/network/send.ts';
import { sayIssue, SettingsError, showFound, type SettingsIssue } from '../../config/rules/issue.ts';
import type { Places } from '../../system/places.ts';
import { registrationBody } from '../../outlets/socket/registration-body.ts';
import { firstSettings, Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import { problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import { askOwner, type SocketAnswer } from '../../outlets/socket/client.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { say } from '../../words/say.ts';
import type { Format, ImportCommand } from '../command-line/command.ts';
import { tellIssues } from './env-file.ts';
import { keepingUnnamed, readImportFiles, type ImportOrder } from './import-reading.ts';
import { importedBody, tellImported } from './import-words.ts';
import { asOwnerOrAsk } from '../settings/owned.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson, reportRefusal } from '../output/report.ts';
import { usableSettings } from '../settings/settings-look.ts';
import { openStoredVault } from '../storage/stored-vault.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray import FILE`: an app registration from an old `.env`: settings to the settings file, the
 * credential to the storage. Where an owner runs it is handed the registration and uses it at once; otherwise
 * this process owns the configuration for the moment. Says what was taken over, never the credential.
 * @throws ProblemError `import.no-vault`, `profile.invalid`, `extra-ca`, `socket-directory`, `storage.*`
 */
export async function importFile(
  command: ImportCommand,
  places: Places,
  terminal: Terminal,
): Promise<ExitCode> {
  const { format } = command;
  const read = await readImportFiles(command);
  if (read.kind === 'refused') return refuse(read.file, read.issues, format, terminal);
  const { profiles } = usableSettings(places.settingsFile) ?? firstSettings;
  const order = keepingUnnamed(read.order, command, profiles);
  const caFile = command.caFile === undefined ? undefined : path.resolve(command.caFile);
  if (caFile !== undefined) await checkCaFile(caFile);
  const work = asOwnerOrAsk<SocketAnswer | 'stored'>(
    places,
    () => store(order, caFile, places),
    () => hand(order, caFile, places),
  );
  const outcome = await whileWaiting('cli.waiting.storage', work);
  if (outcome !== 'stored' && outcome.status !== 200) return reportRefusal(terminal, outcome, format);
  if (format === 'json') printJson(terminal, importedBody(order));
  for (const warning of order.warnings) terminal.err(say(warning));
  tellImported(order, outcome === 'stored' ? 'stored' : 'in-use', terminal);
  return 0;
}

function refuse(
  file: string,
  issues: readonly SettingsIssue[],
  format: Format,
  terminal: Terminal,
): ExitCode {
  const sentences = issues.map(sayIssue);
  if (format === 'json') {
    const params = { file: showFound(file) ?? '', issues: sentences.join(' ') };
    const body = problemBody(problem('usage', 'import.refused', params));
    printJson(terminal, { error: { ...body, issues: sentences } });
  }
  tellIssues(file, issues, terminal);
  return 2;
}

async function checkCaFile(file: string): Promise<void> {
  try {
    await extraCa(file)();
  } catch (error) {
    if (error instanceof SendError) throw new ProblemError(sendProblem(error, ''));
    throw error;
  }
}

async function store(order: ImportOrder, caFile: string | undefined, places: Places): Promise<'stored'> {
  const { storage } = usableSettings(places.settingsFile) ?? firstSettings;
  const settings = await openSettingsStore(places.settingsFile);
  const vault = await openStoredVault(storage, places);
  if (vault.backend === 'memory') {
    // This process ends at once, and the credential with it; it is never put anywhere weaker instead.
    throw new ProblemError(noVault(vault.unavailable?.detail ?? say('cli.import.memory')));
  }
  try {
    const changed = await new Registrations({ settings, vault, now: Date.now }).put(order);
    if (caFile !== undefined) settings.save({ ...changed, extraCaFile: caFile });
    return 'stored';
  } catch (error) {
    if (error instanceof VaultError) throw new ProblemError(noVault(error.message));
    if (!(error instanceof SettingsError)) throw error;
    const issues = error.issues.map(sayIssue).join(' ');
    throw new ProblemError(problem('usage', 'profile.invalid', { issues }));
  }
}

function noVault(detail: string): Problem {
  return problem('storage', 'import.no-vault', { detail });
}

/** The owner's socket takes registrations; what holds for every profile is read at its start only. */
async function hand(order: ImportOrder, caFile: string | undefined, places: Places): Promise<SocketAnswer> {
  if (caFile !== undefined) throw new ProblemError(problem('usage', 'import.ca-file'));
  const target = `/v1/profiles/${encodeURIComponent(order.profile.id)}`;
  return askOwner(places, 'PUT', target, { json: registrationBody(order) });
}
