import {
  EVERY_HOURS,
  type Protocol,
  type Schedule,
  type SignInPlace,
  type TokenFile,
} from '../../config/profile/profile.ts';
import { say } from '../../words/say.ts';
import type { CredentialSource, ImportCommand } from './command.ts';
import { shown, UsageError, type Written } from './written.ts';

const PROTOCOLS: readonly Protocol[] = ['entra', 'oidc'];
const SIGN_IN_PLACES: readonly SignInPlace[] = ['window', 'browser'];
const TOKEN_FILE_FORMATS: readonly TokenFile['format'][] = ['bare', 'json', 'env'];

/** Reads `tokentray import FILE …`. Pure but for the system's time zone. @throws UsageError */
export function readImport(written: Written): ImportCommand {
  const [file = ''] = written.positionals;
  return {
    name: 'import',
    file,
    profile: written.text('profile'),
    displayName: written.text('name'),
    rank: written.has('default') ? 'default' : 'further',
    protocol: readChoice(written, 'protocol', PROTOCOLS) ?? 'entra',
    prefix: written.single('prefix'),
    extraScopes: written.all('extra-scope').map(readScopes),
    credential: readCredentialSource(written),
    schedule: readSchedule(written),
    signIn: readChoice(written, 'sign-in', SIGN_IN_PLACES),
    tokenFile: readTokenFile(written),
    caFile: written.text('ca-file'),
    format: written.has('json') ? 'json' : 'words',
  };
}

function readChoice<Choice extends string>(
  written: Written,
  option: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = written.single(option);
  const choice = choices.find((one) => one === value);
  if (value === undefined || choice !== undefined) return choice;
  const wanted = choices.join(', ');
  throw new UsageError(say('cli.usage.choice', { option: `--${option}`, wanted, found: shown(value) }));
}

function readScopes(text: string): readonly string[] {
  const scopes = text.split(/[\s,]+/u).filter((scope) => scope !== '');
  if (scopes.length === 0) throw new UsageError(say('cli.usage.value-missing', { option: '--extra-scope' }));
  return scopes;
}

function readCredentialSource(written: Written): CredentialSource {
  written.refuseTogether('certificate', 'assertion-file');
  written.refuseAlone('key', 'certificate');
  const certificate = written.text('certificate');
  if (certificate !== undefined) {
    return { kind: 'certificate', file: certificate, keyFile: written.text('key') };
  }
  const assertion = written.text('assertion-file');
  return assertion === undefined ? { kind: 'env' } : { kind: 'assertion-file', file: assertion };
}

function readTokenFile(written: Written): ImportCommand['tokenFile'] {
  written.refuseAlone('token-file-format', 'token-file');
  const path = written.text('token-file');
  if (path === undefined) return undefined;
  return { path, format: readChoice(written, 'token-file-format', TOKEN_FILE_FORMATS) ?? 'bare' };
}

function readSchedule(written: Written): Schedule | undefined {
  written.refuseTogether('at', 'cron', 'every');
  written.refuseAlone('zone', 'at', 'cron', 'every');
  const at = written.single('at');
  const cron = written.single('cron');
  const every = written.single('every');
  if (at === undefined && cron === undefined && every === undefined) return undefined;
  const timeZone = written.text('zone') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (at !== undefined) return { at: readClock(at), timeZone };
  if (every !== undefined) return { everyHours: readEvery(every), timeZone };
  return { cron: cron ?? '', timeZone };
}

/** `7:00` and `07:00` as the settings write it. */
function readClock(text: string): string {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/u.exec(text) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new UsageError(say('cli.usage.clock', { option: '--at', found: shown(text) }));
  }
  return `${hour.padStart(2, '0')}:${minute}`;
}

function readEvery(text: string): (typeof EVERY_HOURS)[number] {
  const hours = EVERY_HOURS.find((count) => text === `${count}h` || text === String(count));
  if (hours !== undefined) return hours;
  const wanted = EVERY_HOURS.map((count) => `${count}h`).join(', ');
  throw new UsageError(say('cli.usage.choice', { option: '--every', wanted, found: shown(text) }));
}
