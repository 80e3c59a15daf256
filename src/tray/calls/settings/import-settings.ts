import path from 'node:path';
import type { ImportResult } from '../../../config/env/dotenv.ts';
import { readEnvFile } from '../../../config/env/env-file.ts';
import { keepUnnamed } from '../../../config/env/reimport.ts';
import type { Schedule, TokenFile } from '../../../config/profile/profile.ts';
import { samePathKey } from '../../../config/rules/full-path.ts';
import { sayIssue, SettingsError } from '../../../config/rules/issue.ts';
import type { VaultBackend } from '../../../vault/store/vault.ts';
import { problem, ProblemError } from '../../../words/problem.ts';
import { say } from '../../../words/say.ts';
import { tell } from '../../dialogs/dialogs.ts';
import { chooseFile } from '../../dialogs/file-choice.ts';
import { showBox } from '../../dialogs/message-box.ts';
import { chooseTokenFile } from '../../dialogs/token-file-offer.ts';
import type { Sessions } from '../../sessions/sessions.ts';

/** Hard-coded in the old application. */
const OLD_TIME_ZONE = 'Asia/Seoul';
const OLD_CRON = '0 7 * * *';

/**
 * “Import .env file…”: lets the user choose a file, stores its contents, and reports that. Rejects with
 * `ProblemError` (`profile.not-kept` if this run stores nothing), `VaultError`, or the file system's error.
 */
export async function importProfile(
  sessions: Pick<Sessions, 'profiles' | 'changes' | 'configured' | 'currentSettings'>,
): Promise<void> {
  const { profiles, changes, configured, currentSettings } = sessions;
  if (changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
  const imported = await chooseImport();
  if (imported === undefined) return;
  const { credential, tokenFile } = imported;
  const profile = keepUnnamed(
    imported.profile,
    ['schedule'],
    profiles.list.map((agent) => agent.profile),
  );
  const tokenFiles =
    tokenFile === undefined
      ? undefined
      : withFile(tokenFile, profile.id, currentSettings().settings.tokenFiles);
  try {
    await changes.put({ profile, credential, rank: 'further', tokenFiles });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return tell('warning', say('import.refused'), error.issues.map(sayIssue).join('\n'));
  }
  const isSignedIn = profiles.get(profile.id)?.status.session.kind === 'signed-in';
  const done = isSignedIn ? 'import.done.signed-in' : 'import.done.detail';
  await tellImported(imported, done, configured.vault.backend);
}

/** The profile's token files with the chosen one, which replaces one at the same path. */
function withFile(chosen: string, profile: string, files: readonly TokenFile[]): readonly TokenFile[] {
  const kept = files.filter(
    (file) => file.profile === profile && samePathKey(file.path) !== samePathKey(chosen),
  );
  return [...kept, { path: chosen, profile, scopes: undefined, format: 'bare' }];
}

type Imported = Extract<ImportResult, { kind: 'ok' }> & {
  /** Chosen in a system dialog: an imported file cannot name one. */
  readonly tokenFile: string | undefined;
};

/** What a .env file does not say. */
interface Choice {
  readonly schedule: Schedule | undefined;
  readonly tokenFile: 'wanted' | 'declined';
}

/** Asks whether and where to refresh at 07:00, and whether to keep the token in a file; undefined if cancelled. */
async function chooseBesides(): Promise<Choice | undefined> {
  const schedules = await schedulesIn([systemZone(), OLD_TIME_ZONE]);
  const { response, checkboxChecked } = await showBox({
    type: 'question',
    message: say('import.schedule.question'),
    detail: say('import.schedule.detail'),
    buttons: [
      ...schedules.map(({ timeZone }) => say('import.schedule.zone', { zone: timeZone })),
      say('import.schedule.none'),
      say('import.cancel'),
    ],
    defaultId: 0,
    cancelId: schedules.length + 1,
    checkboxLabel: say('import.token-file.offer'),
    noLink: true,
  });
  if (response > schedules.length) return undefined;
  return { schedule: schedules[response], tokenFile: checkboxChecked ? 'wanted' : 'declined' };
}

/**
 * Lets the user choose a .env file, a schedule, and a token file if requested. Resolves to undefined if the user
 * cancelled or the file was refused (already reported).
 */
async function chooseImport(): Promise<Imported | undefined> {
  const file = await chooseFile({
    title: say('import.title'),
    filter: { name: say('import.filter'), extensions: ['env', '*'] },
  });
  if (file === undefined) return undefined;
  const read = await readEnvFile(file, {}, 'regular');
  if (read.kind === 'refused') {
    const failed = say('import.failed', { file: path.basename(file) });
    await tell('warning', failed, read.issues.map(sayIssue).join('\n'));
    return undefined;
  }
  const choice = await chooseBesides();
  if (choice === undefined) return undefined;
  const tokenFile = choice.tokenFile === 'wanted' ? await chooseTokenFile(path.dirname(file)) : undefined;
  // Not read again: what was checked is imported, even if the file has changed since.
  return { ...read, profile: { ...read.profile, schedule: choice.schedule }, tokenFile };
}

/** undefined for a TZ that Node does not know, despite the declared type. */
function systemZone(): string | undefined {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The daily refresh in each of the zones that is known. */
async function schedulesIn(zones: readonly (string | undefined)[]): Promise<readonly Schedule[]> {
  // Imported here, because it loads node-schedule.
  const { checkSchedule, scheduleFieldsAt } = await import('../../../config/profile/cron.ts');
  return [...new Set(zones)]
    .filter((timeZone) => timeZone !== undefined)
    .map((timeZone) => ({ cron: OLD_CRON, timeZone }))
    .filter((schedule) => checkSchedule(schedule, scheduleFieldsAt('schedule')).length === 0);
}

/** Reports what was imported, and what was changed in the process. */
async function tellImported(
  { profile, warnings, tokenFile }: Imported,
  done: 'import.done.signed-in' | 'import.done.detail',
  backend: VaultBackend,
): Promise<void> {
  const { clientId, authority } = profile;
  const detail = [say(done, { clientId, authority }), ...warnings.map((code) => say(code))];
  if (tokenFile !== undefined) detail.push(say('import.done.token-file', { path: tokenFile }));
  if (backend === 'memory') detail.push(say('import.memory'));
  await tell('info', say('import.done'), detail.join('\n\n'));
}
