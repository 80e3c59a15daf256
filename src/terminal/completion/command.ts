import type { Table } from '../command-line/table.ts';

export const table = {
  arguments: { shell: { value: 'SHELL', choices: ['bash', 'zsh'] } },
  options: {},
} as const satisfies Table;
