/**
 * What starting costs, beside Node itself in the same run: `tokentray serve` with a session in the Secret
 * Service until the first token is served, `tokentray token`, memory at rest, and the size of what is loaded.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startDemoTenant } from '../../src/demo-tenant/tenant.ts';
import { signInAsUser } from '../../src/demo-tenant/user.ts';
import { startKeyring } from '../keyring.ts';

const PROGRAM = path.resolve('dist/terminal/tokentray.js');
const ROUNDS = 15;
const REST_MS = 20_000;
/** The goals of the issue: a multiple of `node -e 0`, and resident memory. */
const START_GOAL = 2.5;
const MEMORY_GOAL_MB = 70;

const run = promisify(execFile);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** One try to get the token over the socket; undefined while nobody answers. */
function tryToken(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: '/v1/token' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', () => resolve(undefined));
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function residentMb(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/u.exec(text)?.[1]) / 1024;
}

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly imports: readonly { path: string; kind: string }[] }>
  >;
}

/** The files that an entry loads before anything is asked of it. */
async function startSize(entry: string): Promise<{ bytes: number; gzip: number }> {
  const { outputs } = JSON.parse(await readFile('dist/metafile.json', 'utf8')) as Metafile;
  const files = new Set<string>();
  const add = (file: string): void => {
    if (files.has(file) || outputs[file] === undefined) return;
    files.add(file);
    for (const { path: next, kind } of outputs[file].imports) if (kind === 'import-statement') add(next);
  };
  add(entry);
  const sizes = await Promise.all([...files].map(async (file) => gzipSync(await readFile(file)).length));
  return {
    bytes: [...files].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0),
    gzip: sizes.reduce((sum, size) => sum + size, 0),
  };
}

const keyring = await startKeyring();
const directory = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
const redirectUri = 'http://localhost:5973/getAToken';
const tenant = await startDemoTenant({ client: { redirectUris: [redirectUri] } });
const certificate = path.join(directory, 'tenant.pem');
const envFile = path.join(directory, '.env');
await writeFile(certificate, tenant.certificatePem);
await writeFile(
  envFile,
  `CLIENT_ID=${tenant.client.clientId}\nCLIENT_SECRET=${tenant.client.clientSecret}\nAUTHORITY=${tenant.authority}\nTENANT_ID=${tenant.tenantId}\nREDIRECT_URI=${redirectUri}\nSCOPE=User.Read\n`,
);
const env = {
  ...keyring.env,
  TOKENTRAY_HOME: path.join(directory, 'home'),
  NODE_EXTRA_CA_CERTS: certificate,
};
const socketPath = path.join(directory, 'home/run/agent.sock');
const serve = (): ChildProcess =>
  spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'ignore', 'pipe'] });

let missed = 0;
try {
  await run(process.execPath, [PROGRAM, 'import', envFile, '--at', '07:00'], { env });
  const first = serve();
  while ((await tryToken(socketPath)) === undefined) await sleep(20);
  await sleep(500);
  const { stdout: url } = await run(process.execPath, [PROGRAM, 'sign-in'], { env });
  const [user] = tenant.users;
  await signInAsUser(url.trim(), {
    username: user?.username ?? '',
    password: user?.password ?? '',
    ca: tenant.certificatePem,
  });
  await stop(first);

  const node: number[] = [];
  const start: number[] = [];
  const token: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    node.push(await timed(() => run(process.execPath, ['-e', '0'], { env })));
    let child: ChildProcess | undefined;
    start.push(
      await timed(async () => {
        child = serve();
        while ((await tryToken(socketPath)) !== 200) await sleep(2);
      }),
    );
    token.push(await timed(() => run(process.execPath, [PROGRAM, 'token'], { env })));
    if (child !== undefined) await stop(child);
  }
  const ratio = median(start) / median(node);
  print(`node -e 0                              ${median(node).toFixed(0)} ms`);
  print(
    `serve, stored session, to first token  ${median(start).toFixed(0)} ms  ${ratio.toFixed(2)} × (goal ${START_GOAL})`,
  );
  print(
    `tokentray token                        ${median(token).toFixed(0)} ms  ${(median(token) / median(node)).toFixed(2)} ×`,
  );
  if (ratio > START_GOAL) missed += 1;

  const child = serve();
  while ((await tryToken(socketPath)) !== 200) await sleep(20);
  await sleep(REST_MS);
  const idle = await residentMb(child.pid);
  await run(process.execPath, [PROGRAM, 'refresh'], { env });
  await sleep(REST_MS);
  const refreshed = await residentMb(child.pid);
  await stop(child);
  const bare = spawn(process.execPath, ['-e', "require('node:http').createServer().listen(0)"]);
  await sleep(2_000);
  print(`resident, idle after start             ${idle.toFixed(1)} MB (goal ${MEMORY_GOAL_MB})`);
  print(`resident, idle after a refresh         ${refreshed.toFixed(1)} MB`);
  print(`resident, a bare node:http server      ${(await residentMb(bare.pid)).toFixed(1)} MB`);
  await stop(bare);
  if (idle > MEMORY_GOAL_MB) missed += 1;

  for (const entry of ['dist/tray/main.js', 'dist/terminal/tokentray.js']) {
    const { bytes, gzip } = await startSize(entry);
    print(
      `${entry.padEnd(38)} ${(bytes / 1000).toFixed(1)} kB loaded at start (${(gzip / 1000).toFixed(1)} kB gzip)`,
    );
  }
} finally {
  await tenant.close();
  await keyring.stop();
  await rm(directory, { recursive: true, force: true });
}
if (missed > 0) print(`${missed} goal(s) missed`);
process.exitCode = missed > 0 ? 1 : 0;
