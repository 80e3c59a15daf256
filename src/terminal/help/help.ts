import { Command, CommanderError } from 'commander';
import { catalogue, type WordCode } from '../../words/catalogue.ts';
import { say } from '../../words/say.ts';
import { commanderOf, quiet, shown, suggestionIn } from '../command-line/read.ts';
import type { Command as Entry, Table } from '../command-line/table.ts';
import { UsageError } from '../output/failure.ts';
import type { Terminal } from '../output/terminal.ts';

/** What a terminal has unless the user changed it (VT100); longer lines are hard to read. */
const MOST_COLUMNS = 80;

/** commander does not break texts that would be narrower than this; its own limit is 40. */
const LAYOUT = { minWidthToWrap: 20 };

/** Longer lists of choices are shown below the usage line only. */
const MOST_IN_USAGE = 25;

/**
 * `tokentray help [COMMAND]`, and every line that does not begin with a command.
 * @throws UsageError if there is no such command
 */
export async function printHelp(
  [name = '', topic]: readonly string[],
  commands: readonly Entry[],
  terminal: Terminal,
): Promise<0> {
  const asked = ['help', '--help', '-h'].includes(name) ? topic : name;
  const command = commands.find((known) => known.name === asked);
  const width = Math.min(process.stdout.columns || MOST_COLUMNS, MOST_COLUMNS);
  if (asked === undefined) terminal.out(helpOfAll(commands, width));
  else if (command === undefined) throw unknownCommand(asked, commands);
  else terminal.out(helpOf(command.name, await command.table(), width));
  return 0;
}

/** The list of all commands, by group. */
export function helpOfAll(commands: readonly Entry[], width = MOST_COLUMNS): string {
  const program = programOf(commands)
    .usage(say('cli.help.usage'))
    .option('-V, --version', say('cli.help.version'))
    .helpOption('-h, --help', say('cli.help.option'))
    .configureHelp({ ...LAYOUT, helpWidth: width, subcommandTerm: (command) => command.name() });
  return sections(program.helpInformation(), program.createHelp().boxWrap(say('cli.help.notes'), width));
}

/** The help of one command. */
export function helpOf(name: string, table: Table, width = MOST_COLUMNS): string {
  const command = commanderOf(name, table)
    .usage(usageOf(table))
    .description(textOf(`cli.${name}.about`) ?? '')
    .helpOption('-h, --help', say('cli.help.option'))
    .configureHelp({ ...LAYOUT, helpWidth: width });
  new Command('tokentray').addCommand(command);
  for (const option of command.options) option.description = describe(name, option.name());
  const help = command.createHelp();
  help.prepareContext({ helpWidth: width });
  const choices = Object.values(table.arguments ?? {}).flatMap(({ value, choices: known = [] }) => {
    const longest = Math.max(help.padWidth(command, help), ...known.map(({ length }) => length));
    const items = known.flatMap((choice) => {
      const text = textOf(`cli.${name}.value.${choice}`);
      return text === undefined ? [] : [help.formatItem(choice, longest, text, help)];
    });
    return items.length === 0 ? [] : [[`${value}:`, ...items].join('\n')];
  });
  const { examples = [] } = table;
  return sections(
    command.helpInformation(),
    ...choices,
    examples.length === 0
      ? ''
      : [say('cli.help.examples'), ...examples.map((line) => `  ${line}`)].join('\n'),
    help.boxWrap(textOf(`cli.${name}.notes`) ?? '', width),
  );
}

/** What an option does: in this command, or in every command that has it. */
function describe(name: string, option: string): string {
  return textOf(`cli.${name}.option.${option}`) ?? textOf(`cli.option.${option}`) ?? '';
}

function textOf(code: string): string | undefined {
  return Object.hasOwn(catalogue, code) ? catalogue[code as WordCode] : undefined;
}

function sections(...texts: readonly string[]): string {
  return texts
    .map((text) => text.trimEnd())
    .filter((text) => text !== '')
    .join('\n\n');
}

function usageOf({ arguments: taken = {}, optional, program }: Table): string {
  const words = Object.values(taken).map(({ value, choices = [] }) => {
    const listed = choices.join('|');
    return listed === '' || listed.length > MOST_IN_USAGE ? value : listed;
  });
  const together = words.join(' ');
  return ['[options]', optional ? `[${together}]` : together, program ? '-- CMD [ARGS]' : '']
    .filter((part) => part !== '')
    .join(' ');
}

function programOf(commands: readonly Entry[]): Command {
  const program = new Command('tokentray')
    .exitOverride()
    .configureOutput({ writeOut: quiet, writeErr: quiet });
  for (const { name, group } of [...commands, { name: 'help', group: 'diagnose' } as const]) {
    program
      .command(name)
      .summary(textOf(`cli.${name}.summary`) ?? '')
      .helpGroup(say(`cli.help.group.${group}`));
  }
  return program.helpCommand(false);
}

function unknownCommand(name: string, commands: readonly Entry[]): UsageError {
  const wanted = commands.map((known) => known.name).join(', ');
  if (name === '') return new UsageError(say('cli.usage.no-command', { wanted }));
  const found = shown(name);
  try {
    programOf(commands).parse([name], { from: 'user' });
  } catch (error) {
    const meant = error instanceof CommanderError ? suggestionIn(error.message) : undefined;
    if (meant !== undefined) return new UsageError(say('cli.usage.command-meant', { found, meant }));
  }
  return new UsageError(say('cli.usage.command', { found, wanted }));
}
