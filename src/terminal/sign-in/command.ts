import type { Table } from '../command-line/table.ts';

export const table = { options: { profile: { value: 'ID' }, json: {} } } as const satisfies Table;
