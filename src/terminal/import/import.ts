import path from 'node:path';
import { sendProblem } from '../../agent/failures/send-problem.ts';
import { extraCa } from '../../agent/network/extra-ca.ts';
import { SendError } from '../../agent/network/send.ts';
import { Registrations } from '../../config/settings/registrations.ts';
import { openSettingsStore } from '../../config/settings/settings-file.ts';
import { registrationBody } from '../../outlets/socket/registration-body.ts';
import type { Places } from '../../system/places.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { problem, ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { asOwnerOrAsk } from '../configuration/owned.ts';
import { orProblem, usableSettings } from '../configuration/settings.ts';
import { openStoredVault } from '../configuration/vault.ts';
import { ask } from '../output/ask.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson } from '../output/report.ts';
import type { table } from './command.ts';
import { readImportFiles, type ImportOrder } from './reading.ts';
import { reportRefused } from './refusal.ts';
import { importedBody, tellImported } from './words.ts';

/**
 * Imports an app registration from an old `.env`: its settings into the settings file, its credential into the
 * storage. A running host receives the registration and uses it at once; otherwise this process owns the
 * configuration for the moment. Says what was imported, never the credential.
 */
export const run: Run<typeof table> = async (options, places, terminal) => {
  const { profiles } = usableSettings(places);
  const read = await readImportFiles(options, profiles);
  if (read.kind === 'refused') return reportRefused(read, 'usage', terminal);
  const { order } = read;
  const caFile = options.caFile === undefined ? undefined : path.resolve(options.caFile);
  if (caFile !== undefined) await checkCaFile(caFile);
  const work = asOwnerOrAsk<'stored' | 'in-use'>(
    places,
    () => store(order, caFile, places),
    () => hand(order, caFile, places),
  );
  const place = await whileWaiting('cli.waiting.storage', work);
  if (terminal.format === 'json') printJson(terminal, importedBody(order));
  for (const warning of order.warnings) terminal.err(say(warning));
  tellImported(order, place, terminal);
  return 0;
};

async function checkCaFile(file: string): Promise<void> {
  try {
    await extraCa(file)();
  } catch (error) {
    if (error instanceof SendError) throw new ProblemError(sendProblem(error, ''));
    throw error;
  }
}

async function store(order: ImportOrder, caFile: string | undefined, places: Places): Promise<'stored'> {
  const { storage } = usableSettings(places);
  const settings = await openSettingsStore(places.settingsFile);
  const vault = await openStoredVault(storage, places);
  // A credential in memory would be lost when this process exits. It is never stored anywhere weaker instead.
  if (vault.backend === 'memory') throw noVault(vault.unavailable?.detail ?? say('cli.import.memory'));
  try {
    await orProblem('profile.invalid', async () => {
      const changed = await new Registrations({ settings, vault, now: Date.now }).put(order);
      if (caFile !== undefined) settings.save({ ...changed, extraCaFile: caFile });
    });
    return 'stored';
  } catch (error) {
    throw error instanceof VaultError ? noVault(error.message) : error;
  }
}

function noVault(detail: string): ProblemError {
  return new ProblemError(problem('storage', 'import.no-vault', { detail }));
}

/** The socket accepts registrations; what applies to every profile is read at the start of the host only. */
async function hand(order: ImportOrder, caFile: string | undefined, places: Places): Promise<'in-use'> {
  if (caFile !== undefined) throw new ProblemError(problem('usage', 'import.ca-file'));
  const target = `/v1/profiles/${encodeURIComponent(order.profile.id)}`;
  await ask(places, 'PUT', target, registrationBody(order));
  return 'in-use';
}
