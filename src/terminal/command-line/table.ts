import type { Places } from '../../system/places.ts';
import type { Terminal } from '../output/terminal.ts';

/** What a command takes. Its texts are in the catalogue: `cli.NAME.summary`, `.about`, `.option.…`, `.value.…`. */
export interface Table {
  /** By their names in what is read. All of them must be given, or none if they are `optional`. */
  readonly arguments?: Readonly<Record<string, ArgumentTable>>;
  readonly optional?: true;
  readonly options: Readonly<Record<string, OptionTable>>;
  /** Everything after `--` is the command line of another program. */
  readonly program?: true;
  /** Command lines for the help. */
  readonly examples?: readonly string[];
}

/** `value`: as usage shows it. The shell completes FILE and PATH with files, ID with profiles. */
export interface ArgumentTable {
  readonly value: string;
  readonly choices?: readonly string[];
}

/** A flag, or an option with a value. */
export interface OptionTable extends Partial<ArgumentTable> {
  readonly repeatable?: true;
  readonly mayBeEmpty?: true;
  /** What the value means. Throws `UsageError`. @param option as the user writes it: `--at` */
  readonly read?: (text: string, option: string) => unknown;
  /** The options that exclude this one, by their names in what is read. */
  readonly conflicts?: readonly string[];
  /** One of these options (`--at`) or arguments (`add`) must be given as well. */
  readonly onlyWith?: readonly string[];
}

type Camel<Name> = Name extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Name;

type Value<Entry> = Entry extends { readonly read: (...given: never[]) => infer Read }
  ? Read
  : Entry extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

type OptionValue<Entry> = Entry extends { readonly value: string }
  ? Entry extends { readonly repeatable: true }
    ? readonly Value<Entry>[]
    : Value<Entry>
  : true;

type ArgumentValues<T extends Table> = {
  readonly [Name in keyof T['arguments']]: Value<T['arguments'][Name]>;
};

/** What was read from a command line: the options, the arguments and the program, by their names in camel case. */
export type Parsed<T extends Table> = {
  readonly [Name in keyof T['options'] as Camel<Name>]?: OptionValue<T['options'][Name]> | undefined;
} & (T extends { readonly optional: true } ? Partial<ArgumentValues<T>> : ArgumentValues<T>) &
  (T extends { readonly program: true } ? { readonly program: readonly string[] } : object);

/** A command in the list of all commands. */
export interface Command {
  readonly name: string;
  readonly group: 'token' | 'session' | 'setup' | 'run' | 'diagnose';
  readonly table: () => Promise<Table>;
  readonly work: () => Promise<Run<Table>>;
}

/** What a command can know about the program it belongs to. */
export interface Program {
  readonly version: string;
  readonly commands: readonly Command[];
}

/** The work of a command; resolves with the exit code. It throws what `reportFailure` can report. */
export type Run<T extends Table> = (
  options: Parsed<T>,
  places: Places,
  terminal: Terminal,
  program: Program,
) => Promise<number>;
