import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ended, Serving, Tokentray } from '../fixtures/command.ts';
import { makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';

// The tests build on each other: first without a host, then with serve running.
let stored: StoredHome;
let tokentray: Tokentray;
let serving: Serving;
let file: string;
let tokenFile: string;

beforeAll(async () => {
  stored = await makeStoredHome('plain-file');
  tokentray = stored.tokentray();
  file = stored.places.settingsFile;
  tokenFile = path.join(stored.home.directory, 'access_token.txt');
});

afterAll(() => stored.close());

const run = (...args: string[]): Promise<Ended> => tokentray.run(...args);
const inFile = (): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

async function outlets(): Promise<unknown> {
  return JSON.parse((await stored.ask('GET', '/v1/outlets'))?.body ?? '');
}

test('are shown by their names in the file', async () => {
  const { code, out } = await run('settings');
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toEqual([
    'loopback off',
    'shellCache on',
    'network system',
    'clipboardClearSeconds 60',
    'logLevel info',
  ]);
});

test('are changed without a host; a wrong value is named and changes nothing', async () => {
  expect(await run('settings', 'logLevel', 'debug')).toMatchObject({
    code: 0,
    out: '',
    err: 'logLevel is now debug.\n',
  });
  expect(inFile()).toMatchObject({ logLevel: 'debug', storage: 'plain-file' });
  const wrong = await run('settings', 'loopback', 'maybe');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('loopback: Must be true or false. Found: maybe');
  expect(inFile()).toMatchObject({ loopback: false });
});

test('token files are added by the rules of the settings file', async () => {
  expect((await run('token-files', 'add', tokenFile)).code).toBe(0);
  const twice = await run('token-files', 'add', tokenFile);
  expect(twice.code).toBe(2);
  expect(twice.err).toContain('this one is used twice');
  const nobody = await run('token-files', 'add', `${tokenFile}2`, '--profile', 'nobody');
  expect(nobody.code).toBe(2);
  expect((await run('token-files')).out).toBe(`${tokenFile}  (default, bare)\n`);
});

test('a running host applies changes at once', async () => {
  serving = await tokentray.serve();
  await stored.signIn(serving);
  await stored.firstToken();
  expect(await outlets()).toMatchObject({ loopback: { kind: 'off' } });
  expect(await run('settings', 'loopback', 'on')).toMatchObject({
    code: 0,
    err: 'loopback is now on.\n',
  });
  expect(await outlets()).toMatchObject({ loopback: { kind: 'on', port: expect.any(Number) as number } });
  const told = await run('settings', 'network', 'node');
  expect(told.err).toContain('after a restart');
});

test('removing a token file deletes what was written to it', async () => {
  while (!existsSync(tokenFile)) await sleep(20);
  expect((await run('token-files', 'remove', tokenFile)).code).toBe(0);
  expect(existsSync(tokenFile)).toBe(false);
  expect(await run('token-files', 'remove', tokenFile)).toMatchObject({ code: 2 });
});

test('a hook that was added to the file by hand runs after a reload, and gets no token', async () => {
  const told = path.join(stored.home.directory, 'told');
  const hook = ['/bin/sh', '-c', `env > ${told}.new && mv ${told}.new ${told}`];
  writeFileSync(file, JSON.stringify({ ...inFile(), hooks: { refreshed: hook } }));
  expect(await run('reload')).toMatchObject({ code: 0 });
  expect((await run('refresh')).code).toBe(0);
  while (!existsSync(told)) await sleep(20);
  const facts = readFileSync(told, 'utf8');
  expect(facts).toContain('TOKENTRAY_EVENT=refreshed\n');
  expect(facts).toContain('TOKENTRAY_PROFILE=default\n');
  expect(facts).not.toContain('eyJ');
});

test('an edited file is read on request; a wrong one changes nothing', async () => {
  const before = inFile();
  writeFileSync(file, JSON.stringify({ ...before, loopback: 'yes' }));
  const wrong = await run('reload');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('loopback');
  expect(await outlets()).toMatchObject({ loopback: { kind: 'on' } });
  writeFileSync(file, JSON.stringify({ ...before, loopback: false }));
  expect(await run('reload')).toMatchObject({ code: 0 });
  expect(await outlets()).toMatchObject({ loopback: { kind: 'off' } });
  expect((await serving.end()).code).toBe(0);
  expect((await run('reload')).code).toBe(13);
});
