import { parseArgs } from 'node:util';
import { showFound } from '../../config/rules/issue.ts';
import { say } from '../../words/say.ts';
import { nearest } from './nearest.ts';

/** The command line is wrong; `message` says what was found and what is wanted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options a command knows: with a value behind them or without. */
export type OptionKinds = Readonly<Record<string, 'flag' | 'value'>>;

/** What was written behind a command, checked against the options it knows. */
export class Written {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  /** What stands behind `--` of a command that runs another program. */
  readonly behind: readonly string[];

  constructor(
    values: ReadonlyMap<string, readonly string[]>,
    positionals: readonly string[],
    behind: readonly string[],
  ) {
    this.#values = values;
    this.positionals = positionals;
    this.behind = behind;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Every value of an option that may be repeated. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The value of an option that counts once. @throws UsageError */
  single(name: string): string | undefined {
    const values = this.all(name);
    if (values.length > 1) throw new UsageError(say('cli.usage.twice', { option: `--${name}` }));
    return values[0];
  }

  /** The value of an option that counts once and cannot be empty. @throws UsageError */
  text(name: string): string | undefined {
    const value = this.single(name);
    if (value === '') throw new UsageError(say('cli.usage.value-missing', { option: `--${name}` }));
    return value;
  }

  /** At most one of these makes sense. @throws UsageError */
  refuseTogether(...names: readonly string[]): void {
    const [first, second] = names.filter((name) => this.has(name));
    if (first === undefined || second === undefined) return;
    throw new UsageError(say('cli.usage.both', { first: `--${first}`, second: `--${second}` }));
  }

  /** `option` says something about one of `owners`, so one of them must be there. @throws UsageError */
  refuseAlone(option: string, ...owners: readonly string[]): void {
    if (!this.has(option) || owners.some((owner) => this.has(owner))) return;
    const wanted = owners.map((owner) => `--${owner}`).join(', ');
    throw new UsageError(say('cli.usage.alone', { option: `--${option}`, wanted }));
  }
}

/** Reads what stands behind a command's name. @throws UsageError */
export function readWritten(
  command: string,
  args: readonly string[],
  kinds: OptionKinds,
  behind: readonly string[] = [],
): Written {
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
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const kind = Object.hasOwn(kinds, token.name) ? kinds[token.name] : undefined;
    if (kind === undefined) throw unknownOption(command, token.rawName, kinds);
    // Node would take the next option for the value: `--profile --json`.
    const isNextOption = token.inlineValue === false && token.value.startsWith('--');
    if ((kind === 'value') !== (token.value !== undefined) || isNextOption) {
      const code = kind === 'value' ? 'cli.usage.value-missing' : 'cli.usage.value-extra';
      throw new UsageError(say(code, { option: token.rawName }));
    }
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  return new Written(values, positionals, behind);
}

function unknownOption(command: string, rawName: string, kinds: OptionKinds): UsageError {
  const known = Object.keys(kinds).map((name) => `--${name}`);
  const found = shown(rawName);
  const meant = nearest(rawName, known);
  if (meant !== undefined) {
    return new UsageError(say('cli.usage.option-meant', { command, found, meant }));
  }
  const wanted = known.length === 0 ? say('cli.usage.none') : known.join(', ');
  return new UsageError(say('cli.usage.option', { command, found, wanted }));
}

/** What was found, fit for a terminal: no control characters, not too long. */
export function shown(text: string): string {
  return showFound(text) ?? '';
}
