import type { Command, Run, Table } from './command-line/table.ts';

/** Name, group, what the command takes, and its work; both are loaded only when needed, so that `token` starts fast. */
type Entry<T extends Table> = readonly [
  name: string,
  group: Command['group'],
  table: () => Promise<{ readonly table: T }>,
  work: () => Promise<{ readonly run: Run<T> }>,
];

/** The compiler checks that each work accepts what its table reads; then the types of the tables are dropped. */
function listOf<const Tables extends readonly Table[]>(
  ...entries: { readonly [Index in keyof Tables]: Entry<Tables[Index]> }
): readonly Command[] {
  return (entries as readonly Entry<Table>[]).map(([name, group, table, work]) => ({
    name,
    group,
    table: async () => (await table()).table,
    work: async () => (await work()).run,
  }));
}

/** Every command, in the order of the help. */
export const commands = listOf(
  ['token', 'token', () => import('./token/command.ts'), () => import('./token/token.ts')],
  ['exec', 'token', () => import('./exec/command.ts'), () => import('./exec/exec.ts')],
  ['env', 'token', () => import('./env/command.ts'), () => import('./env/env.ts')],
  [
    'token-files',
    'token',
    () => import('./token-files/command.ts'),
    () => import('./token-files/token-files.ts'),
  ],
  ['sign-in', 'session', () => import('./sign-in/command.ts'), () => import('./sign-in/sign-in.ts')],
  ['status', 'session', () => import('./status/command.ts'), () => import('./status/status.ts')],
  ['refresh', 'session', () => import('./refresh/command.ts'), () => import('./refresh/refresh.ts')],
  ['sign-out', 'session', () => import('./sign-out/command.ts'), () => import('./sign-out/sign-out.ts')],
  ['import', 'setup', () => import('./import/command.ts'), () => import('./import/import.ts')],
  ['profiles', 'setup', () => import('./profiles/command.ts'), () => import('./profiles/profiles.ts')],
  ['storage', 'setup', () => import('./storage/command.ts'), () => import('./storage/storage.ts')],
  ['settings', 'setup', () => import('./settings/command.ts'), () => import('./settings/settings.ts')],
  [
    'completion',
    'setup',
    () => import('./completion/command.ts'),
    () => import('./completion/completion.ts'),
  ],
  ['serve', 'run', () => import('./serve/command.ts'), () => import('./serve/serve.ts')],
  ['service', 'run', () => import('./service/command.ts'), () => import('./service/service.ts')],
  ['reload', 'run', () => import('./reload/command.ts'), () => import('./reload/reload.ts')],
  ['doctor', 'diagnose', () => import('./doctor/command.ts'), () => import('./doctor/doctor.ts')],
);
