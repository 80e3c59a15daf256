import type { ArgumentTable, Command, Table } from '../command-line/table.ts';

/** One command, as the scripts of both shells need it. */
export interface CompletedCommand {
  readonly name: string;
  readonly options: readonly string[];
  /** The options with a value, and how it is completed. */
  readonly values: Readonly<Record<string, Completion>>;
  /** How the arguments are completed, in their order. */
  readonly takes: readonly Completion[];
}

/** `profiles`, `files`, `anything` (a scope, a name, a duration), or `words` and the words to choose from. */
type Completion = string;

/** Everything that can be completed, made from the tables that the command line is read by. */
export async function completedCommands(commands: readonly Command[]): Promise<readonly CompletedCommand[]> {
  const names = commands.map(({ name }) => name);
  const completed = commands.map(async ({ name, table }) => completedCommand(name, await table()));
  const help = { name: 'help', options: [], values: {}, takes: [`words ${names.join(' ')}`] };
  return [...(await Promise.all(completed)), help];
}

function completedCommand(name: string, { options, arguments: taken = {} }: Table): CompletedCommand {
  const values = Object.entries(options).flatMap(([option, { value, ...more }]) =>
    value === undefined ? [] : [[`--${option}`, completionOf({ value, ...more })]],
  );
  return {
    name,
    options: [...Object.keys(options), 'help'].map((option) => `--${option}`),
    values: Object.fromEntries(values) as Record<string, Completion>,
    takes: Object.values(taken).map(completionOf),
  };
}

function completionOf({ value, choices }: ArgumentTable): Completion {
  if (choices !== undefined) return `words ${choices.join(' ')}`;
  if (value === 'ID') return 'profiles';
  return value === 'FILE' || value === 'PATH' ? 'files' : 'anything';
}

/** Prints the ids of the profiles, one on each line; `$1` is the command as the user typed it. */
export const PROFILE_IDS = `"$1" profiles --json 2>/dev/null | grep -o '"id":"[^"]*"' | cut -d'"' -f4`;

/** The branches of a `case` on the command's name, in the syntax that bash and zsh share. */
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
  const known = Object.entries(values).filter(([, value]) => value !== 'anything');
  const cases = known.map(([option, value]) => `${option}) value='${value}' ;;`);
  return [
    `options='${options.join(' ')}'`,
    `with_value='${Object.keys(values).join(' ')}'`,
    ...(takes.length === 0 ? [] : [`takes=(${takes.map((value) => `'${value}'`).join(' ')})`]),
    ...(cases.length === 0 ? [] : [`case $previous in ${cases.join(' ')} esac`]),
  ];
}
