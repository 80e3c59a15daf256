import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../../../config/profile/profile.ts';
import { readNamedFile } from '../../../config/rules/file-trouble.ts';
import { sayIssue } from '../../../config/rules/issue.ts';
import type { AdoptionPort } from '../../../host/registration-changes.ts';
import { temporaryFor, writeWhole } from '../../../system/files/whole-file.ts';
import type { Acted } from '../../../pages/bridge/contract.ts';
import { errorCode } from '../../../system/files/error-code.ts';
import { problem, ProblemError } from '../../../words/problem.ts';
import { say } from '../../../words/say.ts';
import { confirm } from '../../dialogs/dialogs.ts';
import { chooseFile, chooseNewFile } from '../../dialogs/file-choice.ts';

const OFFERED_NAME = 'tokentray-settings.json';

const filter = (): { name: string; extensions: string[] } => ({
  name: say('settings-tray.transfer.filter'),
  extensions: ['json'],
});

/**
 * Writes all settings, without secrets, to a file that the user chooses. Rejects with the file system's error.
 * @param current throws `SettingsError` if the settings file cannot be used
 */
export async function exportToFile(current: () => Settings): Promise<Acted> {
  // First, so that the user does not choose a file for nothing.
  const settings = current();
  const file = await chooseNewFile({
    title: say('settings-tray.export.title'),
    filter: filter(),
    offered: path.join(os.homedir(), OFFERED_NAME),
  });
  if (file === undefined) return { kind: 'done' };
  const { exportSettings } = await import('../../../config/settings/settings-export.ts');
  const target = await targetOf(file);
  await writeWhole(target, exportSettings(settings), temporaryFor(target));
  return { kind: 'done', said: say('settings-tray.export.done', { file }) };
}

/**
 * Imports the settings from a file that the user chooses. A native dialog first shows everything in it that runs
 * programs, writes files or gives access to tokens; the file is then imported as a whole or not at all. Rejects
 * with `ProblemError` (`profile.not-kept`, `settings-tray.import`) and as `adopt`.
 * @param current throws `SettingsError` if the settings file cannot be used
 * @param changes undefined if this run stores nothing
 */
export async function importFromFile(
  current: () => Settings,
  changes: AdoptionPort | undefined,
): Promise<Acted> {
  if (changes === undefined) throw new ProblemError(problem('usage', 'profile.not-kept'));
  const file = await chooseFile({ title: say('settings-tray.import.title'), filter: filter() });
  if (file === undefined) return { kind: 'done' };
  const { EXPORT_MAX_BYTES, readExported } = await import('../../../config/settings/settings-export.ts');
  const bytes = await readNamedFile(file, EXPORT_MAX_BYTES, 'regular');
  const refused = (sentences: readonly string[]): never => {
    const params = { file: path.basename(file), issues: sentences.join(' ') };
    throw new ProblemError(problem('usage', 'settings-tray.import', params));
  };
  if (bytes.kind === 'refused') return refused(bytes.issues.map(sayIssue));
  const read = readExported(bytes.bytes.toString('utf8'), current());
  if (read.kind === 'refused') return refused(read.sentences);
  const { adoption, changes: differences, toConfirm, said } = read;
  if (isDeepStrictEqual(adoption.settings, adoption.before))
    return { kind: 'done', said: [say('settings-tray.import.same'), ...said].join(' ') };
  if (toConfirm.length > 0 && (await confirmImport(file, toConfirm)) === 'no')
    return { kind: 'done', said: say('settings-tray.import.declined') };
  await changes.adopt(adoption);
  return { kind: 'done', said: [say('settings-tray.import.done'), ...differences, ...said].join(' ') };
}

/** The target of a link, so that a chosen link stays a link. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return file;
    throw error;
  }
}

function confirmImport(file: string, toConfirm: readonly string[]): Promise<'yes' | 'no'> {
  return confirm({
    message: say('settings-tray.import.question', { file: path.basename(file) }),
    details: [say('settings-tray.import.detail'), ...toConfirm],
    yes: say('settings-tray.import.yes'),
  });
}
