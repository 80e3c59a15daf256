import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tokentray } from '../fixtures/command.ts';
import { makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';

/** Debian's `nobody`: a real second account. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** Runs a Node script as the second account, and returns its output. */
async function asNobody(script: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
    uid: NOBODY,
    gid: NOBODY,
    cwd: '/',
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  await once(child, 'close');
  return out.trim();
}

/** Every file and directory below a directory. */
function everythingIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) =>
    path.join(entry.parentPath, entry.name),
  );
}

test.runIf(!isRoot)('another user of the machine: not tested, because only root can become one', () => {
  expect(isRoot).toBe(false);
});

describe.runIf(isRoot)('another user of the machine', () => {
  let stored: StoredHome;
  let tokentray: Tokentray;
  let tokenFile: string;

  beforeAll(async () => {
    stored = await makeStoredHome('plain-file');
    tokentray = stored.tokentray();
    // Like a home directory that others may enter: only Tokentray's own modes keep them out.
    chmodSync(stored.home.directory, 0o755);
    chmodSync(path.join(stored.home.directory, 'home'), 0o755);
    tokenFile = path.join(stored.home.directory, 'access_token.txt');
    await tokentray.run('token-files', 'add', tokenFile);
    await tokentray.run('settings', 'loopback', 'on');
    const serving = await tokentray.serve();
    await stored.signIn(serving);
    await stored.firstToken();
    while (!statSync(tokenFile, { throwIfNoEntry: false })) await sleep(20);
  });

  afterAll(() => {
    tokentray.killAll();
    return stored.close();
  });

  test('reads no file and lists no directory', async () => {
    const own = [tokenFile, ...everythingIn(path.join(stored.home.directory, 'home'))];
    expect(own).toEqual(expect.arrayContaining([stored.places.settingsFile, stored.places.accessKeyFile]));
    const opened = await asNobody(
      `import { readFileSync, readdirSync } from 'node:fs';
       const opened = [];
       for (const one of process.argv.slice(1))
         for (const read of [readFileSync, readdirSync])
           try { read(one); opened.push(one); } catch {}
       console.log(JSON.stringify(opened));`,
      ...own,
    );
    expect(JSON.parse(opened)).toEqual([]);
  });

  test('reaches no socket', async () => {
    const how = await asNobody(
      `import { connect } from 'node:net';
       connect(process.argv[1]).on('error', ({ code }) => console.log(code)).on('connect', () => console.log('in'));`,
      stored.places.socketPath,
    );
    expect(how).toBe('EACCES');
  });

  test('gets no token from the loopback server or the pages', async () => {
    const { body } = (await stored.ask('GET', '/v1/outlets')) ?? { body: '{}' };
    const { port } = (JSON.parse(body) as { loopback: { port: number } }).loopback;
    const statuses = await asNobody(
      `const statuses = [];
       for (const url of process.argv.slice(1))
         for (const headers of [{}, { 'X-IDENTITY-HEADER': '', Authorization: 'Bearer x' }])
           statuses.push((await fetch(url, { headers })).status);
       console.log(statuses.join(' '));`,
      `http://127.0.0.1:${port}/msi/token?api-version=2019-08-01&resource=https://graph.microsoft.com`,
      `http://127.0.0.1:${port}/token`,
      `http://127.0.0.1:${stored.home.port}/token`,
    );
    expect(statuses).toBe('401 401 401 401 401 401');
  });
});
