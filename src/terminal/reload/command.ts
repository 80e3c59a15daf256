import type { Table } from '../command-line/table.ts';

export const table = { options: { json: {} } } as const satisfies Table;
