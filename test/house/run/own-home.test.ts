import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { homedir, tmpdir, userInfo } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const developer = userInfo().homedir;
const REFUSED = /would find the developer's files/u;

test('a test file and its children have a home in the temporary directory', () => {
  expect(homedir().startsWith(tmpdir())).toBe(true);
  const script = "console.log(require('node:os').homedir())";
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()).toBe(homedir());
});

test.each([
  ['HOME', { HOME: developer }],
  ['a folder in it', { ...process.env, XDG_CONFIG_HOME: `${developer}/.config` }],
  ['TOKENTRAY_HOME', { ...process.env, TOKENTRAY_HOME: `${developer}/tokentray` }],
  ['no HOME at all', {}],
])('a child that would use the developer’s files is not started: %s', async (_what, env) => {
  expect(() => spawn(process.execPath, ['-e', '0'], { env })).toThrow(REFUSED);
  expect(() => spawnSync(process.execPath, ['-e', '0'], { env })).toThrow(REFUSED);
  expect(() => execFileSync(process.execPath, ['-e', '0'], { env })).toThrow(REFUSED);
  await expect(async () => promisify(execFile)(process.execPath, ['-e', '0'], { env })).rejects.toThrow(
    REFUSED,
  );
});
