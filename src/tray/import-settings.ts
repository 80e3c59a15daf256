import { dialog } from 'electron';
import path from 'node:path';
import type { ImportResult } from '../config/dotenv.ts';
import { readEnvFile } from '../config/env-file.ts';
import { problem, ProblemError } from '../agent/problem.ts';
import { sayIssue, SettingsError } from '../config/issue.ts';
import type { Schedule } from '../config/profile.ts';
import type { RegistrationPort } from '../outlets/socket-host.ts';
import type { VaultBackend } from '../vault/vault.ts';
import { say } from '../words/say.ts';
import { tell } from './dialogs.ts';

/** What the old application had hard-coded. */
const OLD_TIME_ZONE = 'Asia/Seoul';
const OLD_CRON = '0 7 * * *';

/**
 * “Import .env file…”: lets the user choose, stores what is in the file, and says so. Rejects with
 * `ProblemError` (`profile.not-kept` where this run keeps nothing), `VaultError`, or the file system's error.
 */
export async function importProfile(
  changes: Pick<RegistrationPort, 'put'> | undefined,
  backend: VaultBackend,
): Promise<void> {
  if (changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
  const imported = await importSettings(Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (imported === undefined) return;
  const { profile, credential } = imported;
  try {
    await changes.put({ profile, credential, rank: 'further', tokenFiles: undefined });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return tell('warning', say('import.refused'), error.issues.map(sayIssue).join('\n'));
  }
  await tellImported(imported, backend);
}

type Imported = Extract<ImportResult, { kind: 'ok' }>;

type ScheduleChoice =
  { readonly kind: 'chosen'; readonly schedule: Schedule | undefined } | { readonly kind: 'cancelled' };

/** Asks for the one thing that no .env file says: whether and where it is 07:00. */
async function chooseSchedule(systemZone: string): Promise<ScheduleChoice> {
  const zones = [...new Set([systemZone, OLD_TIME_ZONE])];
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: say('import.schedule.question'),
    detail: say('import.schedule.detail'),
    buttons: [
      ...zones.map((zone) => say('import.schedule.zone', { zone })),
      say('import.schedule.none'),
      say('import.cancel'),
    ],
    defaultId: 0,
    cancelId: zones.length + 1,
    noLink: true,
  });
  const timeZone = zones[response];
  if (timeZone !== undefined) return { kind: 'chosen', schedule: { cron: OLD_CRON, timeZone } };
  return response === zones.length ? { kind: 'chosen', schedule: undefined } : { kind: 'cancelled' };
}

/**
 * Lets the user choose a .env file and a schedule. The answer is undefined when the dialog was
 * cancelled or the file refused, which has been said by then.
 */
async function importSettings(systemZone: string): Promise<Imported | undefined> {
  const chosen = await dialog.showOpenDialog({
    title: say('import.title'),
    properties: ['openFile', 'showHiddenFiles'],
    filters: [{ name: say('import.filter'), extensions: ['env', '*'] }],
  });
  const [file] = chosen.filePaths;
  if (chosen.canceled || file === undefined) return undefined;
  const failed = say('import.failed', { file: path.basename(file) });
  const checked = await readEnvFile(file);
  if (checked.kind === 'refused') {
    await tell('warning', failed, checked.issues.map(sayIssue).join('\n'));
    return undefined;
  }
  const choice = await chooseSchedule(systemZone);
  if (choice.kind === 'cancelled') return undefined;
  const imported = await readEnvFile(file, { schedule: choice.schedule });
  return imported.kind === 'ok' ? imported : undefined;
}

/** Says what was imported, and what differently than it was written. */
async function tellImported({ profile, warnings }: Imported, backend: VaultBackend): Promise<void> {
  const { clientId, authority } = profile;
  const detail = [say('import.done.detail', { clientId, authority }), ...warnings.map((code) => say(code))];
  if (backend === 'memory') detail.push(say('import.memory'));
  await tell('info', say('import.done'), detail.join('\n\n'));
}
