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

/** Set in the environment of the demo and of its child processes. */
const MARK = `TOKENTRAY_TEST_RUN=${randomUUID()}`;

/** Much longer than an answer takes, much shorter than a token's lifetime. */
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

/** The command lines of processes that still have the mark (proc(5)). */
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
  // Nothing of the caller's environment: no keyring, no screen, no XDG directories.
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

  test('succeeds without errors or warnings', () => {
    expect(run.err).toBe('');
    expect(run.code).toBe(0);
  });

  test('prints an access token and its claims', () => {
    expect(decodeProtectedHeader(token())).toMatchObject({ typ: 'JWT', alg: 'RS256' });
    const claims = decodeJwt<Record<string, unknown>>(token());
    for (const name of ['scp', 'aud', 'tid', 'oid', 'name', 'exp'] as const) {
      expect(claims[name], name).toBeDefined();
      expect(claim(name)?.split(' (good until')[0], name).toBe(String(claims[name]));
    }
    expect(claim('scp')).toContain('User.Read');
    const until = /\(good until (\S+)\)/u.exec(run.out)?.[1] ?? '';
    // The client counts from the answer, the authority from the token's creation.
    expect(Math.abs(Date.parse(until) / 1000 - (claims.exp ?? 0))).toBeLessThan(CLOCK_SLACK_SECONDS);
  });

  test('reports each step: tenant, host, sign-in, token, refresh', () => {
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

  test('leaves no files and no processes behind', async () => {
    expect(await readdir(run.temporary)).toEqual([]);
    expect(await readdir(run.home)).toEqual([]);
    expect(await survivors()).toEqual([]);
  });
});
