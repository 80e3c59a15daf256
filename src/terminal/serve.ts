import { problem } from '../agent/problem.ts';
import type { Places } from '../config/places.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { sayOwner, takeOwnership } from '../outlets/ownership.ts';
import type { ServeCommand } from './command-line.ts';
import { readRegistration } from './registration.ts';
import { reportProblem } from './report.ts';
import type { Terminal } from './terminal.ts';

/**
 * `tokentray serve`: owns the session, answers the socket, and serves the old application's pages on
 * the redirect URI's port, until SIGINT or SIGTERM.
 * @throws ProblemError `socket-directory`, `port-in-use`, `redirect-not-loopback`
 */
export async function serve(command: ServeCommand, places: Places, terminal: Terminal): Promise<ExitCode> {
  const registration = await readRegistration(command.envFile, places, terminal);
  if (registration === undefined) return 12;
  const { profile } = registration;
  // The keyring and the disk answer while the rest is loaded, so they are asked first. Before ownership is
  // taken nothing of the session is written: the self-test, where it runs, has an item of its own.
  const vault = registration.openVault();
  const [ownership, { runHost }] = await Promise.all([
    takeOwnership({ places, kind: 'terminal' }),
    import('./host.ts'),
  ]);
  if (ownership.kind === 'taken') {
    return reportProblem(terminal, problem('usage', 'already-running', { owner: sayOwner(ownership.owner) }));
  }
  try {
    return await runHost({ profile, vault, places, ownership, terminal, logLevel: command.logLevel });
  } finally {
    await ownership.release();
  }
}
