import type { Table } from '../command-line/table.ts';

export const table = {
  arguments: { action: { value: 'ACTION', choices: ['print', 'install', 'uninstall'] } },
  optional: true,
  options: { credential: { value: 'FILE' }, json: {} },
} as const satisfies Table;
