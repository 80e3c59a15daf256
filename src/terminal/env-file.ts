import { readEnvFile } from '../config/env-file.ts';
import type { ImportOptions, ImportResult } from '../config/dotenv.ts';
import { sayIssue, showFound, type SettingsIssue } from '../config/issue.ts';
import { say } from '../words/say.ts';
import type { Terminal } from './terminal.ts';

/** Reads a `.env` file, or tells everything that is wrong with it. */
export async function readEnv(
  file: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<Extract<ImportResult, { kind: 'ok' }> | undefined> {
  const imported = await readEnvFile(file, options);
  if (imported.kind === 'ok') {
    for (const warning of imported.warnings) terminal.err(say(warning));
    return imported;
  }
  tellIssues(file, imported.issues, terminal);
  return undefined;
}

/** Tells why a file was not taken over, one issue a line. */
export function tellIssues(file: string, issues: readonly SettingsIssue[], terminal: Terminal): void {
  terminal.err(say('import.failed', { file: showFound(file) ?? '' }));
  for (const issue of issues) terminal.err(`  ${sayIssue(issue)}`);
}
