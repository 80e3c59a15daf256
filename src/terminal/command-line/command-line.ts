import { say } from '../../words/say.ts';
import { COMMAND_NAMES, type Command, type CommandName, type Format } from './command.ts';
import { nearest } from './nearest.ts';
import { readCompletion } from './read-completion.ts';
import { readEnv, readExec } from './read-exec.ts';
import { readImport } from './read-import.ts';
import { readProfiles } from './read-profiles.ts';
import { readService } from './read-service.ts';
import { readSettingsCommand } from './read-settings.ts';
import { readStorage } from './read-storage.ts';
import { readTokenFiles } from './read-token-files.ts';
import { readToken } from './read-token.ts';
import { readWritten, shown, UsageError, type OptionKinds, type Written } from './written.ts';

export type { Command, ImportCommand, ServeCommand, TokenCommand } from './command.ts';

/** A command, or the sentence that says what was found and what is wanted. */
export type CommandLine =
  | { readonly kind: 'command'; readonly command: Command }
  | {
      readonly kind: 'usage';
      readonly message: string;
      /** Whose help explains it; undefined where no command was recognised. */
      readonly topic: CommandName | undefined;
      /** JSON where it was asked for, however wrong the rest is. */
      readonly format: Format;
    };

interface Grammar {
  readonly options: OptionKinds;
  /** What may stand beside the options, by its name in the usage line, in this order. */
  readonly takes: readonly string[];
  /** How many of them must be there. */
  readonly wants: number;
  readonly read: (written: Written) => Command;
  /** A command line of another program stands behind `--`. */
  readonly behind?: 'program';
}

const session = (name: 'refresh' | 'sign-in' | 'sign-out'): Grammar => ({
  options: { profile: 'value', json: 'flag' },
  takes: [],
  wants: 0,
  read: (written) => ({ name, profile: written.text('profile'), format: formatOf(written) }),
});

const grammars: Readonly<Record<CommandName, Grammar>> = {
  serve: {
    options: { verbose: 'flag', 'from-env': 'value', json: 'flag' },
    takes: [],
    wants: 0,
    read: (written) => ({
      name: 'serve',
      logLevel: written.has('verbose') ? 'debug' : 'warn',
      envFile: written.single('from-env'),
      format: formatOf(written),
    }),
  },
  'sign-in': session('sign-in'),
  token: {
    options: {
      scope: 'value',
      resource: 'value',
      profile: 'value',
      'min-lifetime': 'value',
      refresh: 'flag',
      json: 'flag',
      header: 'flag',
      'exec-credential': 'flag',
    },
    takes: [],
    wants: 0,
    read: readToken,
  },
  status: {
    options: { profile: 'value', json: 'flag', watch: 'flag' },
    takes: [],
    wants: 0,
    read: (written) => ({
      name: 'status',
      profile: written.text('profile'),
      format: formatOf(written),
      mode: written.has('watch') ? 'watch' : 'once',
    }),
  },
  refresh: session('refresh'),
  'sign-out': session('sign-out'),
  import: {
    options: {
      profile: 'value',
      name: 'value',
      default: 'flag',
      protocol: 'value',
      prefix: 'value',
      'extra-scope': 'value',
      certificate: 'value',
      key: 'value',
      'assertion-file': 'value',
      at: 'value',
      cron: 'value',
      every: 'value',
      zone: 'value',
      'sign-in': 'value',
      'token-file': 'value',
      'token-file-format': 'value',
      'ca-file': 'value',
      json: 'flag',
    },
    takes: ['FILE'],
    wants: 1,
    read: readImport,
  },
  profiles: { options: { json: 'flag' }, takes: ['default|remove', 'ID'], wants: 0, read: readProfiles },
  storage: {
    options: { 'key-file': 'value', 'systemd-credential': 'value', passphrase: 'flag', json: 'flag' },
    takes: ['CHOICE'],
    wants: 0,
    read: readStorage,
  },
  exec: { options: { profile: 'value' }, takes: [], wants: 0, behind: 'program', read: readExec },
  env: { options: { format: 'value', json: 'flag' }, takes: [], wants: 0, read: readEnv },
  settings: { options: { json: 'flag' }, takes: ['NAME', 'VALUE'], wants: 0, read: readSettingsCommand },
  'token-files': {
    options: { profile: 'value', scope: 'value', format: 'value', json: 'flag' },
    takes: ['add|remove', 'PATH'],
    wants: 0,
    read: readTokenFiles,
  },
  reload: {
    options: { json: 'flag' },
    takes: [],
    wants: 0,
    read: (written) => ({ name: 'reload', format: formatOf(written) }),
  },
  service: {
    options: { credential: 'value', json: 'flag' },
    takes: ['print|install|uninstall'],
    wants: 0,
    read: readService,
  },
  completion: { options: {}, takes: ['bash|zsh'], wants: 1, read: readCompletion },
  doctor: {
    options: { profile: 'value', json: 'flag' },
    takes: [],
    wants: 0,
    read: (written) => ({ name: 'doctor', profile: written.text('profile'), format: formatOf(written) }),
  },
};

/** What a command takes, for whoever completes what is being typed. */
export type CommandGrammar = Pick<Grammar, 'options' | 'takes'>;

export function commandGrammars(): ReadonlyMap<CommandName, CommandGrammar> {
  return new Map(COMMAND_NAMES.map((name) => [name, grammars[name]]));
}

/** Reads the arguments after `node tokentray.js`. Pure but for the system's time zone. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    return { kind: 'command', command: readCommand(args) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const topic = COMMAND_NAMES.find((known) => known === args[0]);
    const format = args.includes('--json') ? 'json' : 'words';
    return { kind: 'usage', message: error.message, topic, format };
  }
}

function readCommand([name = '', ...rest]: readonly string[]): Command {
  if (name === 'help' || name === '--help' || name === '-h') {
    return { name: 'help', topic: rest[0] === undefined ? undefined : commandNamed(rest[0]) };
  }
  if (['--version', '-V'].includes(name)) return { name: 'version' };
  const command = commandNamed(name);
  const { options, takes, wants, read, behind } = grammars[command];
  // The options of the program behind it are none of ours.
  const end = behind === 'program' ? rest.indexOf('--') : -1;
  const own = end < 0 ? rest : rest.slice(0, end);
  if (own.includes('--help') || own.includes('-h')) return { name: 'help', topic: command };
  const written = readWritten(command, own, options, end < 0 ? [] : rest.slice(end + 1));
  const missing = takes[written.positionals.length];
  if (written.positionals.length < wants && missing !== undefined) {
    throw new UsageError(say('cli.usage.argument', { command, wanted: missing }));
  }
  const extra = written.positionals[takes.length];
  if (extra !== undefined) {
    throw new UsageError(say('cli.usage.extra', { command, found: shown(extra) }));
  }
  return read(written);
}

function commandNamed(name: string): CommandName {
  const found = COMMAND_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  const wanted = COMMAND_NAMES.join(', ');
  if (name.length === 0) throw new UsageError(say('cli.usage.no-command', { wanted }));
  const meant = nearest(name, COMMAND_NAMES);
  throw new UsageError(
    meant === undefined
      ? say('cli.usage.command', { found: shown(name), wanted })
      : say('cli.usage.command-meant', { found: shown(name), meant }),
  );
}

function formatOf(written: Written): Format {
  return written.has('json') ? 'json' : 'words';
}
