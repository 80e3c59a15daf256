import type { Table } from '../command-line/table.ts';

export const table = {
  options: { profile: { value: 'ID' } },
  program: true,
  examples: ['tokentray exec -- python3 report.py', 'tokentray exec --profile work -- az account show'],
} as const satisfies Table;
