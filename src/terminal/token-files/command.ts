import type { Table } from '../command-line/table.ts';

export const table = {
  arguments: { action: { value: 'ACTION', choices: ['add', 'remove'] }, path: { value: 'PATH' } },
  optional: true,
  options: {
    profile: { value: 'ID', onlyWith: ['add'] },
    scope: { value: 'SCOPE', repeatable: true, onlyWith: ['add'] },
    format: { value: 'FORMAT', choices: ['bare', 'json', 'env'], onlyWith: ['add'] },
    json: {},
  },
  examples: ['tokentray token-files add ~/access_token.txt'],
} as const satisfies Table;
