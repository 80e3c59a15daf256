import { problem } from '../../words/problem.ts';
import { readEnvFile } from '../../config/env/env-file.ts';
import type { ImportOptions, ImportResult } from '../../config/env/dotenv.ts';
import { sayIssue, showFound, type SettingsIssue } from '../../config/rules/issue.ts';
import { problemBody } from '../../outlets/answer/answer.ts';
import { say } from '../../words/say.ts';
import type { Format } from '../command-line/command.ts';
import { printJson } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/** Reads a `.env` file, or tells everything that is wrong with it; as JSON too where that was asked for. */
export async function readEnv(
  file: string,
  options: ImportOptions,
  terminal: Terminal,
  format: Format,
): Promise<Extract<ImportResult, { kind: 'ok' }> | undefined> {
  const imported = await readEnvFile(file, options);
  if (imported.kind === 'ok') {
    for (const warning of imported.warnings) terminal.err(say(warning));
    return imported;
  }
  if (format === 'json') {
    const issues = imported.issues.map(sayIssue);
    const params = { file: showFound(file) ?? '', issues: issues.join(' ') };
    printJson(terminal, { error: { ...problemBody(problem('admin', 'import.refused', params)), issues } });
  }
  tellIssues(file, imported.issues, terminal);
  return undefined;
}

/** Tells why a file was not taken over, one issue a line. */
export function tellIssues(file: string, issues: readonly SettingsIssue[], terminal: Terminal): void {
  terminal.err(say('import.failed', { file: showFound(file) ?? '' }));
  for (const issue of issues) terminal.err(`  ${sayIssue(issue)}`);
}
