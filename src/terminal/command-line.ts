import { parseArgs } from 'node:util';
import { showFound } from '../config/issue.ts';
import type { Schedule } from '../config/profile.ts';
import { say } from '../words/say.ts';
import { readDuration } from './duration.ts';

/** What was asked for, with everything checked that can be checked without looking anywhere. */
export type Command =
  | { readonly name: 'help' | 'version' | 'refresh' | 'sign-in' | 'sign-out' }
  | ServeCommand
  | TokenCommand
  | { readonly name: 'status'; readonly format: 'words' | 'json' }
  | ImportCommand;

export interface ServeCommand {
  readonly name: 'serve';
  readonly logLevel: 'warn' | 'debug';
  /** A `.env` to use for this run, in memory only, instead of the stored settings. */
  readonly envFile: string | undefined;
}

export interface TokenCommand {
  readonly name: 'token';
  /** Empty: the profile's own. */
  readonly scopes: readonly string[];
  /** A demand; undefined is DESIGN's wish for ten minutes. */
  readonly minLifetimeSeconds: number | undefined;
  readonly fresh: 'if-needed' | 'always';
  readonly format: 'bare' | 'json' | 'header';
}

export interface ImportCommand {
  readonly name: 'import';
  readonly file: string;
  readonly prefix: string | undefined;
  readonly schedule: Schedule | undefined;
}

/** A command, or the sentence that says what was found and what is wanted. */
export type CommandLine =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'usage'; readonly message: string };

class UsageError extends Error {
  override readonly name = 'UsageError';
}

type OptionKinds = Readonly<Record<string, 'flag' | 'value'>>;

/** What was written, by option; a flag's value is empty. */
type Written = ReadonlyMap<string, readonly string[]>;

interface Grammar {
  readonly options: OptionKinds;
  /** Its name in the usage line; undefined: none is taken. */
  readonly argument?: string;
  readonly read: (written: Written, argument: string) => Command;
}

const bare = (name: 'refresh' | 'sign-in' | 'sign-out'): Grammar => ({
  options: {},
  read: () => ({ name }),
});

const grammars: Readonly<Record<string, Grammar>> = {
  serve: {
    options: { verbose: 'flag', 'from-env': 'value' },
    read: (written) => ({
      name: 'serve',
      logLevel: written.has('verbose') ? 'debug' : 'warn',
      envFile: single(written, 'from-env'),
    }),
  },
  token: {
    options: { scope: 'value', 'min-lifetime': 'value', refresh: 'flag', json: 'flag', header: 'flag' },
    read: readToken,
  },
  status: {
    options: { json: 'flag' },
    read: (written) => ({ name: 'status', format: written.has('json') ? 'json' : 'words' }),
  },
  refresh: bare('refresh'),
  'sign-in': bare('sign-in'),
  'sign-out': bare('sign-out'),
  import: {
    options: { prefix: 'value', at: 'value', cron: 'value', zone: 'value' },
    argument: 'FILE',
    read: readImport,
  },
};

/** Reads the arguments after `node tokentray.js`. Pure but for the system's time zone. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    return { kind: 'command', command: readCommand(args) };
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage', message: error.message };
    throw error;
  }
}

function readCommand([name = '', ...rest]: readonly string[]): Command {
  if (['--help', '-h', 'help'].includes(name) || rest.includes('--help')) return { name: 'help' };
  if (['--version', '-V'].includes(name)) return { name: 'version' };
  const grammar = Object.hasOwn(grammars, name) ? grammars[name] : undefined;
  if (grammar === undefined) {
    const wanted = Object.keys(grammars).join(', ');
    throw new UsageError(
      name === ''
        ? say('cli.usage.no-command', { wanted })
        : say('cli.usage.command', { found: shown(name), wanted }),
    );
  }
  const { written, positionals } = readOptions(name, rest, grammar.options);
  const [argument, ...more] = positionals;
  if (grammar.argument !== undefined && argument === undefined) {
    throw new UsageError(say('cli.usage.argument', { command: name, wanted: grammar.argument }));
  }
  const extra = grammar.argument === undefined ? argument : more[0];
  if (extra !== undefined)
    throw new UsageError(say('cli.usage.extra', { command: name, found: shown(extra) }));
  return grammar.read(written, argument ?? '');
}

function readOptions(
  command: string,
  args: readonly string[],
  kinds: OptionKinds,
): { readonly written: Written; readonly positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  // Not strict: its messages are Node's own, and name neither what is wanted nor the command.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const written = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const kind = Object.hasOwn(kinds, token.name) ? kinds[token.name] : undefined;
    if (kind === undefined) {
      const wanted = Object.keys(kinds).map((known) => `--${known}`);
      throw new UsageError(
        say('cli.usage.option', {
          command,
          found: shown(token.rawName),
          wanted: wanted.length === 0 ? say('cli.usage.none') : wanted.join(', '),
        }),
      );
    }
    if ((kind === 'value') !== (token.value !== undefined)) {
      const code = kind === 'value' ? 'cli.usage.value-missing' : 'cli.usage.value-extra';
      throw new UsageError(say(code, { option: token.rawName }));
    }
    written.set(token.name, [...(written.get(token.name) ?? []), token.value ?? '']);
  }
  return { written, positionals };
}

/** What was found, fit for a terminal: no control characters, not too long. */
function shown(text: string): string {
  return showFound(text) ?? '';
}

function single(written: Written, name: string): string | undefined {
  const values = written.get(name) ?? [];
  if (values.length > 1) throw new UsageError(say('cli.usage.twice', { option: `--${name}` }));
  return values[0];
}

function refuseBoth(written: Written, first: string, second: string): void {
  if (!written.has(first) || !written.has(second)) return;
  throw new UsageError(say('cli.usage.both', { first: `--${first}`, second: `--${second}` }));
}

function readToken(written: Written): TokenCommand {
  refuseBoth(written, 'json', 'header');
  const lifetime = single(written, 'min-lifetime');
  const seconds = lifetime === undefined ? undefined : readDuration(lifetime);
  if (lifetime !== undefined && seconds === undefined) {
    throw new UsageError(say('cli.usage.duration', { option: '--min-lifetime', found: shown(lifetime) }));
  }
  return {
    name: 'token',
    scopes: written.get('scope') ?? [],
    minLifetimeSeconds: seconds,
    fresh: written.has('refresh') ? 'always' : 'if-needed',
    format: written.has('json') ? 'json' : written.has('header') ? 'header' : 'bare',
  };
}

function readImport(written: Written, file: string): ImportCommand {
  refuseBoth(written, 'at', 'cron');
  const at = single(written, 'at');
  const zone = single(written, 'zone');
  const cron = at === undefined ? single(written, 'cron') : cronOfClock(at);
  if (cron === undefined && zone !== undefined) throw new UsageError(say('cli.usage.zone-alone'));
  const timeZone = zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    name: 'import',
    file,
    prefix: single(written, 'prefix'),
    schedule: cron === undefined ? undefined : { cron, timeZone },
  };
}

/** `07:00` as a cron line. */
function cronOfClock(text: string): string {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/u.exec(text) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new UsageError(say('cli.usage.clock', { option: '--at', found: shown(text) }));
  }
  return `${Number(minute)} ${Number(hour)} * * *`;
}
