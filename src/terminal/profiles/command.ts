import type { Table } from '../command-line/table.ts';

export const table = {
  arguments: { action: { value: 'ACTION', choices: ['default', 'remove'] }, id: { value: 'ID' } },
  optional: true,
  options: { json: {} },
} as const satisfies Table;
