import { EVERY_HOURS } from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import { shown } from '../command-line/read.ts';
import type { Table } from '../command-line/table.ts';
import { UsageError } from '../output/failure.ts';

export const table = {
  arguments: { file: { value: 'FILE' } },
  options: {
    profile: { value: 'ID' },
    name: { value: 'NAME' },
    default: {},
    prefix: { value: 'PREFIX', mayBeEmpty: true },
    protocol: { value: 'PROTOCOL', choices: ['entra', 'oidc'] },
    'extra-scope': { value: 'SCOPES', repeatable: true, read: readScopes },
    certificate: { value: 'FILE', conflicts: ['assertionFile'] },
    key: { value: 'FILE', onlyWith: ['--certificate'] },
    'assertion-file': { value: 'FILE' },
    at: { value: 'HH:MM', read: readClock, conflicts: ['cron', 'every'] },
    cron: { value: 'CRON', conflicts: ['every'] },
    every: { value: 'HOURS', read: readEvery },
    zone: { value: 'ZONE', onlyWith: ['--at', '--cron', '--every'] },
    'sign-in': { value: 'PLACE', choices: ['window', 'browser'] },
    'token-file': { value: 'PATH' },
    'token-file-format': {
      value: 'FORMAT',
      choices: ['bare', 'json', 'env'],
      onlyWith: ['--token-file'],
    },
    'ca-file': { value: 'FILE' },
    json: {},
  },
  examples: [
    'tokentray import old.env --at 07:00 --zone Asia/Seoul',
    'tokentray import mail.env --profile mail --prefix EMAIL_',
  ],
} as const satisfies Table;

function readScopes(text: string, option: string): readonly string[] {
  const scopes = text.split(/[\s,]+/u).filter((scope) => scope !== '');
  if (scopes.length === 0) throw new UsageError(say('cli.usage.value-missing', { option }));
  return scopes;
}

/** `7:00` and `07:00` as the settings have it. */
function readClock(text: string, option: string): string {
  const [, hour = '', minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/u.exec(text) ?? [];
  if (minute === undefined) throw new UsageError(say('cli.usage.clock', { option, found: shown(text) }));
  return `${hour.padStart(2, '0')}:${minute}`;
}

function readEvery(text: string, option: string): (typeof EVERY_HOURS)[number] {
  const hours = EVERY_HOURS.find((count) => text === `${count}h` || text === String(count));
  if (hours !== undefined) return hours;
  const wanted = EVERY_HOURS.map((count) => `${count}h`).join(', ');
  throw new UsageError(say('cli.usage.choice', { option, wanted, found: shown(text) }));
}
