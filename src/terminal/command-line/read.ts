import { Argument, Command, CommanderError, Option } from 'commander';
import { showFound } from '../../config/rules/issue.ts';
import { say } from '../../words/say.ts';
import { UsageError } from '../output/failure.ts';
import type { OptionTable, Parsed, Table } from './table.ts';

/** For commander's output: what it says is said by us. */
export const quiet = (): void => undefined;

/** commander's command for a table; it neither writes nor exits. @param args what it is going to read */
export function commanderOf(name: string, table: Table, args: readonly string[] = []): Command {
  const command = new Command(name).exitOverride().configureOutput({ writeOut: quiet, writeErr: quiet });
  for (const [key, entry] of Object.entries(table.options)) {
    const flag = `--${key}`;
    const { value, choices, conflicts = [] } = entry;
    const option = new Option(value === undefined ? flag : `${flag} <${value}>`);
    if (choices !== undefined) option.choices(choices);
    if (value !== undefined) option.argParser(readerOf(flag, entry, args));
    command.addOption(option.conflicts([...conflicts]));
  }
  for (const { value, choices } of Object.values(table.arguments ?? {})) {
    const argument = new Argument(table.optional ? `[${value}]` : `<${value}>`);
    if (choices !== undefined) argument.choices(choices).argParser((text) => chosen(text, name, choices));
    command.addArgument(argument);
  }
  return command;
}

/**
 * Reads what follows the name of a command; undefined if it asks for help.
 * @throws UsageError
 */
export function readArguments<T extends Table>(
  name: string,
  table: T,
  args: readonly string[],
): Parsed<T> | undefined {
  const end = table.program ? args.indexOf('--') : -1;
  const own = end < 0 ? args : args.slice(0, end);
  const program = end < 0 ? [] : args.slice(end + 1);
  // commander reads values first, so that a wrong one would hide the help.
  if (own.includes('--help') || own.includes('-h')) return undefined;
  const command = commanderOf(name, table, own);
  try {
    command.parse(own, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(sentenceOf(error, command));
  }
  const { args: given, registeredArguments, options } = command;
  // An empty first argument has been refused by its choices; a setting's value may be empty.
  const isIncomplete =
    given.length > 0 &&
    (given.length < registeredArguments.length || (given[1] === '' && name !== 'settings'));
  if (isIncomplete) throw new UsageError(argumentMissing(command));
  if (table.program && (program[0] ?? '') === '') throw new UsageError(argumentMissing(command, '-- CMD'));
  const values = command.opts<Record<string, unknown>>();
  const flags = options.filter((option) => option.attributeName() in values).map(({ long }) => long);
  for (const [key, { onlyWith }] of Object.entries(table.options)) {
    const option = `--${key}`;
    if (onlyWith === undefined || !flags.includes(option)) continue;
    if (!onlyWith.some((other) => flags.includes(other) || given[0] === other))
      throw new UsageError(say('cli.usage.alone', { option, wanted: onlyWith.join(', ') }));
  }
  const named = Object.keys(table.arguments ?? {}).map((key, index) => [key, given[index]]);
  return { ...values, ...Object.fromEntries(named), ...(table.program ? { program } : {}) } as Parsed<T>;
}

/** Reads the value of an option. */
function readerOf(
  option: string,
  { choices, repeatable, mayBeEmpty, read = (text) => text }: OptionTable,
  args: readonly string[],
): (text: string, previous: unknown) => unknown {
  return (text, previous) => {
    // commander takes the next option for the value: `--profile --json`.
    if ((text === '' && !mayBeEmpty) || (text.startsWith('--') && args.includes(text)))
      throw new UsageError(say('cli.usage.value-missing', { option }));
    if (choices !== undefined && !choices.includes(text)) {
      const params = { option, wanted: choices.join(', '), found: shown(text) };
      throw new UsageError(say('cli.usage.choice', params));
    }
    if (repeatable) return [...((previous ?? []) as readonly unknown[]), read(text, option)];
    if (previous !== undefined) throw new UsageError(say('cli.usage.twice', { option }));
    return read(text, option);
  };
}

function chosen(found: string, command: string, choices: readonly string[]): string {
  if (choices.includes(found)) return found;
  const params = { command, wanted: choices.join(', '), found: shown(found) };
  throw new UsageError(say('cli.usage.action', params));
}

function argumentMissing(command: Command, wanted = ''): string {
  const { args, registeredArguments } = command;
  const words = [command.name(), ...args].join(' ');
  return say('cli.usage.argument', {
    command: shown(words),
    wanted: registeredArguments[args.length]?.name() ?? wanted,
  });
}

/** commander's error in our words. Of its message only the options and its suggestion are used. */
function sentenceOf({ code, message }: CommanderError, command: Command): string {
  const name = command.name();
  const [first = '', second = ''] = message.match(/--[\w-]+/gu) ?? [];
  switch (code) {
    case 'commander.conflictingOption':
      return say('cli.usage.both', { first, second });
    case 'commander.optionMissingArgument':
      return say('cli.usage.value-missing', { option: first });
    case 'commander.missingArgument':
      return argumentMissing(command);
    case 'commander.excessArguments':
      return say('cli.usage.extra', {
        command: name,
        found: shown(command.args[command.registeredArguments.length] ?? ''),
      });
    case 'commander.unknownOption': {
      const [, flag = ''] = /'(.*)'/su.exec(message) ?? [];
      const known = command.options.map(({ long }) => long ?? '');
      if (known.includes(first) && flag.startsWith(`${first}=`))
        return say('cli.usage.value-extra', { option: first });
      const found = shown(flag);
      const meant = suggestionIn(message);
      if (meant !== undefined) return say('cli.usage.option-meant', { command: name, found, meant });
      const wanted = known.length === 0 ? say('cli.usage.none') : known.join(', ');
      return say('cli.usage.option', { command: name, found, wanted });
    }
    default:
      return shown(message);
  }
}

/** The words that commander suggests, if it found similar ones. */
export function suggestionIn(message: string): string | undefined {
  return /\n\(Did you mean (?:one of )?(.*)\?\)$/u.exec(message)?.[1];
}

/** Text that was found, fit for a terminal: without control characters, and not too long. */
export function shown(text: string): string {
  return showFound(text) ?? '';
}
