import { problem, ProblemError } from '../../words/problem.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { PlacesError } from '../../system/places.ts';
import { Refusal } from './ask.ts';
import { reportProblem, reportRefusal } from './report.ts';
import type { Terminal } from './terminal.ts';

/** The command line is wrong; `message` says what was found and what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reports the error that ended a command, and returns the exit code. @param help the command that explains usage */
export async function reportFailure(
  error: unknown,
  terminal: Terminal,
  help = 'tokentray --help',
): Promise<ExitCode> {
  if (error instanceof Refusal) return reportRefusal(terminal, error.answer);
  if (error instanceof ProblemError) return reportProblem(terminal, error.problem);
  if (error instanceof UsageError || error instanceof PlacesError)
    return reportProblem(terminal, problem('usage', 'command-line', { detail: error.message, help }));
  return (await import('./unexpected.ts')).reportUnexpected(error, terminal);
}
