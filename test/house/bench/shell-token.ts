/**
 * What `tokentray token` costs a script: the shell front from its file and over the socket, beside
 * `oidc-token` of oidc-agent (a native client, whose agent has the token in memory), `cat` of the file, and
 * Node. hyperfine starts them without a shell; in turns, so that all meet the same noise.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { places, thisMachine } from '../../../src/system/places.ts';
import { createRunCertificate } from '../../../src/demo-tenant/server/certificate.ts';
import { ShellCache } from '../../../src/outlets/shell-cache/shell-cache.ts';
import { Secret } from '../../../src/system/secret.ts';
import { quiet } from '../../outlets/fixtures/socket-fixture.ts';
import { ownHome } from '../../terminal/fixtures/fake-owner.ts';
import { median, noise, print, run } from './fixtures/measures.ts';

const FRONT = path.resolve('assets/bin/tokentray');
const PROGRAM = path.resolve('dist/terminal/tokentray.js');
const ROUNDS = 10;
/** In each round: what takes a millisecond, and what takes a tenth of a second. */
const QUICK_RUNS = 60;
const SLOW_RUNS = 4;
const HOUR_MS = 3_600_000;
/** As long as Entra's for a user of a small tenant. */
const TOKEN = `head.${'x'.repeat(1_500)}.tail`;

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly runs: number;
  readonly env: NodeJS.ProcessEnv;
}

const hasProgram = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((place) => existsSync(path.join(place, name)));

interface OidcAgent {
  readonly env: NodeJS.ProcessEnv;
  stop(): void;
}

/** An oidc-agent with one account, whose issuer gives it the same token. */
async function startOidcAgent(scratch: string): Promise<OidcAgent> {
  const { certificatePem, privateKeyPem } = createRunCertificate(['localhost']);
  const issuer = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    const { port } = issuer.address() as AddressInfo;
    const base = `https://localhost:${port}`;
    request.resume();
    response.setHeader('Content-Type', 'application/json');
    const metadata = {
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
      jwks_uri: `${base}/keys`,
      scopes_supported: ['openid', 'offline_access'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
    };
    const granted = {
      access_token: TOKEN,
      token_type: 'Bearer',
      expires_in: HOUR_MS / 1000,
      refresh_token: 'refresh',
      scope: 'openid',
    };
    response.end(JSON.stringify(request.url?.includes('openid-configuration') === true ? metadata : granted));
  });
  await new Promise<void>((resolve) => issuer.listen(0, 'localhost', resolve));
  const certificate = path.join(scratch, 'issuer.pem');
  writeFileSync(certificate, certificatePem);
  const home = path.join(scratch, 'oidc-home');
  mkdirSync(home);
  const base = { ...process.env, HOME: home, PASSWORD: 'for this run' };
  const { stdout } = await run('oidc-agent', [], { env: base });
  const env = { ...base, OIDC_SOCK: /OIDC_SOCK=([^;]+)/u.exec(stdout)?.[1] };
  const pid = Number(/OIDCD_PID=(\d+)/u.exec(stdout)?.[1]);
  const { port } = issuer.address() as AddressInfo;
  const options = `--manual --issuer https://localhost:${port} --client-id bench --client-secret bench
    --scope openid --redirect-uri http://localhost:4242 --rt refresh --flow refresh
    --pw-env=PASSWORD --confirm-default`;
  const account = ['--cp', certificate, 'bench'];
  await run('oidc-gen', [...options.split(/\s+/u), ...account], { env });
  return {
    env,
    stop: () => {
      issuer.close();
      issuer.closeAllConnections();
      process.kill(pid);
    },
  };
}

/** Milliseconds of each run. */
async function times({ command, env, runs }: Contender, scratch: string): Promise<readonly number[]> {
  const file = path.join(scratch, 'times.json');
  const options = ['-N', '--style', 'none', '--warmup', '3', '--runs', String(runs), '--export-json', file];
  await run('hyperfine', [...options, command], { env });
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: { times: number[] }[] };
  return (results[0]?.times ?? []).map((seconds) => seconds * 1000);
}

/** A figure of something else would be none: each must print the token, before and after. */
async function checkAll(contenders: readonly Contender[]): Promise<void> {
  for (const { name, command, env } of contenders) {
    if (command.endsWith(' 0')) continue;
    const [program = '', ...args] = command.split(' ');
    const { stdout } = await run(program, args, { env });
    if (!stdout.includes(TOKEN)) throw new Error(`${name} printed no token`);
  }
}

const missing = ['hyperfine', 'oidc-token', 'oidc-agent', 'dash', 'bash', 'curl'].filter(
  (name) => !hasProgram(name),
);
if (missing.length > 0) {
  print(
    `Not measured without ${missing.join(', ')}: apt-get install hyperfine oidc-agent-cli dash bash curl`,
  );
  process.exitCode = 1;
} else {
  await measureAll();
}

async function measureAll(): Promise<void> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'shell-'));
  const withFile = mkdtempSync('/dev/shm/bench-');
  const withSocket = path.join(scratch, 'run');
  mkdirSync(withSocket, { mode: 0o700 });
  const envOf = (runtime: string): NodeJS.ProcessEnv => ({
    ...process.env,
    TOKENTRAY_HOME: '',
    XDG_RUNTIME_DIR: runtime,
    XDG_CONFIG_HOME: scratch,
    XDG_STATE_HOME: scratch,
  });
  const here = places({ ...thisMachine(), env: envOf(withSocket) });
  const owner = await ownHome(here);
  const now = Date.now();
  const expiresOn = now + HOUR_MS;
  const account = { homeAccountId: 'a.b', tenantId: 'b', username: 'ada@example.test', name: 'Ada' };
  owner.agent.status = { ...owner.agent.status, session: { kind: 'signed-in', account, expiresOn } };
  const token = {
    value: new Secret(TOKEN),
    tokenType: 'Bearer',
    scopes: ['User.Read'],
    obtainedAt: now,
    expiresOn,
  };
  owner.agent.answer = { kind: 'token', token, warning: undefined };
  const cache = new ShellCache({
    profiles: owner.profiles,
    places: places({ ...thisMachine(), env: envOf(withFile) }),
    now: Date.now,
    log: quiet,
    machine: { platform: process.platform, env: envOf(withFile) },
  });
  await cache.apply('on');
  if (cache.state.kind !== 'on') throw new Error(`the cache is ${JSON.stringify(cache.state)}`);
  const link = path.join(scratch, 'tokentray');
  symlinkSync(FRONT, link);
  const agent = await startOidcAgent(scratch);
  const contender = (name: string, command: string, runtime: string, runs = QUICK_RUNS): Contender => ({
    name,
    command,
    runs,
    env: envOf(runtime),
  });
  const front = contender('tokentray token, front under dash', `dash ${link} token`, withFile);
  const native: Contender = {
    name: 'oidc-token',
    command: 'oidc-token bench',
    runs: QUICK_RUNS,
    env: agent.env,
  };
  const node = contender('node -e 0', `${process.execPath} -e 0`, withFile, SLOW_RUNS);
  const sh = path.basename(realpathSync('/bin/sh'));
  const contenders = [
    front,
    native,
    contender('cat of the file', `cat ${path.join(cache.state.directory, 'default')}`, withFile),
    contender(`… by its own first line (/bin/sh is ${sh})`, `${link} token`, withFile),
    contender('… under bash', `bash ${link} token`, withFile),
    contender('… over the socket, with curl', `dash ${link} token`, withSocket, QUICK_RUNS / 4),
    node,
    contender('tokentray token, by Node', `${process.execPath} ${PROGRAM} token`, withSocket, SLOW_RUNS),
  ];
  try {
    await checkAll(contenders);
    const taken = new Map(contenders.map((one): [Contender, number[]] => [one, []]));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [one, all] of taken) all.push(...(await times(one, scratch)));
    await checkAll(contenders);
    tellAll(taken, front, native, node);
  } finally {
    agent.stop();
    await cache.close();
    await owner.close();
    rmSync(scratch, { recursive: true, force: true });
    rmSync(withFile, { recursive: true, force: true });
  }
}

function tellAll(
  taken: ReadonlyMap<Contender, readonly number[]>,
  front: Contender,
  native: Contender,
  node: Contender,
): void {
  const medianOf = (one: Contender): number => median(taken.get(one) ?? []);
  const reference = medianOf(native);
  const isMet = medianOf(front) <= reference;
  for (const one of taken.keys()) {
    const ms = medianOf(one);
    const goal = one === front ? `  goal 1.00 ×${isMet ? '' : '  MISSED'}` : '';
    print(
      `${one.name.padEnd(46)} ${ms.toFixed(2).padStart(8)} ms  ${(ms / reference).toFixed(2)} × oidc-token${goal}`,
    );
  }
  print(execFileSync('oidc-token', ['--version'], { encoding: 'utf8' }).trim());
  const reason = noise(taken.get(node) ?? []);
  if (reason !== undefined) print(`The machine was too noisy for these figures to count: ${reason}.`);
  if (isMet) return;
  print('1 goal missed');
  process.exitCode = 1;
}
