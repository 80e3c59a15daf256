// Every command of the documents is run as it stands there, and says what they say. Where what is shown is no longer
// what is said, UPDATE_DOCUMENTS=1 writes the new answers into the documents.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, codeSpansOf, documents, root, type Block } from './fixtures/documents.ts';
import { Reader, withoutMoment } from './fixtures/reader.ts';

const isUpdating = process.env['UPDATE_DOCUMENTS'] === '1';

/** Documents that begin before anything is set up; all others begin signed in, with a host that runs. */
const FROM_THE_BEGINNING = new Set(['README.md', '.github/docs/import.md', '.github/docs/server.md']);

interface Exception {
  readonly file: string;
  /** A line of the block. */
  readonly line: string;
  readonly reason: string;
}

const PROGRAMS = '.github/docs/programs.md';
const SERVER = '.github/docs/server.md';

/** Blocks that are run elsewhere, or cannot be run here. */
const exceptions: readonly Exception[] = [
  {
    file: 'README.md',
    line: 'npm ci && npm run demo',
    reason: 'test/demo-tenant/demo.test.ts runs the demo; npm ci would remove what the tests run on',
  },
  { file: 'README.md', line: 'npm ci && npm test', reason: 'these are the tests' },
  {
    file: PROGRAMS,
    line: 'tokentray token --header | curl -sS -H @- https://graph.microsoft.com/v1.0/me',
    reason: 'test/terminal/scenarios/recipes.test.ts runs it and looks at what the resource is sent',
  },
  {
    file: PROGRAMS,
    line: 'tokentray exec -- docker run --rm --network host -e IDENTITY_ENDPOINT -e IDENTITY_HEADER -e NO_PROXY my-image',
    reason: 'test/terminal/scenarios/recipes.test.ts runs it with a stand-in for docker',
  },
  {
    file: PROGRAMS,
    line: 'TOKENTRAY_HOME=~/far tokentray token',
    reason: 'test/terminal/scenarios/recipes.test.ts runs it with an SSH server of its own',
  },
  { file: '.github/CONTRIBUTING.md', line: 'npm ci', reason: 'it would remove what the tests run on' },
  { file: SERVER, line: 'ssh -L 5000:localhost:5000 server', reason: 'there is no second machine' },
  {
    file: SERVER,
    line: 'systemd-run --user --pipe --wait -p LoadCredential=tokentray-key:/etc/tokentray.key \\',
    reason: 'there is no systemd manager of this user',
  },
];

const SHELL = new Set(['sh', 'console']);

const isException = (block: Block): boolean =>
  exceptions.some(({ file, line }) => block.file === file && block.code.split('\n').includes(line));

const all = documents().map((document) => ({
  document,
  blocks: blocksOf(document).filter(({ language }) => SHELL.has(language)),
}));

test('what is not run is still there, with a reason', () => {
  const blocks = all.flatMap((each) => each.blocks);
  for (const { file, line, reason } of exceptions) {
    expect(reason).not.toBe('');
    expect(
      blocks.some((block) => block.file === file && block.code.split('\n').includes(line)),
      `${file}: ${line}`,
    ).toBe(true);
  }
});

test('no command hides in a block that is not for a shell', () => {
  const hidden = documents().flatMap((document) =>
    blocksOf(document)
      .filter(({ language, code }) => language === '' || (language === 'text' && /^\$ /mu.test(code)))
      .map(({ file, line }) => `${file}:${line}`),
  );
  expect(hidden).toEqual([]);
});

for (const { document, blocks } of all) {
  const run = blocks.filter((block) => !isException(block));
  if (run.length === 0) continue;
  describe(document.file, () => {
    let reader: Reader;

    beforeAll(async () => {
      reader = await Reader.open();
      if (!FROM_THE_BEGINNING.has(document.file)) await reader.settle();
    });

    afterAll(() => reader.close());

    test.each(run.map((block) => [block.line, block] as const))('line %s', async (_line, block) => {
      if (block.language === 'sh') await runScript(reader, block);
      else await runSession(reader, block);
    });
  });
}

/** A script, of which `tokentray serve` goes on in the background. */
async function runScript(reader: Reader, { code }: Block): Promise<void> {
  let waiting: string[] = [];
  const flush = async (): Promise<void> => {
    const script = waiting.join('\n');
    waiting = [];
    if (script.trim() === '') return;
    const done = await reader.run(script);
    expect(done.code, done.said).toBe(0);
  };
  for (const line of code.trimEnd().split('\n')) {
    if (!isServe(line)) {
      waiting.push(line);
      continue;
    }
    await flush();
    await reader.serve(line.replace(/\s+#.*$/u, ''));
    await reader.signIn();
  }
  await flush();
}

/** A session at a terminal: what is typed after each `$ `, and what is said to it. */
async function runSession(reader: Reader, block: Block): Promise<void> {
  const found: string[] = [];
  for (const { typed, said } of exchanges(block.code)) {
    const answer = isServe(typed)
      ? await reader.serve(typed.replace(/ &$/u, ''))
      : (await reader.run(typed)).said;
    if (isServe(typed)) await reader.signIn();
    const lines = withoutLineBreak(answer);
    found.push(...`$ ${typed}`.split('\n'), ...keepMoments(said, lines));
  }
  const shown = `${found.join('\n')}\n`;
  if (isUpdating && shown !== block.code) {
    const file = path.join(root, block.file);
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(block.code, () => shown),
    );
    return;
  }
  expect(block.code).toBe(shown);
}

const isServe = (line: string): boolean =>
  /^(?:node dist\/terminal\/tokentray\.js|tokentray) serve\b/u.test(line);

const withoutLineBreak = (text: string): readonly string[] =>
  text === '' ? [] : text.replace(/\n$/u, '').split('\n');

function exchanges(code: string): readonly { readonly typed: string; readonly said: readonly string[] }[] {
  const found: { typed: string; said: string[] }[] = [];
  for (const line of code.replace(/\n$/u, '').split('\n')) {
    const last = found.at(-1);
    if (line.startsWith('$ ')) found.push({ typed: line.slice(2), said: [] });
    else if (last === undefined) throw new Error(`a session begins with “$ ”, not with: ${line}`);
    else if (last.said.length === 0 && last.typed.endsWith('\\')) last.typed += `\n${line}`;
    else last.said.push(line);
  }
  return found;
}

/** A line that differs by its moment only stays as the document has it. */
function keepMoments(written: readonly string[], said: readonly string[]): readonly string[] {
  return said.map((line, index) => {
    const before = written[index];
    return before !== undefined && withoutMoment(before) === withoutMoment(line) ? before : line;
  });
}

describe('commands in the text', () => {
  const program = path.join(root, 'dist/terminal/tokentray.js');
  const help = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [program, 'help', ...args])).stdout;

  test('are commands of tokentray, and their options are in its help', async () => {
    const names = [...(await help()).matchAll(/^ {2}([a-z][a-z-]*) /gmu)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    const commands = names.filter((name) => name !== 'help');
    const helps = new Map(await Promise.all(commands.map(async (name) => [name, await help(name)] as const)));
    const wrong = documents().flatMap((document) =>
      codeSpansOf(document).flatMap(({ line, code }) => {
        const [, name, rest = ''] = /^tokentray ([a-z][a-z-]*)(?: (.*))?$/u.exec(code) ?? [];
        if (name === undefined || name === 'help') return [];
        const own = rest.split(/(?:^| )-- /u)[0] ?? '';
        const options = [...own.matchAll(/(?<=^| )--[a-z][a-z-]*/gu)].map(([option]) => option);
        const text = helps.get(name);
        if (text === undefined) return [`${document.file}:${line} tokentray ${name}`];
        return options
          .filter((option) => !['--help', '--version'].includes(option) && !text.includes(option))
          .map((option) => `${document.file}:${line} tokentray ${name} ${option}`);
      }),
    );
    expect(wrong).toEqual([]);
  });
});
