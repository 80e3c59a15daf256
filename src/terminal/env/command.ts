import type { Table } from '../command-line/table.ts';
import { ENV_FORMATS } from './lines.ts';

export const table = {
  options: {
    format: { value: 'FORMAT', choices: ENV_FORMATS, conflicts: ['json'] },
    json: {},
  },
  examples: ['eval "$(tokentray env)"'],
} as const satisfies Table;
