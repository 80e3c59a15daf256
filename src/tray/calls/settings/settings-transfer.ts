import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { problem, ProblemError } from '../../../words/problem.ts';
import { readNamedFile } from '../../../config/rules/file-trouble.ts';
import { sayIssue } from '../../../config/rules/issue.ts';
import type { Settings } from '../../../config/profile/profile.ts';
import type { Adoption } from '../../../config/settings/registrations.ts';
import { errorCode } from '../../../system/files/error-code.ts';
import { temporaryFor, writeWhole } from '../../../system/files/whole-file.ts';
import type { Acted } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import { confirm } from '../../dialogs/dialogs.ts';
import { chooseFile, chooseNewFile } from '../../dialogs/file-choice.ts';

const OFFERED_NAME = 'tokentray-settings.json';

export interface TransferParts {
  /** Throws `SettingsError` where the settings file cannot be used. */
  readonly current: () => Settings;
  /** undefined where this run keeps nothing. */
  readonly changes: { adopt(adoption: Adoption): Promise<void> } | undefined;
}

const filter = (): { name: string; extensions: string[] } => ({
  name: say('settings-tray.transfer.filter'),
  extensions: ['json'],
});

/**
 * Writes everything that is set, and nothing secret, into a file that the user chooses. Rejects with `SettingsError`
 * where what is set cannot be told, and with the file system's error.
 */
export async function exportToFile({ current }: Pick<TransferParts, 'current'>): Promise<Acted> {
  // Before anybody chooses in vain.
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
 * Takes over what is set in a file that the user chooses. Whatever in it runs programs, writes files or opens a
 * way to tokens is shown by the system's own dialog first, whole, and taken over with the rest or not at all.
 * Rejects with `ProblemError` (`profile.not-kept`, `settings-tray.import`) and as `adopt`.
 */
export async function importFromFile({ current, changes }: TransferParts): Promise<Acted> {
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

/** Where a link leads to: what was chosen goes on being a link. */
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
    detail: [say('settings-tray.import.detail'), ...toConfirm].join('\n\n'),
    yes: say('settings-tray.import.yes'),
    no: say('import.cancel'),
  });
}
