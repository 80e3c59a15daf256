import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ended, Serving, Tokentray } from '../fixtures/command.ts';
import { makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';

// One `serve` with a signed-in user; programs run next to it.
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAM = path.join(ROOT, 'dist/terminal/tokentray.js');
const RESOURCE = 'https://graph.microsoft.com';

let stored: StoredHome;
let tokentray: Tokentray;
let serving: Serving;
let directory: string;
let trap: Server;
/** What reached the proxy, which must see nothing. */
const seen: string[] = [];

beforeAll(async () => {
  stored = await makeStoredHome('plain-file');
  tokentray = stored.tokentray();
  serving = await tokentray.serve();
  await stored.signIn(serving);
  await stored.firstToken();
  // Inside the repository, so that Node finds the real SDK.
  const cache = path.join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  directory = mkdtempSync(path.join(cache, 'exec-'));
  trap = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ access_token: 'planted', expires_on: '4000000000' }));
  });
  trap.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url ?? ''}`);
    socket.destroy();
  });
  trap.listen(0, '127.0.0.1');
  await once(trap, 'listening');
});

afterAll(async () => {
  tokentray.killAll();
  trap.close();
  rmSync(directory, { recursive: true, force: true });
  await stored.close();
});

/** Runs a Node script through `exec`, with a proxy in the environment that accepts everything. */
function runScript(text: string, ...options: string[]): Promise<Ended> {
  const file = path.join(directory, 'program.mjs');
  writeFileSync(file, text);
  const proxy = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  const proxied = stored.tokentray({
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    ALL_PROXY: proxy,
    AZURE_CLIENT_SECRET: 'somebody’s',
    IDENTITY_SERVER_THUMBPRINT: 'abc',
  });
  return proxied.run('exec', ...options, '--', process.execPath, file);
}

const claimsOf = (token: string): { scp?: string; aud?: string } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { scp?: string };

describe('Azure’s own SDK', () => {
  test.each(['ManagedIdentityCredential', 'DefaultAzureCredential'])(
    '%s obtains a token, and a proxy sees nothing of it',
    async (credential) => {
      const { code, out, err } = await runScript(`
        import { ${credential} } from '@azure/identity';
        const { token, expiresOnTimestamp } = await new ${credential}().getToken('${RESOURCE}/.default');
        console.log(JSON.stringify({ token, expiresOnTimestamp }));`);
      expect(err).toBe('');
      expect(code).toBe(0);
      const { token, expiresOnTimestamp } = JSON.parse(out) as { token: string; expiresOnTimestamp: number };
      expect(claimsOf(token)).toMatchObject({
        aud: RESOURCE,
        scp: expect.stringContaining('User.Read') as string,
      });
      expect(expiresOnTimestamp).toBeGreaterThan(Date.now());
      expect(seen).toEqual([]);
    },
  );

  test('is told what to do while the user is signed out, and does not repeat the request', async () => {
    expect((await tokentray.run('sign-out')).code).toBe(0);
    const { code, out, err } = await runScript(`
      import { subscribe } from 'node:diagnostics_channel';
      import { ManagedIdentityCredential } from '@azure/identity';
      let requests = 0;
      subscribe('http.client.request.start', () => (requests += 1));
      await new ManagedIdentityCredential().getToken('${RESOURCE}/.default').catch((error) => {
        console.log(JSON.stringify({ name: error.name, message: error.message, requests }));
        process.exitCode = 7;
      });`);
    expect(code).toBe(7);
    expect(err).toContain('tokentray sign-in');
    const failure = JSON.parse(out) as { name: string; message: string; requests: number };
    expect(failure.name).toBe('CredentialUnavailableError');
    expect(failure.message).toContain('Sign in');
    expect(failure.requests).toBe(1);
    await stored.signIn({ ticketUrl: (await tokentray.run('sign-in')).out.trim() });
    await stored.firstToken();
  });
});

describe('a program', () => {
  test('exits with its own code, and its output is unchanged', async () => {
    expect(await tokentray.run('exec', '--', 'sh', '-c', 'echo out; echo err >&2; exit 42')).toEqual({
      code: 42,
      out: 'out\n',
      err: 'err\n',
    });
  });

  test('that does not exist or cannot run gives the exit code of a shell', async () => {
    expect(await tokentray.run('exec', '--', 'no-such-program')).toMatchObject({
      code: 127,
      err: expect.stringContaining('no-such-program could not be started') as string,
    });
    const file = path.join(directory, 'no-program');
    writeFileSync(file, '', { mode: 0o600 });
    expect(await tokentray.run('exec', '--', file)).toMatchObject({ code: 126 });
    // Node throws for this error.
    const through = path.join(file, 'program');
    expect(await tokentray.run('exec', '--', through)).toEqual({
      code: 126,
      out: '',
      err: `${through} could not be started (ENOTDIR).\n`,
    });
  });

  test('that was ended by a signal gives the code of that signal', async () => {
    expect(await tokentray.run('exec', '--', 'sh', '-c', 'kill -KILL $$')).toMatchObject({ code: 137 });
  });

  test('does not get the variables that open the vault', async () => {
    const { out } = await stored
      .tokentray({ TOKENTRAY_PASSPHRASE: 'open sesame', OTHER: 'kept' })
      .run('exec', '--', 'sh', '-c', 'echo "$OTHER/$TOKENTRAY_PASSPHRASE"');
    expect(out).toBe('kept/\n');
  });

  test('keeps its own options', async () => {
    expect(await tokentray.run('exec', '--', 'echo', '--help', '--json', '--')).toMatchObject({
      code: 0,
      out: '--help --json --\n',
    });
  });

  test.each(['TERM', 'INT'])('without a terminal receives the SIG%s of its parent', async (name) => {
    const child = spawn(
      process.execPath,
      [
        PROGRAM,
        'exec',
        '--',
        'sh',
        '-c',
        `trap 'echo got; exit 5' ${name}; echo ready; while :; do sleep 0.05; done`,
      ],
      // Detached, it has no terminal, wherever this test runs.
      { env: { ...process.env, ...stored.home.env }, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
    );
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (text.includes('ready')) child.kill(`SIG${name}` as NodeJS.Signals);
    });
    expect(await once(child, 'close')).toEqual([5, null]);
    expect(out).toBe('ready\ngot\n');
  });

  // `exec` is stopped until the key's signal has arrived here, so that one of its own cannot melt into it, and
  // has handled its own when the next signal comes through it.
  const COUNTING = `
    let interrupts = 0;
    process.on('SIGINT', () => {
      interrupts += 1;
      if (interrupts > 1) return;
      process.kill(process.ppid, 'SIGUSR2');
      process.kill(process.ppid, 'SIGCONT');
    });
    process.on('SIGUSR2', () => {
      console.log('got ' + interrupts);
      process.exit();
    });
    setInterval(() => undefined, 1000);
    process.kill(process.ppid, 'SIGSTOP');
    console.log('ready');`;

  test.each([
    ['', '"$@"'],
    [', also where nothing can be typed into it', '"$@" </dev/null'],
  ])('on a terminal gets Ctrl-C once%s', async (_, command) => {
    const file = path.join(directory, 'counting.mjs');
    writeFileSync(file, COUNTING);
    // script(1) stops with its own child, so the `exec` that is stopped is within another one.
    const inner = [process.execPath, PROGRAM, 'exec', '--', process.execPath, file];
    const { out } = await tokentray.runOnTerminal(
      ['exec', '--', 'sh', '-c', `exec ${command}`, 'sh', ...inner],
      [{ after: 'ready', type: '\u0003' }],
    );
    expect(out).toContain('got 1');
  });

  test('has an address and a key of its own, which stop working when it exits', async () => {
    const { out } = await tokentray.run('exec', '--', 'sh', '-c', 'echo $IDENTITY_ENDPOINT $IDENTITY_HEADER');
    const [endpoint = '', key = ''] = out.trim().split(' ');
    expect(key).toMatch(/^[\w-]{43}$/u);
    await expect(fetch(endpoint)).rejects.toThrow();
    const again = await tokentray.run('exec', '--', 'sh', '-c', 'echo $IDENTITY_HEADER');
    expect(again.out.trim()).not.toBe(key);
  });

  test('is not started for an unknown profile', async () => {
    const refused = await tokentray.run('exec', '--profile', 'nobody', '--', 'echo', 'started');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(await tokentray.run('exec', 'echo', 'started')).toMatchObject({ code: 2, out: '' });
  });
});

describe('tokentray env', () => {
  test('says how to switch the loopback server on', async () => {
    const { code, err, out } = await tokentray.run('env');
    expect({ code, out }).toEqual({ code: 12, out: '' });
    expect(err).toContain('tokentray settings loopback on');
  });

  test('prints what a shell needs to send requests to the running host', async () => {
    expect((await tokentray.run('settings', 'loopback', 'on')).code).toBe(0);
    const { code, out } = await tokentray.run('env');
    expect(code).toBe(0);
    const file = path.join(directory, 'ask.sh');
    writeFileSync(
      file,
      `${out}\ncurl -sf -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=${RESOURCE}"`,
    );
    const child = spawn('sh', [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.on('data', (text: Buffer) => (answer += text.toString('utf8')));
    expect(await once(child, 'close')).toEqual([0, null]);
    const { access_token: token } = JSON.parse(answer) as { access_token: string };
    expect(claimsOf(token).aud).toBe(RESOURCE);
  });

  test('agrees with what status shows', async () => {
    const { code, out } = await tokentray.run('status');
    expect(code).toBe(0);
    expect(out).toMatch(/served at http:\/\/127\.0\.0\.1:\d+$/mu);
  });

  test('prints and starts nothing if no host is running', async () => {
    expect((await serving.end()).code).toBe(0);
    expect(await tokentray.run('env')).toMatchObject({ code: 13, out: '' });
    expect(await tokentray.run('exec', '--', 'echo', 'started')).toMatchObject({ code: 13, out: '' });
  });
});
