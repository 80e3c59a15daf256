import { readEnvFile } from '../config/env-file.ts';
import type { ImportOptions, ImportResult } from '../config/dotenv.ts';
import { sayIssue, showFound } from '../config/issue.ts';
import { errorCode } from '../outlets/error-code.ts';
import { say } from '../words/say.ts';
import type { Terminal } from './terminal.ts';

/** Reads a `.env` file, or tells everything that is wrong with it. */
export async function readEnv(
  file: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<Extract<ImportResult, { kind: 'ok' }> | undefined> {
  const shown = showFound(file) ?? '';
  try {
    const imported = await readEnvFile(file, options);
    if (imported.kind === 'ok') {
      for (const warning of imported.warnings) terminal.err(say(warning));
      return imported;
    }
    terminal.err(say('import.failed', { file: shown }));
    for (const issue of imported.issues) terminal.err(`  ${sayIssue(issue)}`);
    return undefined;
  } catch (error) {
    if (errorCode(error) === '') throw error;
    terminal.err(say('cli.import.unreadable', { file: shown, detail: errorCode(error) }));
    return undefined;
  }
}
