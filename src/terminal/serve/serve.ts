import { problem, ProblemError } from '../../words/problem.ts';
import type { Places } from '../../system/places.ts';
import type { ExitCode } from '../../outlets/answer/answer.ts';
import { sayOwner, takeOwnership, type Ownership } from '../../system/ownership/ownership.ts';
import { VaultError } from '../../vault/store/vault.ts';
import type { ServeCommand } from '../command-line/command.ts';
import { readConfigured } from '../registration/registration.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * `tokentray serve`: owns the sessions, answers the socket, and serves the old application's pages on
 * the redirect URIs' ports, until SIGINT or SIGTERM.
 * @throws ProblemError `not-configured`, `settings.unusable`, `already-running`, `storage.unusable`,
 * `socket-directory`, `port-in-use`, `redirect-not-loopback`
 */
export async function serve(command: ServeCommand, places: Places, terminal: Terminal): Promise<ExitCode> {
  const configured = await readConfigured(command, places, terminal);
  if (configured === undefined) return 12;
  // The keyring and the disk answer while the rest is loaded, so they are asked first. Before ownership is
  // taken nothing of a session is written: the self-test, where it runs, has an item of its own. A person
  // is asked by the owner only.
  let tellOwned: () => void = () => undefined;
  const owned = new Promise<void>((resolve) => {
    tellOwned = resolve;
  });
  const vault = configured.openVault(async (use) => {
    await owned;
    return (await import('../storage/passphrase.ts')).askPassphrase(use);
  });
  // Awaited by the host; until then a refusal is nobody's fault yet.
  vault.catch(() => undefined);
  const [ownership, { runHost }] = await Promise.all([
    takeOwnership({ places, kind: 'terminal' }),
    import('./host.ts'),
  ]);
  if (ownership.kind === 'taken') {
    throw new ProblemError(problem('usage', 'already-running', { owner: sayOwner(ownership.owner) }));
  }
  tellOwned();
  return withOwnership(ownership, () =>
    runHost({ configured, vault, places, ownership, terminal, stderrLevel: command.logLevel }),
  );
}

/** What was chosen explicitly and cannot be used ends the host: it never stores anywhere weaker instead. */
async function withOwnership(ownership: Ownership, run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new ProblemError(problem('storage', 'storage.unusable', { detail: error.message }));
  } finally {
    await ownership.release();
  }
}
