import { commandGrammars, type CommandGrammar } from '../command-line/command-line.ts';

/** What may stand at a place of the command line. */
export type Wanted =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'profiles' }
  | { readonly kind: 'files' }
  /** Nothing that could be listed: a scope, a name, a duration. */
  | { readonly kind: 'anything' };

/** One command, as both shells' scripts need it. */
export interface CompletedCommand {
  readonly name: string;
  readonly options: readonly string[];
  /** The options that take a value, and what it may be. */
  readonly values: ReadonlyMap<string, Wanted>;
  /** What may stand beside the options, in this order. */
  readonly takes: readonly Wanted[];
}

/** The options whose value is a file; that each of them exists is tested. */
export const FILE_OPTIONS: readonly string[] = [
  'from-env',
  'certificate',
  'key',
  'assertion-file',
  'token-file',
  'ca-file',
  'key-file',
  'credential',
];

/** What can be completed, made from the grammars that read the command line. */
export function completedCommands(): readonly CompletedCommand[] {
  const commands = [...commandGrammars()].map(([name, grammar]) => completed(name, grammar));
  const names: Wanted = { kind: 'words', words: commands.map(({ name }) => name) };
  return [...commands, { name: 'help', options: [], values: new Map<string, Wanted>(), takes: [names] }];
}

function completed(name: string, { options, takes }: CommandGrammar): CompletedCommand {
  const values = Object.entries(options).filter(([, kind]) => kind === 'value');
  return {
    name,
    options: [...Object.keys(options), 'help'].map((option) => `--${option}`),
    values: new Map(values.map(([option]): [string, Wanted] => [`--${option}`, valueOf(option)])),
    takes: takes.map(argumentOf),
  };
}

function valueOf(option: string): Wanted {
  if (option === 'profile') return { kind: 'profiles' };
  return FILE_OPTIONS.includes(option) ? { kind: 'files' } : { kind: 'anything' };
}

/** By what a usage line calls it: `bash|zsh` are words, capitals say what is meant. */
function argumentOf(name: string): Wanted {
  if (name === 'FILE' || name === 'PATH') return { kind: 'files' };
  if (name === 'ID') return { kind: 'profiles' };
  return /^[a-z|-]+$/u.test(name) ? { kind: 'words', words: name.split('|') } : { kind: 'anything' };
}

/** The profiles' ids, one a line: `$1` is the command as it was typed. */
export const PROFILE_IDS = `"$1" profiles --json 2>/dev/null | grep -o '"id":"[^"]*"' | cut -d'"' -f4`;

/** The branches of a `case` on the command's name, in words that bash and zsh both read. */
export function branches(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap((command) => [
      `    ${command.name})`,
      ...linesOf(command).map((text) => `      ${text}`),
      '      ;;',
    ])
    .join('\n');
}

function linesOf({ options, values, takes }: CompletedCommand): readonly string[] {
  const known = [...values].filter(([, wanted]) => wanted.kind !== 'anything');
  const cases = known.map(([option, wanted]) => `${option}) value='${textOf(wanted)}' ;;`);
  return [
    `options='${options.join(' ')}'`,
    `with_value='${[...values.keys()].join(' ')}'`,
    ...(takes.length === 0 ? [] : [`takes=(${takes.map((wanted) => `'${textOf(wanted)}'`).join(' ')})`]),
    ...(cases.length === 0 ? [] : [`case $previous in ${cases.join(' ')} esac`]),
  ];
}

function textOf(wanted: Wanted): string {
  return wanted.kind === 'words' ? `words ${wanted.words.join(' ')}` : wanted.kind;
}
