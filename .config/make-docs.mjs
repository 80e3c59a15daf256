// `npm run docs`: makes the pages that can be made from the product, after a build. `--check` writes nothing and names
// the stale ones. The help of the commands is theirs; the settings are described in settings-table.json, which
// test/docs/generated.test.ts compares with the schema; README's errors are sentences of the product.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { format } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = path.join(root, 'dist/terminal/tokentray.js');

const NOTE = '<!-- Made by `npm run docs`: do not edit. -->';

async function help(home, ...args) {
  const env = { ...process.env, TOKENTRAY_HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'help', ...args], { env });
  return stdout.trimEnd();
}

/** Every command's help, in the order of `tokentray help`. */
async function commandsPage() {
  const home = await mkdtemp(path.join(tmpdir(), 'tokentray-docs-'));
  try {
    const all = await help(home);
    const names = [...all.matchAll(/^ {2}([a-z][a-z-]*)/gmu)].map(([, name]) => name);
    const block = (text) => ['```text', text, '```', ''];
    const parts = names
      .filter((name) => name !== 'help')
      .map(async (name) => [`## ${name}`, '', ...block(await help(home, name))]);
    return [
      '# Commands',
      '',
      NOTE,
      '',
      'What `tokentray help` and `tokentray help COMMAND` print. How a checkout and the package provide the command:',
      '[server.md](server.md#the-command-on-the-path) and [desktop.md](desktop.md#the-command).',
      '',
      ...block(all),
      ...(await Promise.all(parts)).flat(),
    ].join('\n');
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const cell = (text) => text.replaceAll('|', String.raw`\|`);

/** A value as JSON in a cell; words where there is nothing to compare. */
function defaultOf(row) {
  if (row.shownDefault !== undefined) return row.shownDefault;
  if (row.required) return 'required';
  return row.default === undefined || row.default === null ? '' : `\`${JSON.stringify(row.default)}\``;
}

function table(rows) {
  return [
    '| Key | Type | Default | Rule | Meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| \`${row.key}\` | ${[row.type, defaultOf(row), row.rule, row.meaning].map(cell).join(' | ')} |`,
    ),
    '',
  ];
}

const json = (value) => ['```json', JSON.stringify(value, null, 2), '```', ''];

async function settingsPage() {
  const { sections, example, policy } = JSON.parse(
    await readFile(new URL('settings-table.json', import.meta.url), 'utf8'),
  );
  return [
    '# Settings',
    '',
    NOTE,
    '',
    'Settings are in `settings.json`, which only you can read; [storage.md](storage.md#files) says where it is. The',
    'Settings window, `tokentray import`, `tokentray settings`, `tokentray token-files` and `tokentray storage` change',
    'it. You can also edit it yourself: `tokentray reload` then makes a running Tokentray read it again. A file with',
    'mistakes changes nothing; each mistake is named. A file that is not JSON is renamed, never overwritten. Keys that',
    'this version does not know are kept. Credentials are not in this file.',
    '',
    ...sections.flatMap(({ heading, text, rows }) => [
      `## ${heading}`,
      '',
      ...(text === undefined ? [] : [text, '']),
      ...table(rows),
    ]),
    '## Example',
    '',
    ...json(example),
    '## policy.json',
    '',
    'An administrator can set a policy for all users of a machine: `/etc/tokentray/policy.json` on Linux,',
    '`/Library/Application Support/tokentray/policy.json` on macOS, `%ProgramData%\\tokentray\\policy.json` on Windows.',
    'On Linux and macOS it is used only if it belongs to root and nobody else can write it.',
    '',
    ...table(policy.rows),
    ...json(policy.example),
  ].join('\n');
}

/** The commonest errors, as the product says them. */
const ERRORS = [
  ['agent-not-running', {}],
  ['signed-out', {}],
  ['expired-secret', { detail: 'AADSTS7000222' }],
  ['wrong-redirect', { detail: 'AADSTS50011', redirectUri: 'http://localhost:5000/getAToken' }],
  ['port-in-use', { port: 5000, holder: '' }],
];

const BEGIN = '<!-- errors: made by `npm run docs` -->';
const END = '<!-- /errors -->';

async function readme() {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/words/say.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'warning',
  });
  const { sayProblem } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  const rows = ERRORS.map(([code, params]) => {
    const { sentence, next } = sayProblem({ code, params }, 'terminal');
    return `| ${cell(sentence)} | ${cell(next)} |`;
  });
  const text = await readFile(path.join(root, 'README.md'), 'utf8');
  const [before, rest] = text.split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  if (after === undefined) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n| Message | What to do |\n| --- | --- |\n${rows.join('\n')}\n\n${END}${after}`;
}

const PAGES = {
  '.github/docs/commands.md': commandsPage,
  '.github/docs/settings.md': settingsPage,
  'README.md': readme,
};

const options = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')).prettier;
for (const [file, make] of Object.entries(PAGES)) {
  const made = await format(await make(), { ...options, filepath: file });
  const target = path.join(root, file);
  const found = await readFile(target, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (found === made) continue;
  if (process.argv[2] === '--check') {
    process.stderr.write(`${file} is stale: run npm run docs\n`);
    process.exitCode = 1;
  } else await writeFile(target, made);
}
