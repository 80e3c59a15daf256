import type { Table } from '../command-line/table.ts';

export const table = {
  options: { 'from-env': { value: 'FILE' }, verbose: {}, json: {} },
} as const satisfies Table;
