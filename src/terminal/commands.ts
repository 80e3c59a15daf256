import type { Command, Run, Table } from './command-line/table.ts';

/** A command: what it takes and its work, each loaded when it is needed, so that `token` starts quickly. */
function command<T extends Table>(
  name: string,
  group: Command['group'],
  table: () => Promise<{ readonly table: T }>,
  work: () => Promise<{ readonly run: Run<T> }>,
): Command {
  return {
    name,
    group,
    table: async () => (await table()).table,
    // The reader made `Parsed<T>` by the table of the same command.
    work: async () => (await work()).run as Run<Table>,
  };
}

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  command(
    'token',
    'token',
    () => import('./token/command.ts'),
    () => import('./token/token.ts'),
  ),
  command(
    'exec',
    'token',
    () => import('./exec/command.ts'),
    () => import('./exec/exec.ts'),
  ),
  command(
    'env',
    'token',
    () => import('./env/command.ts'),
    () => import('./env/env.ts'),
  ),
  command(
    'token-files',
    'token',
    () => import('./token-files/command.ts'),
    () => import('./token-files/token-files.ts'),
  ),
  command(
    'sign-in',
    'session',
    () => import('./sign-in/command.ts'),
    () => import('./sign-in/sign-in.ts'),
  ),
  command(
    'status',
    'session',
    () => import('./status/command.ts'),
    () => import('./status/status.ts'),
  ),
  command(
    'refresh',
    'session',
    () => import('./refresh/command.ts'),
    () => import('./refresh/refresh.ts'),
  ),
  command(
    'sign-out',
    'session',
    () => import('./sign-out/command.ts'),
    () => import('./sign-out/sign-out.ts'),
  ),
  command(
    'import',
    'setup',
    () => import('./import/command.ts'),
    () => import('./import/import.ts'),
  ),
  command(
    'profiles',
    'setup',
    () => import('./profiles/command.ts'),
    () => import('./profiles/profiles.ts'),
  ),
  command(
    'storage',
    'setup',
    () => import('./storage/command.ts'),
    () => import('./storage/storage.ts'),
  ),
  command(
    'settings',
    'setup',
    () => import('./settings/command.ts'),
    () => import('./settings/settings.ts'),
  ),
  command(
    'completion',
    'setup',
    () => import('./completion/command.ts'),
    () => import('./completion/completion.ts'),
  ),
  command(
    'serve',
    'run',
    () => import('./serve/command.ts'),
    () => import('./serve/serve.ts'),
  ),
  command(
    'service',
    'run',
    () => import('./service/command.ts'),
    () => import('./service/service.ts'),
  ),
  command(
    'reload',
    'run',
    () => import('./reload/command.ts'),
    () => import('./reload/reload.ts'),
  ),
  command(
    'doctor',
    'diagnose',
    () => import('./doctor/command.ts'),
    () => import('./doctor/doctor.ts'),
  ),
];
