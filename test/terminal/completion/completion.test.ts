import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../../src/terminal/commands.ts';
import { completedCommands } from '../../../src/terminal/completion/completed-commands.ts';
import { bashCompletion } from '../../../src/terminal/completion/bash.ts';
import { zshCompletion } from '../../../src/terminal/completion/zsh.ts';
import { makeEmptyHome } from '../fixtures/fake-owner.ts';

const COMMAND_NAMES = commands.map(({ name }) => name);
const completed = await completedCommands(commands);

const hasZsh = spawnSync('zsh', ['-c', ':']).status === 0;

/** A directory with two files and a command `tokentray` that lists two profiles as the real one does. */
let place: string;
beforeAll(() => {
  place = mkdtempSync(path.join(tmpdir(), 'complete-'));
  const profiles = [
    { id: 'default', name: 'My "id":"x" mail' },
    { id: 'work', name: 'work' },
  ];
  const listed = JSON.stringify({ schemaVersion: 1, default: 'default', profiles });
  writeFileSync(
    path.join(place, 'tokentray'),
    `#!/bin/sh\n[ "$*" = "profiles --json" ] && cat <<'E'\n${listed}\nE\n`,
    {
      mode: 0o755,
    },
  );
  writeFileSync(path.join(place, 'one two.env'), '');
  mkdirSync(path.join(place, 'other'));
  writeFileSync(path.join(place, 'completion.bash'), bashCompletion(completed));
  writeFileSync(path.join(place, '_tokentray'), zshCompletion(completed));
});

const env = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${place}:${process.env['PATH'] ?? ''}` });

/** COMPREPLY of a real bash after Tab at the end of these words. */
function bash(...words: string[]): string[] {
  const script = `
    source "$1"; shift
    complete -p tokentray >/dev/null || exit 9
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _tokentray
    ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '-c', script, '-', 'completion.bash', 'tokentray', ...words],
    {
      cwd: place,
      env: env(),
      encoding: 'utf8',
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

/** The lines of a real, interactive zsh after Tab at the end of each. One zsh for all, because its start is slow. */
function zsh(lines: readonly string[]): string[] {
  const script = `
    zmodload zsh/zpty
    zpty terminal zsh -f -i
    zpty -w terminal 'PS1=; unsetopt zle_bracketed_paste; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D'
    zpty -w terminal 'show() { print -r -- "<<$BUFFER>>"; BUFFER= }; zle -N show; bindkey "^T" show; echo ready'
    zpty -r -m terminal out '*ready*ready*'
    for line; do
      zpty -w -n terminal "$line"$'\\t\\C-t'
      zpty -r -m terminal out '*<<*>>*'
      print -r -- "$out"
    done
    zpty -d terminal`;
  const { stdout } = spawnSync('zsh', ['-f', '-c', script, '-', ...lines], {
    cwd: place,
    env: { ...env(), TERM: 'dumb' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return [...stdout.matchAll(/<<(.*)>>/gu)].map(([, line = '']) => line);
}

describe('what is completed', () => {
  test('is what the command line accepts: every command with every option', async () => {
    expect(completed.map(({ name }) => name)).toEqual([...COMMAND_NAMES, 'help']);
    for (const { name, table } of commands) {
      const options = [...Object.keys((await table()).options), 'help'].map((option) => `--${option}`);
      expect(completed.find((one) => one.name === name)?.options).toEqual(options);
    }
  });

  test('files are offered for every option with a file', () => {
    const files = completed.flatMap(({ values }) =>
      Object.entries(values).flatMap(([option, kind]) => (kind === 'files' ? [option] : [])),
    );
    expect([...new Set(files)].toSorted()).toEqual([
      '--assertion-file',
      '--ca-file',
      '--certificate',
      '--credential',
      '--from-env',
      '--key',
      '--key-file',
      '--token-file',
    ]);
  });
});

describe('bash', () => {
  test('completes commands, options and arguments', () => {
    expect(bash('to')).toEqual(['token', 'token-files']);
    expect(bash('')).toEqual([...COMMAND_NAMES, 'help', '--help', '--version']);
    expect(bash('token', '--re')).toEqual(['--resource', '--refresh']);
    expect(bash('token', '')).toContain('--exec-credential');
    expect(bash('completion', '')).toEqual(['bash', 'zsh']);
    expect(bash('env', '--format', '')).toEqual(['sh', 'powershell', 'dotenv']);
    expect(bash('help', 'stat')).toEqual(['status']);
    expect(bash('nonsense', '')).toEqual([]);
  });

  test('completes the ids of profiles, also after "=" and as arguments', () => {
    expect(bash('token', '--profile', '')).toEqual(['default', 'work']);
    expect(bash('token', '--profile', '=', 'w')).toEqual(['work']);
    expect(bash('token', '--profile', '=')).toEqual(['default', 'work']);
    expect(bash('profiles', 'default', 'w')).toEqual(['work']);
    expect(bash('profiles', '--json', 'rem')).toEqual(['remove']);
  });

  test('completes files, with spaces in their names', () => {
    expect(bash('import', 'o')).toEqual(expect.arrayContaining(['one two.env', 'other']));
    expect(bash('import', '--profile', 'work', 'one')).toEqual(['one two.env']);
    expect(bash('serve', '--from-env', 'one')).toEqual(['one two.env']);
  });

  test('offers nothing for a scope', () => {
    expect(bash('token', '--scope', '')).toEqual([]);
  });
});

describe.runIf(hasZsh)('zsh (where it is installed)', () => {
  test('completes commands, options, profiles, words and files', () => {
    const wanted = new Map([
      ['tokentray stor', 'tokentray storage '],
      ['tokentray token --head', 'tokentray token --header '],
      ['tokentray token --profile wo', 'tokentray token --profile work '],
      ['tokentray token --profile=wo', 'tokentray token --profile=work '],
      ['tokentray profiles default wo', 'tokentray profiles default work '],
      ['tokentray completion z', 'tokentray completion zsh '],
      ['tokentray import one', 'tokentray import one\\ two.env '],
      ['tokentray serve --from-env one', 'tokentray serve --from-env one\\ two.env '],
      ['tokentray serve --prof', 'tokentray serve --prof'],
    ]);
    expect(zsh([...wanted.keys()])).toEqual([...wanted.values()]);
  });

  test('can source the script from a process', () => {
    const script =
      'autoload -Uz compinit; compinit -u -D; source ./_tokentray; print -r -- $_comps[tokentray]';
    const { stdout } = spawnSync('zsh', ['-f', '-c', script], { cwd: place, encoding: 'utf8' });
    expect(stdout).toBe('_tokentray\n');
  });
});

test('the command prints it', async () => {
  const { tokentray } = makeEmptyHome();
  expect(await tokentray.run('completion', 'bash')).toEqual({
    code: 0,
    out: `${bashCompletion(completed)}\n`,
    err: '',
  });
});
