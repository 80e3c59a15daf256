import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';

const DEMO = fileURLToPath(new URL('../../dist/demo-tenant/demo.js', import.meta.url));

/** In the environment of the demo and of everything it starts. */
const MARK = `TOKENTRAY_TEST_RUN=${randomUUID()}`;

/** Far more than an answer takes, far less than a token lives. */
const CLOCK_SLACK_SECONDS = 60;

interface DemoRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly home: string;
  readonly temporary: string;
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code));

/** Processes that still carry the mark, by their command lines (proc(5)). */
async function survivors(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))) {
    try {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      if (environment.split('\0').includes(MARK)) found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8'));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return found;
}

async function runDemo(): Promise<DemoRun> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'home-'));
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'tmp-'));
  const [name = '', value] = MARK.split('=');
  // Nothing of the caller's: no keyring, no screen, no directories of the XDG kind.
  const child = spawn(process.execPath, [DEMO, '--auto', '--once'], {
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: temporary, [name]: value },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err, home, temporary };
}

describe('npm run demo -- --auto --once, from nothing', () => {
  let run: DemoRun;
  beforeAll(async () => {
    run = await runDemo();
  });

  const token = (): string => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/mu.exec(run.out)?.[0] ?? '';
  const claim = (name: string): string | undefined =>
    new RegExp(`^ +${name} +(.+)$`, 'mu').exec(run.out)?.[1];

  test('ends well, without a word of trouble', () => {
    expect(run.err).toBe('');
    expect(run.code).toBe(0);
  });

  test('prints an access token, and its claims as they stand in it', () => {
    expect(decodeProtectedHeader(token())).toMatchObject({ typ: 'JWT', alg: 'RS256' });
    const claims = decodeJwt<Record<string, unknown>>(token());
    for (const name of ['scp', 'aud', 'tid', 'oid', 'name', 'exp'] as const) {
      expect(claims[name], name).toBeDefined();
      expect(claim(name)?.split(' (good until')[0], name).toBe(String(claims[name]));
    }
    expect(claim('scp')).toContain('User.Read');
    const until = /\(good until (\S+)\)/u.exec(run.out)?.[1] ?? '';
    // The client reckons from when the answer came, the authority from when it made the token.
    expect(Math.abs(Date.parse(until) / 1000 - (claims.exp ?? 0))).toBeLessThan(CLOCK_SLACK_SECONDS);
  });

  test('tells each step: tenant, host, sign-in, token, refresh', () => {
    const steps = run.out.split('\n').filter((line) => line.startsWith('▸'));
    expect(steps).toEqual([
      expect.stringMatching(/^▸ Demo tenant: https:\/\/localhost:\d+\/[0-9a-f-]{36}/u),
      '▸ tokentray serve is running',
      expect.stringMatching(/^▸ Signing in as \S+@\S+/u),
      '▸ tokentray token',
      '▸ tokentray refresh',
    ]);
    expect(run.out).toMatch(/ {2}signed in; the browser is at http:\/\/localhost:\d+\//u);
    expect(run.out).toMatch(/▸ tokentray refresh\n {2}a new token, good until \S+/u);
  });

  test('leaves nothing behind: no file and no process', async () => {
    expect(await readdir(run.temporary)).toEqual([]);
    expect(await readdir(run.home)).toEqual([]);
    expect(await survivors()).toEqual([]);
  });
});
