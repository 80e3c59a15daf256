import { problemOf } from '../../agent/failures/thrown.ts';
import { exitCodeOf, problemBody, type ExitCode } from '../../outlets/answer/answer.ts';
import { redact } from '../../system/log/redact.ts';
import { say, sayProblem } from '../../words/say.ts';
import { printJson, reportProblem } from './report.ts';
import type { Terminal } from './terminal.ts';

/** Reports an unexpected error: what the file system or the keyring refused as a sentence, the rest redacted. */
export function reportUnexpected(error: unknown, terminal: Terminal): ExitCode {
  const known = problemOf(error);
  if (known.code !== 'unexpected') return reportProblem(terminal, known);
  if (terminal.format === 'json') printJson(terminal, { error: problemBody(known) });
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.err(say('cli.failed', { detail: redact(detail) }));
  terminal.err(sayProblem(known, 'terminal').next);
  return exitCodeOf(known);
}
