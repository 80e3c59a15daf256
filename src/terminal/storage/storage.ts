import { storageProblem } from '../../agent/failures/storage-problem.ts';
import { problemBody } from '../../outlets/answer/answer.ts';
import type { Places } from '../../system/places.ts';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { VaultError, type Vault, type VaultBackend } from '../../vault/store/vault.ts';
import { ProblemError } from '../../words/problem.ts';
import { say } from '../../words/say.ts';
import type { Parsed, Run } from '../command-line/table.ts';
import { asOwner } from '../configuration/owned.ts';
import { usableSettings } from '../configuration/settings.ts';
import { openStoredVault } from '../configuration/vault.ts';
import { UsageError } from '../output/failure.ts';
import { whileWaiting } from '../output/progress.ts';
import { printJson, tellProblem } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';
import type { table } from './command.ts';
import { fullPaths, switchStorage, type Switched } from './switch.ts';

/**
 * Says where secrets are kept, or moves them. They can be moved only while no host is running, because that would go
 * on writing to the old place.
 */
export const run: Run<typeof table> = async (options, places, terminal) => {
  const asked = choiceOf(options);
  if (asked === undefined) return show(places, terminal);
  const choice = fullPaths(asked);
  const switched = await asOwner(places, () =>
    whileWaiting('cli.waiting.storage', switchStorage(choice, places)),
  );
  if (terminal.format === 'json') printJson(terminal, { storage: choice, ...switched });
  tellSwitched(choice, switched, terminal);
  return 0;
};

/** @throws UsageError if an encrypted file has no key */
function choiceOf(options: Parsed<typeof table>): StorageChoice | undefined {
  const { choice: kind, keyFile: path, systemdCredential: name, passphrase } = options;
  if (kind !== 'encrypted-file') return kind;
  if (path !== undefined) return { kind, key: { kind: 'key-file', path } };
  if (name !== undefined) return { kind, key: { kind: 'systemd-credential', name } };
  if (passphrase) return { kind, key: { kind: 'passphrase' } };
  throw new UsageError(say('cli.usage.key-source'));
}

function tellSwitched(choice: StorageChoice, switched: Switched, terminal: Terminal): void {
  const { moved, keyFileMade } = switched;
  if (keyFileMade !== undefined) terminal.err(say('cli.storage.key-made', { file: keyFileMade }));
  terminal.err(say('cli.storage.switched', { place: sayChoice(choice) }));
  if (moved === 'moved') terminal.err(say('cli.storage.moved'));
  if (moved === 'copied') terminal.err(say('cli.storage.copied', { detail: switched.detail }));
  if (moved === 'deleted') terminal.err(say('cli.storage.deleted'));
  if (moved === 'unreadable') terminal.err(say('cli.storage.left'));
  if (choice === 'plain-file') terminal.err(say('cli.storage.plain'));
}

async function show(places: Places, terminal: Terminal): Promise<number> {
  const { storage } = usableSettings(places);
  const vault = isKeyOfHost(storage)
    ? undefined
    : await whileWaiting('cli.waiting.storage', testedVault(storage, places));
  const backend = vault?.backend;
  const trouble = vault?.unavailable === undefined ? undefined : storageProblem(vault.unavailable);
  if (terminal.format === 'json') {
    printJson(terminal, {
      storage,
      backend,
      error: trouble === undefined ? undefined : problemBody(trouble),
    });
  } else {
    terminal.out(say('cli.storage.chosen', { place: sayChoice(storage) }));
    if (backend !== undefined && trouble === undefined)
      terminal.out(say('cli.storage.tested', { place: sayBackend(backend) }));
  }
  if (vault === undefined) terminal.err(say('cli.storage.untried'));
  return trouble === undefined ? 0 : tellProblem(terminal, trouble);
}

/** Whether only the host has the key: a credential of its service, or a passphrase that the user typed. */
export function isKeyOfHost(storage: StorageChoice): boolean {
  return typeof storage === 'object' && storage.key.kind !== 'key-file';
}

/** The vault, after writing, reading and deleting a test item. @throws ProblemError `storage.*` */
export async function testedVault(storage: StorageChoice, places: Places): Promise<Vault> {
  const vault = await openStoredVault(storage, places);
  try {
    if (vault.unavailable === undefined) await vault.selfTest();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new ProblemError(storageProblem({ kind: 'failed', detail: error.message }));
  }
  return vault;
}

function sayChoice(choice: StorageChoice): string {
  if (typeof choice === 'string') return say(`cli.storage.choice.${choice}`);
  switch (choice.key.kind) {
    case 'key-file':
      return say('cli.storage.choice.key-file', { path: choice.key.path });
    case 'systemd-credential':
      return say('cli.storage.choice.systemd-credential', { name: choice.key.name });
    case 'passphrase':
      return say('cli.storage.choice.passphrase');
  }
}

/** What keeps the items now, in words. */
export function sayBackend(backend: VaultBackend): string {
  return say(`cli.storage.backend.${backend}`);
}
