import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const command = fileURLToPath(new URL('./run.mjs', import.meta.url));

const refusal = (args: readonly string[], env: Record<string, string> = {}): Promise<unknown> =>
  promisify(execFile)(process.execPath, [command, ...args], { env: { ...process.env, ...env } }).catch(
    (error: unknown) => error,
  );

test('without Electron’s binary the suite refuses in words, and nothing passes for tested', async () => {
  expect(await refusal([], { ELECTRON_PATH: '/nowhere/electron' })).toMatchObject({
    code: 69,
    stdout: '',
    stderr: 'Nothing was tested: ELECTRON_PATH names /nowhere/electron, which is not there.\n',
  });
});

test('a package that is not there, or is not named, is refused before anything runs', async () => {
  expect(await refusal(['--package', '/nowhere/app'])).toMatchObject({
    code: 69,
    stderr: expect.stringContaining('/nowhere/app is not there') as unknown,
  });
  expect(await refusal(['--package'])).toMatchObject({ code: 64 });
  expect(await refusal(['--pakcage', 'x'])).toMatchObject({ code: 64 });
});
