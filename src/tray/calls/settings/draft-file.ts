import { readNamedFile } from '../../../config/rules/file-trouble.ts';
import { sayIssue } from '../../../config/rules/issue.ts';
import type { DraftRead } from '../../../pages/bridge/contract.ts';
import { say } from '../../../words/say.ts';
import { chooseFile, type ChooseFile } from '../../dialogs/file-choice.ts';
import type { DraftCalls } from './draft-calls.ts';

/** Lets the user choose a `.env` file, or a file with text copied from a registration, and reads it. */
export async function readDraftFile(
  drafts: Pick<DraftCalls, 'read'>,
  choose: ChooseFile = chooseFile,
): Promise<DraftRead> {
  const file = await choose({
    title: say('import.title'),
    filter: { name: say('import.filter'), extensions: ['env', 'json', 'txt', '*'] },
  });
  if (file === undefined) return { kind: 'cancelled' };
  // Imported here, because it loads the parser of such files.
  const { ENV_MAX_BYTES } = await import('../../../config/env/text.ts');
  const read = await readNamedFile(file, ENV_MAX_BYTES, 'regular');
  if (read.kind === 'refused') return { kind: 'refused', sentences: read.issues.map(sayIssue) };
  return drafts.read(read.bytes.toString('utf8'));
}
