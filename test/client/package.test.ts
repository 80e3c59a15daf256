// `import … from 'tokentray'` as a program has it: the built package, its types, and a process of its own.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problem } from '../../src/words/problem.ts';
import { say, sayProblem } from '../../src/words/say.ts';
import { answerOf, decisions } from '../agent/fixtures/decision-table.ts';
import { makeEmptyHome, ownHome, type EmptyHome, type FakeOwner } from '../terminal/fixtures/fake-owner.ts';
import { makeWorkplace, root, type Workplace } from '../terminal/fixtures/recipes.ts';

let home: EmptyHome;
let owner: FakeOwner;
let work: Workplace;

beforeAll(async () => {
  home = makeEmptyHome();
  owner = await ownHome(home.places);
  owner.agent.answer = answerOf(
    decisions.find(({ gets }) => gets === 'new token')!,
    Date.now(),
  );
  work = makeWorkplace(home.env);
});

afterAll(() => owner.close());

const CONSUMER = `
import type { TokenCredential } from '@azure/core-auth';
import { getAccessToken, getToken, TokentrayCredential, TokentrayError, type TokenOptions } from 'tokentray';

const options: TokenOptions = { scopes: ['User.Read'], minLifetimeSeconds: 60, profile: undefined };
const token: string = await getToken();
const given: { readonly token: string; readonly expiresOn: Date } = await getAccessToken(options);
const credential: TokenCredential = new TokentrayCredential();
const azure = await credential.getToken('User.Read');
const error: unknown = await getToken({ profile: 'nobody' }).catch((thrown: unknown) => thrown);
if (!(error instanceof TokentrayError)) throw new Error('no TokentrayError');
const seconds: number | undefined = error.retryAfterSeconds;
// @ts-expect-error A name that is not there.
await getToken({ scope: 'User.Read' });
process.stdout.write([token, given.token, azure?.token, error.code, error.exitCode, seconds].join(' '));
`;

test('a strict program compiles against its types, runs, and exits', async () => {
  const settings = {
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      lib: ['ES2023'],
      // The package's own types are checked below; Node's and Azure's are not ours to check.
      skipLibCheck: true,
      types: ['node'],
    },
    files: ['consumer.mts'],
  };
  mkdirSync(path.join(work.directory, 'node_modules/@types'));
  symlinkSync(
    path.join(root, 'node_modules/@types/node'),
    path.join(work.directory, 'node_modules/@types/node'),
  );
  writeFileSync(path.join(work.directory, 'consumer.mts'), CONSUMER);
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const text = JSON.stringify(settings);
  const compiled = await work.run(process.execPath, [compiler, '-p'], { name: 'tsconfig.json', text });
  expect(compiled).toEqual({ code: 0, out: '', err: '' });
  expect(await work.run(process.execPath, ['consumer.mjs'])).toEqual({
    code: 0,
    out: 'new-token new-token new-token profile.unknown 2 ',
    err: '',
  });
});

test('its types lead to nothing that a program does not have', () => {
  const directory = path.join(root, 'dist/client');
  const files = readdirSync(directory).filter((file) => file.endsWith('.d.ts'));
  expect(files).toContain('index.d.ts');
  for (const file of files) {
    const text = readFileSync(path.join(directory, file), 'utf8');
    for (const [, from = ''] of text.matchAll(/from '([^']+)'|import\('([^']+)'\)/gu)) {
      expect(from).toMatch(/^\.\/[a-z-]+\.js$/u);
      expect(files).toContain(from.slice(2).replace(/\.js$/u, '.d.ts'));
    }
  }
});

test('a CommonJS program may require it', async () => {
  const text = "require('tokentray').getToken().then((token) => process.stdout.write(token));";
  const { code, out } = await work.run(process.execPath, [], { name: 'consumer.cjs', text });
  expect({ code, out }).toEqual({ code: 0, out: 'new-token' });
});

const SAY_WHY = `
import { getToken } from 'tokentray';
await getToken().catch(({ message, exitCode }) => process.stdout.write(exitCode + ' ' + message));
`;

function sentences(code: Parameters<typeof sayProblem>[0]): string {
  const { sentence, next } = sayProblem(code, 'terminal');
  return `${sentence} ${next}`;
}

test('problems found in the library use the catalogue’s sentences, of which it carries few others', async () => {
  const why = async (env: NodeJS.ProcessEnv): Promise<string> =>
    (
      await makeWorkplace({ ...home.env, ...env }).run(process.execPath, [], {
        name: 'why.mjs',
        text: SAY_WHY,
      })
    ).out;
  expect(await why({ TOKENTRAY_HOME: path.join(home.directory, 'nowhere') })).toBe(
    `13 ${sentences(problem('admin', 'agent-not-running'))}`,
  );
  const open = path.join(home.directory, 'open');
  mkdirSync(path.join(open, 'run'), { recursive: true, mode: 0o755 });
  const detail = say('web.directory.open', { mode: '755' });
  expect(await why({ TOKENTRAY_HOME: open })).toBe(
    `12 ${sentences(problem('admin', 'socket-directory', { path: path.join(open, 'run'), detail }))}`,
  );
  const relative = say('settings.home.relative', { path: 'here' });
  expect(await why({ TOKENTRAY_HOME: 'here' })).toContain(relative);
  const built = readFileSync(path.join(root, 'dist/client/index.js'), 'utf8');
  expect(built).not.toContain('sign-in.timeout');
  // Some 7 kB today: whatever makes it grow by half was not meant to be in it.
  expect(gzipSync(built).length).toBeLessThan(10_000);
});
