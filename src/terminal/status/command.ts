import type { Table } from '../command-line/table.ts';

export const table = {
  options: { watch: {}, profile: { value: 'ID' }, json: {} },
} as const satisfies Table;
