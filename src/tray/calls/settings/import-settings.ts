import { dialog } from 'electron';
import path from 'node:path';
import type { ImportResult } from '../../../config/env/dotenv.ts';
import { readEnvFile } from '../../../config/env/env-file.ts';
import { problem, ProblemError } from '../../../words/problem.ts';
import type { Session } from '../../../agent/status/status.ts';
import { samePathKey } from '../../../config/rules/full-path.ts';
import { sayIssue, SettingsError } from '../../../config/rules/issue.ts';
import type { Profile, Schedule, TokenFile } from '../../../config/profile/profile.ts';
import { keepUnnamed } from '../../../config/env/reimport.ts';
import type { RegistrationPort } from '../../../outlets/answer/host.ts';
import type { VaultBackend } from '../../../vault/store/vault.ts';
import { say } from '../../../words/say.ts';
import { tell } from '../../dialogs/dialogs.ts';
import { showBox } from '../../dialogs/message-box.ts';
import { chooseTokenFile } from '../../dialogs/token-file-offer.ts';

/** What the old application had hard-coded. */
const OLD_TIME_ZONE = 'Asia/Seoul';
const OLD_CRON = '0 7 * * *';

export interface ImportParts {
  /** undefined where this run keeps nothing. */
  readonly changes: Pick<RegistrationPort, 'put'> | undefined;
  /** What is registered by then. */
  readonly profiles: () => readonly Profile[];
  /** Every profile's token files by then. */
  readonly tokenFiles: () => readonly TokenFile[];
  readonly sessionOf: (profile: string) => Session['kind'];
  readonly backend: VaultBackend;
}

/**
 * “Import .env file…”: lets the user choose, stores what is in the file, and says so. Rejects with
 * `ProblemError` (`profile.not-kept` where this run keeps nothing), `VaultError`, or the file system's error.
 */
export async function importProfile(parts: ImportParts): Promise<void> {
  const { changes, profiles, backend } = parts;
  if (changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
  const imported = await importSettings();
  if (imported === undefined) return;
  const { credential, tokenFile } = imported;
  const profile = keepUnnamed(imported.profile, ['schedule'], profiles());
  const tokenFiles =
    tokenFile === undefined ? undefined : withFile(tokenFile, profile.id, parts.tokenFiles());
  try {
    await changes.put({ profile, credential, rank: 'further', tokenFiles });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return tell('warning', say('import.refused'), error.issues.map(sayIssue).join('\n'));
  }
  await tellImported(imported, parts.sessionOf(profile.id), backend);
}

/** The profile's token files with one more, in place of what it had there. */
function withFile(chosen: string, profile: string, files: readonly TokenFile[]): readonly TokenFile[] {
  const kept = files.filter(
    (file) => file.profile === profile && samePathKey(file.path) !== samePathKey(chosen),
  );
  return [...kept, { path: chosen, profile, scopes: undefined, format: 'bare' }];
}

type Imported = Extract<ImportResult, { kind: 'ok' }> & {
  /** Chosen in a dialog of the system: no file that is imported names one. */
  readonly tokenFile: string | undefined;
};

type Choice =
  | {
      readonly kind: 'chosen';
      readonly schedule: Schedule | undefined;
      readonly tokenFile: 'wanted' | 'declined';
    }
  | { readonly kind: 'cancelled' };

/** Asks for what no .env file says: whether and where it is 07:00, and whether a file shall hold the token. */
async function chooseBesides(): Promise<Choice> {
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
  if (response > schedules.length) return { kind: 'cancelled' };
  return {
    kind: 'chosen',
    schedule: schedules[response],
    tokenFile: checkboxChecked ? 'wanted' : 'declined',
  };
}

/**
 * Lets the user choose a .env file, a schedule, and a file for the token if one is wanted. The answer is
 * undefined when the file or the schedule was cancelled, or the file refused, which has been said by then.
 */
async function importSettings(): Promise<Imported | undefined> {
  const chosen = await dialog.showOpenDialog({
    title: say('import.title'),
    properties: ['openFile', 'showHiddenFiles'],
    filters: [{ name: say('import.filter'), extensions: ['env', '*'] }],
  });
  const [file] = chosen.filePaths;
  if (chosen.canceled || file === undefined) return undefined;
  const failed = say('import.failed', { file: path.basename(file) });
  const read = await readEnvFile(file, {}, 'regular');
  if (read.kind === 'refused') {
    await tell('warning', failed, read.issues.map(sayIssue).join('\n'));
    return undefined;
  }
  const choice = await chooseBesides();
  if (choice.kind === 'cancelled') return undefined;
  const tokenFile = choice.tokenFile === 'wanted' ? await chooseTokenFile(path.dirname(file)) : undefined;
  // Not read again: what is imported is what was checked, whatever became of the file meanwhile.
  return { ...read, profile: { ...read.profile, schedule: choice.schedule }, tokenFile };
}

/** As Node finds it: none for a TZ that it does not know, whatever its types say. */
function systemZone(): string | undefined {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The daily refresh in the zones where it can be kept; a system may name none, or one that is not known. */
async function schedulesIn(zones: readonly (string | undefined)[]): Promise<readonly Schedule[]> {
  // It loads node-schedule, as reading a .env file does.
  const { checkSchedule, scheduleFieldsAt } = await import('../../../config/profile/cron.ts');
  return [...new Set(zones)]
    .filter((timeZone) => timeZone !== undefined)
    .map((timeZone) => ({ cron: OLD_CRON, timeZone }))
    .filter((schedule) => checkSchedule(schedule, scheduleFieldsAt('schedule')).length === 0);
}

/** Says what was imported, and what differently than it was written. */
async function tellImported(
  { profile, warnings, tokenFile }: Imported,
  session: Session['kind'],
  backend: VaultBackend,
): Promise<void> {
  const { clientId, authority } = profile;
  const done = session === 'signed-in' ? 'import.done.signed-in' : 'import.done.detail';
  const detail = [say(done, { clientId, authority }), ...warnings.map((code) => say(code))];
  if (tokenFile !== undefined) detail.push(say('import.done.token-file', { path: tokenFile }));
  if (backend === 'memory') detail.push(say('import.memory'));
  await tell('info', say('import.done'), detail.join('\n\n'));
}
