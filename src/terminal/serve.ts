import type { Places } from '../config/places.ts';
import type { ExitCode } from '../outlets/answer.ts';
import type { ServeCommand } from './command-line.ts';
import { readRegistration } from './registration.ts';
import type { Terminal } from './terminal.ts';

/**
 * `tokentray serve`: owns the session, answers the socket, and serves the old application's pages on
 * the redirect URI's port, until SIGINT or SIGTERM.
 * @throws ProblemError `socket-directory`, `port-in-use`, `redirect-not-loopback`
 */
export async function serve(command: ServeCommand, places: Places, terminal: Terminal): Promise<ExitCode> {
  // Read from the disk while the settings are.
  const loading = import('./host.ts');
  const registration = await readRegistration(command.envFile, places, terminal);
  if (registration === undefined) return 12;
  const { profile } = registration;
  // The keyring answers while the rest is loaded; nothing is written there before ownership is taken.
  const vault = registration.openVault();
  const { runHost } = await loading;
  return runHost({ profile, vault, places, terminal, logLevel: command.logLevel });
}
