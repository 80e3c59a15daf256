import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { startDemoTenant } from '../../../src/demo-tenant/tenant.ts';
import { startKeyring } from '../../keyring.ts';
import { envText } from '../../tray/world.ts';
import { buildProgram, buildStandIn } from '../build-stand-in.ts';
import { openTrap } from '../trap-server.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const register = path.join(root, 'test/electron/register.mjs');
/** Hangs are what these catch; the conformance list takes half a minute. */
const LIMIT_MS = 300_000;

const STEPS = ['an icon and no window', 'settings imported', 'signed in', 'token copied', 'signed out'];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A real Electron: named by ELECTRON_BINARY, or where `npx install-electron` puts it. */
function electronBinary(): string | undefined {
  const named = process.env.ELECTRON_BINARY;
  if (named !== undefined) return named;
  const directory = path.join(root, 'node_modules/electron');
  const pathFile = path.join(directory, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = path.join(directory, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

async function run(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; output: string }> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', VITEST: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { code, output };
}

/** A tenant, a keyring where the system has none of its own, a trap on the redirect's port, and a home. */
async function smoke(command: readonly string[]): Promise<void> {
  const trap = await openTrap();
  closers.push(() => trap.close());
  const redirectUri = `http://localhost:${trap.port}/getAToken`;
  const tenant = await startDemoTenant({ client: { redirectUris: [redirectUri] } });
  closers.push(() => tenant.close());
  const home = await mkdtemp(path.join(os.tmpdir(), 'smoke-'));
  closers.push(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(path.join(home, 'tenant.pem'), tenant.certificatePem);
  await writeFile(path.join(home, '.env'), envText(tenant, redirectUri));
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_CONFIG_HOME: '',
    XDG_STATE_HOME: '',
  };
  // Windows and macOS have a store of the user's own, and keep HOME for it.
  const mine = process.platform === 'linux' ? env : { TOKENTRAY_HOME: home };
  if (process.platform === 'linux') {
    const keyring = await startKeyring();
    closers.push(() => keyring.stop());
    mine.DBUS_SESSION_BUS_ADDRESS = keyring.env.DBUS_SESSION_BUS_ADDRESS;
  }
  const trusting = `--ignore-certificate-errors-spki-list=${tenant.certificateSpkiSha256}`;
  const [user] = tenant.users;
  const { code, output } = await run(
    [...command, trusting, `--user-data-dir=${path.join(home, 'chromium')}`],
    {
      ...mine,
      NODE_EXTRA_CA_CERTS: path.join(home, 'tenant.pem'),
      STANDIN_CHROMIUM_ARGS: JSON.stringify([trusting]),
      SMOKE_MAIN: pathToFileURL(path.join(root, 'dist/tray/main.js')).href,
      SMOKE_ENV_FILE: path.join(home, '.env'),
      SMOKE_USER: user?.username ?? '',
      SMOKE_PASSWORD: user?.password ?? '',
    },
  );
  const told = output.split('\n').filter((line) => line.startsWith('SMOKE '));
  expect(told, output).toEqual(STEPS.map((step) => `SMOKE ${JSON.stringify({ step })}`));
  expect(code, output).toBe(0);
  expect(trap.requests()).toEqual([]);
}

const program = (name: string): Promise<string> =>
  buildProgram(fileURLToPath(new URL(name, import.meta.url)));

test('on the stand-in: a person imports, signs in, copies and quits', { timeout: LIMIT_MS }, async () => {
  await buildStandIn();
  await smoke([process.execPath, '--import', register, await program('./smoke.ts')]);
});

const binary = electronBinary();

if (binary === undefined) {
  test('on a real Electron: NOT RUN, there is no binary (npx install-electron downloads it)', () => {
    process.stdout.write('real Electron: not run: no binary\n');
    // Where it was promised, its absence is a failure: the workflow sets this.
    expect(process.env.TOKENTRAY_ELECTRON).not.toBe('required');
  });
} else {
  describe('on a real Electron', { timeout: LIMIT_MS }, () => {
    test('every behaviour of the conformance list holds', async () => {
      const { code, output } = await run([binary, await program('../conformance.ts')], {});
      const failed = output.split('\n').filter((line) => /^CONFORMANCE .*"error":(?!null)/u.test(line));
      expect(failed).toEqual([]);
      expect(output).toContain('conformance on: electron');
      expect(code, output).toBe(0);
    });

    test('a person imports, signs in, copies and quits', async () => {
      await smoke([binary, await program('./smoke.ts')]);
    });
  });
}
