import { takeOwnership } from '../../system/ownership/ownership.ts';
import type { Run } from '../command-line/table.ts';
import { alreadyRunning } from '../configuration/owned.ts';
import { storageUnusable } from '../configuration/vault.ts';
import type { table } from './command.ts';
import { storedSettings } from './configured.ts';

/**
 * Owns the sessions, answers the socket, and serves the pages on the ports of the redirect URIs, until SIGINT or
 * SIGTERM.
 * @throws ProblemError `not-configured`, `settings.unusable`, `already-running`, `storage.unusable`,
 * `socket-directory`, `port-in-use`, `redirect-not-loopback`
 */
export const run: Run<typeof table> = async ({ fromEnv, verbose }, places, terminal) => {
  const configured =
    fromEnv === undefined
      ? storedSettings(places)
      : await (await import('./passing.ts')).passingSettings(fromEnv, terminal);
  if (configured === undefined) return 12;
  // The keyring and the disk take their time, so they are asked before the rest is loaded. Before ownership is taken,
  // nothing of a session is written (the self-test has an item of its own), and the user is not asked for anything.
  let tellOwned = (): void => undefined;
  const owned = new Promise<void>((resolve) => (tellOwned = resolve));
  const vault = configured.openVault(async (use) => {
    await owned;
    return (await import('../configuration/passphrase.ts')).askPassphrase(use);
  });
  // The host awaits it later; an earlier rejection must not end the process.
  vault.catch(() => undefined);
  const [ownership, { runHost }] = await Promise.all([
    takeOwnership({ places, kind: 'terminal' }),
    import('./host.ts'),
  ]);
  if (ownership.kind === 'taken') throw alreadyRunning(ownership.owner);
  tellOwned();
  try {
    const stderrLevel = verbose ? 'debug' : 'warn';
    // Storage that was chosen explicitly and cannot be used ends the host: it never stores anywhere weaker instead.
    return await runHost({ configured, vault, places, ownership, terminal, stderrLevel }).catch(
      storageUnusable,
    );
  } finally {
    await ownership.release();
  }
};
