import { say } from '../../words/say.ts';
import { shown } from '../command-line/read.ts';
import type { Table } from '../command-line/table.ts';
import { UsageError } from '../output/failure.ts';

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };
/** The running host reads nine digits, some thirty years. */
const MAX_SECONDS = 999_999_999;

export const table = {
  options: {
    scope: { value: 'SCOPE', repeatable: true, conflicts: ['resource'] },
    resource: { value: 'RESOURCE' },
    'min-lifetime': { value: 'DURATION', read: readDuration },
    refresh: {},
    profile: { value: 'ID' },
    json: { conflicts: ['header', 'execCredential'] },
    header: { conflicts: ['execCredential'] },
    'exec-credential': {},
  },
  examples: ['tokentray token --header | curl -H @- https://graph.microsoft.com/v1.0/me'],
} as const satisfies Table;

/** A duration (`600`, `600s`, `10m`, `2h`) in seconds. @throws UsageError */
export function readDuration(text: string, option: string): number {
  const [, count, unit = ''] = /^(\d{1,7})([smh]?)$/u.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS_OF_UNIT[unit] ?? 1);
  if (count !== undefined && seconds <= MAX_SECONDS) return seconds;
  throw new UsageError(say('cli.usage.duration', { option, found: shown(text) }));
}
