import { beforeEach, describe, expect, test } from 'vitest';
import { commandHelp } from '../../../src/words/catalogue/command-help.ts';
import { say } from '../../../src/words/say.ts';
import { commands } from '../../../src/terminal/commands.ts';
import { helpOf, helpOfAll, printHelp } from '../../../src/terminal/help/help.ts';
import { makeEmptyHome } from '../fixtures/fake-owner.ts';

/** What a terminal has unless the user changed it (VT100). */
const COLUMNS = 80;

const names = commands.map(({ name }) => name);
const tables = await Promise.all(commands.map(async ({ name, table }) => ({ name, table: await table() })));

let out: string[];
beforeEach(() => (out = []));
const help = (...args: string[]): Promise<number> =>
  printHelp(args, commands, { out: (text) => out.push(text), err: () => undefined, format: 'words' });

describe('which help is printed', () => {
  test.each([['help'], ['--help'], ['-h']])('of all commands: %s', async (...args) => {
    expect(await help(...args)).toBe(0);
    expect(out).toEqual([helpOfAll(commands)]);
  });

  test.each([
    ['help', 'token'],
    ['--help', 'storage'],
  ])('of one command: %s %s', async (...args) => {
    await help(...args);
    const { table } = tables.find(({ name }) => name === args[1])!;
    expect(out).toEqual([helpOf(args[1], table)]);
  });

  const wanted = names.join(', ');
  test.each([
    [[''], say('cli.usage.no-command', { wanted })],
    [['bananas'], say('cli.usage.command', { found: 'bananas', wanted })],
    [['gettoken'], say('cli.usage.command-meant', { found: 'gettoken', meant: 'token' })],
    [['tokne'], say('cli.usage.command-meant', { found: 'tokne', meant: 'token' })],
    [['help', 'tokn'], say('cli.usage.command-meant', { found: 'tokn', meant: 'token' })],
    [['constructor'], say('cli.usage.command', { found: 'constructor', wanted })],
    [['--bananas'], say('cli.usage.command', { found: '--bananas', wanted })],
    [['\u001b[31mred'], say('cli.usage.command', { found: '\\u001b[31mred', wanted })],
  ])('none, because there is no such command: %j', async (args, message) => {
    await expect(help(...args)).rejects.toMatchObject({ name: 'UsageError', message });
  });
});

describe('the list of all commands', () => {
  test('has each command once, in its group, with one line', () => {
    const lines = helpOfAll(commands).split('\n');
    for (const name of [...names, 'help'])
      expect(lines.filter((line) => new RegExp(`^  ${name}  +\\S`, 'u').test(line))).toHaveLength(1);
    const groups = lines.filter((line) => /^\w.*:$/u.test(line));
    expect(groups).toEqual([
      'Options:',
      ...(['token', 'session', 'setup', 'run', 'diagnose'] as const).map((group) =>
        say(`cli.help.group.${group}`),
      ),
    ]);
  });
});

describe('the texts', () => {
  test.each(tables)('$name: nothing in its table is without a text', ({ name, table }) => {
    const codes = new Set<string>(Object.keys(commandHelp));
    const missing = [
      `cli.${name}.summary`,
      `cli.${name}.about`,
      ...Object.keys(table.options)
        .map((option) => `cli.${name}.option.${option}`)
        .filter((code) => !codes.has(code.replace(`cli.${name}.`, 'cli.'))),
      ...Object.values(table.arguments ?? {}).flatMap(({ choices = [] }) =>
        choices.map((choice) => `cli.${name}.value.${choice}`),
      ),
    ].filter((code) => !codes.has(code));
    expect(missing).toEqual([]);
  });

  test('there is no text for anything else', () => {
    const shown = [helpOfAll(commands), ...tables.map(({ name, table }) => helpOf(name, table, 1_000))];
    const all = shown.join('\n').replaceAll(/\s+/gu, ' ');
    const dead = Object.entries(commandHelp).filter(
      ([, text]) => !all.includes(text.replaceAll(/\s+/gu, ' ')),
    );
    expect(dead.map(([code]) => code)).toEqual([]);
  });

  test.each([COLUMNS, 60])('fit into %i columns, except command lines', (columns) => {
    const shown = [
      helpOfAll(commands, columns),
      ...tables.map(({ name, table }) => helpOf(name, table, columns)),
    ];
    const lines = shown.flatMap((text) => text.split('\n'));
    const long = lines.filter(({ length }) => length > columns);
    expect(long.filter((line) => !/^ +(?:tokentray|systemd-run) /u.test(line))).toEqual([]);
    if (columns === COLUMNS) expect(long).toEqual([]);
  });

  test.each(tables)('$name: every option is explained, and the usage line comes first', ({ name, table }) => {
    const lines = helpOf(name, table).split('\n');
    expect(lines[0]).toContain(`Usage: tokentray ${name} [options]`);
    for (const option of [...Object.keys(table.options), 'help'])
      expect(
        lines.filter((line) => new RegExp(`^  (?:-h, )?--${option}(?![\\w-]).* {2}\\S`, 'u').test(line)),
      ).toHaveLength(1);
  });
});

test('the command prints help and version, and says which help explains a wrong line', async () => {
  const { tokentray } = makeEmptyHome();
  const { table } = tables.find(({ name }) => name === 'token')!;
  expect(await tokentray.run('token', '--help')).toEqual({
    code: 0,
    out: `${helpOf('token', table)}\n`,
    err: '',
  });
  expect(await tokentray.run()).toMatchObject({ code: 2, out: '' });
  const [long, short] = [await tokentray.run('--version'), await tokentray.run('-V')];
  expect(long).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u) as unknown });
  expect(short).toEqual(long);
  const wrong = await tokentray.run('token', '--sope', 'A', '--json');
  expect(JSON.parse(wrong.out)).toMatchObject({
    error: {
      code: 'command-line',
      next: say('problem.command-line.next', { detail: '', help: 'tokentray token --help' } as never),
    },
  });
  expect((await tokentray.run('tokne')).err).toContain('tokentray --help');
});
