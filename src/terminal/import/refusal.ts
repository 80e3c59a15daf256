import { sayIssue, showFound, type SettingsIssue } from '../../config/rules/issue.ts';
import { problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import { problem } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import { printJson } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/** Reports everything wrong with a file, one issue on each line, and returns the exit code. */
export function reportRefused(
  { file, issues }: { readonly file: string; readonly issues: readonly SettingsIssue[] },
  kind: 'usage' | 'admin',
  terminal: Terminal,
): ExitCode {
  const found = showFound(file) ?? '';
  const sentences = issues.map(sayIssue);
  if (terminal.format === 'json') {
    const refused = problem(kind, 'import.refused', { file: found, issues: sentences.join(' ') });
    printJson(terminal, { error: { ...problemBody(refused), issues: sentences } });
  }
  terminal.err(say('import.failed', { file: found }));
  for (const sentence of sentences) terminal.err(`  ${sentence}`);
  return kind === 'usage' ? 2 : 12;
}
