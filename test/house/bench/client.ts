/**
 * What the library costs a program: a token from memory, one over the socket beside a bare HTTP request on a
 * Unix socket with the same bytes, and its import beside Node's own start, all in the same run.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Library from '../../../src/client/index.ts';
import { loadedAtStart, sayLoaded } from './fixtures/loaded.ts';
import { median, noise, print, run, timed } from './fixtures/measures.ts';

const LIBRARY = path.resolve('dist/client/index.js');
const ROUNDS = 15;
const WARM_CALLS = 50_000;
const SOCKET_CALLS = 200;
const STARTS = 15;

/** Microseconds of a call from memory; multiple of a bare request. */
const WARM_GOAL_MICROSECONDS = 10;
const SOCKET_GOAL = 2;

let missed = 0;

/** Prints a figure beside its goal, and counts it if it is missed. */
function tell(name: string, figure: string, goal?: { readonly text: string; readonly isMet: boolean }): void {
  const beside = goal === undefined ? '' : `  goal ${goal.text}${goal.isMet ? '' : '  MISSED'}`;
  if (goal?.isMet === false) missed += 1;
  print(`${name.padEnd(58)} ${figure.padStart(18)}${beside}`);
}

const account = { username: 'ada@example.test', name: 'Ada', tenantId: 'b', homeAccountId: 'a.b' };
const tokenBody = JSON.stringify({
  schemaVersion: 1,
  accessToken: 'x'.repeat(2_500),
  tokenType: 'Bearer',
  expiresOn: new Date(Date.now() + 3_600_000).toISOString(),
  expires_on: Math.floor(Date.now() / 1000) + 3_600,
  scopes: ['User.Read', 'Mail.Read'],
  account,
});
const status = JSON.stringify({ profile: { id: 'default' }, session: { kind: 'signed-in', account } });

const directory = mkdtempSync(path.join(tmpdir(), 'b-'));
mkdirSync(path.join(directory, 'run'), { mode: 0o700 });
const socketPath = path.join(directory, 'run/agent.sock');
/** Answers with what is there, so that both sides of the comparison meet the same server. */
const server = createServer((asked, response) => {
  if (asked.url?.startsWith('/v1/events') === true) {
    response
      .writeHead(200, { 'Content-Type': 'text/event-stream' })
      .write(`event: status\ndata: ${status}\n\n`);
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(tokenBody);
});
await once(server.listen(socketPath), 'listening');

/** Milliseconds a call, one after the other. */
async function perCall(calls: number, call: () => Promise<unknown>): Promise<number> {
  const ms = await timed(async () => {
    for (let count = 0; count < calls; count += 1) await call();
  });
  return ms / calls;
}

/** Microseconds a call, the median of the rounds; the first one only warms up. */
async function warmCall(call: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) rounds.push(1000 * (await perCall(WARM_CALLS, call)));
  return median(rounds.slice(1));
}

/** One request as the library has to make it: a connection of its own, the whole body read and parsed. */
function bareRequest(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/v1/token', agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    });
    asked.on('error', reject);
    asked.end();
  });
}

try {
  const { getToken } = (await import(pathToFileURL(LIBRARY).href)) as typeof Library;
  await getToken({ socketPath });
  const options = { socketPath, scopes: ['User.Read', 'Mail.Read'], minLifetimeSeconds: 600 };
  await getToken(options);
  const warm = await warmCall(() => getToken({ socketPath }));
  const demanded = await warmCall(() => getToken(options));
  const goal = (value: number): { text: string; isMet: boolean } => ({
    text: `${WARM_GOAL_MICROSECONDS} µs`,
    isMet: value < WARM_GOAL_MICROSECONDS,
  });
  tell('getToken() from memory', `${warm.toFixed(2)} µs`, goal(warm));
  tell('getToken with scopes and a demand, from memory', `${demanded.toFixed(2)} µs`, goal(demanded));

  const bare: number[] = [];
  const asked: number[] = [];
  // Turn by turn, so that a busy moment meets both; the first turn only warms up.
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    bare.push(await perCall(SOCKET_CALLS, bareRequest));
    asked.push(await perCall(SOCKET_CALLS, () => getToken({ socketPath, refresh: 'always' })));
  }
  const [bareMs, askedMs] = [median(bare.slice(1)), median(asked.slice(1))];
  const ratio = askedMs / bareMs;
  tell('a bare request on the socket', `${bareMs.toFixed(3)} ms`);
  tell('getToken over the socket', `${askedMs.toFixed(3)} ms  ${ratio.toFixed(2)} ×`, {
    text: `${SOCKET_GOAL} ×`,
    isMet: ratio <= SOCKET_GOAL,
  });

  const starts = { bare: [] as number[], http: [] as number[], library: [] as number[] };
  const node = (code: string): Promise<number> =>
    timed(() => run(process.execPath, ['--input-type=module', '-e', code]));
  for (let start = 0; start < STARTS; start += 1) {
    starts.bare.push(await node('0'));
    starts.http.push(await node("import 'node:http'"));
    starts.library.push(await node(`import ${JSON.stringify(LIBRARY)}`));
  }
  const bareStart = median(starts.bare);
  const more = (values: readonly number[]): string =>
    `${median(values).toFixed(0)} ms  +${(median(values) - bareStart).toFixed(0)} ms`;
  tell('node, with nothing to do', `${bareStart.toFixed(0)} ms`);
  tell("node, import 'node:http'", more(starts.http));
  tell("node, import 'tokentray'", more(starts.library));
  tell('dist/client/index.js: loaded at start', sayLoaded(await loadedAtStart('dist/client/index.js')));
  const reason = noise(starts.bare);
  if (reason !== undefined) print(`The machine was too noisy for these figures to count: ${reason}.`);
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true, force: true });
}
if (missed > 0) {
  print(`${missed} goal(s) missed`);
  process.exitCode = 1;
}
