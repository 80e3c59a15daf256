/**
 * What a host costs, beside Node itself in the same run, for each storage: `tokentray serve` with a stored
 * session until the first token is served, and memory at rest; then `tokentray token`, the processor time of
 * a minute in which nothing happens, file calls of a token from memory, and the size of what is loaded.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKeyring } from '../fixtures/keyring.ts';
import { loadedAtStart, sayLoaded } from './fixtures/loaded.ts';
import {
  askSocket,
  cpuSeconds,
  fileCalls,
  firstToken,
  median,
  noise,
  print,
  residentMb,
  run,
  stop,
  timed,
} from './fixtures/measures.ts';
import {
  makeSignedInHome,
  PROGRAM,
  removeHome,
  serve,
  type SignedInHome,
  type StorageChoice,
} from './fixtures/signed-in-home.ts';

const ROUNDS = 15;
const REST_MS = 20_000;
const IDLE_MS = 60_000;
const TOKENS = 100;

/** Multiple of `node -e 0` until the first token; resident memory; processor time of an idle minute; file calls. */
const START_GOAL = 2.5;
const MEMORY_GOAL_MB = 70;
const CPU_GOAL_SECONDS = 0.1;
const FILE_CALLS_GOAL = 0;

interface Storage extends StorageChoice {
  readonly name: string;
  /** A passphrase is derived slowly on purpose, in 128 MB: measured, without a goal. */
  readonly goals: 'count' | 'none';
}

const storages: readonly Storage[] = [
  { name: 'keyring', choice: [], env: {}, goals: 'count' },
  {
    name: 'encrypted file, key file',
    choice: ['encrypted-file', '--key-file', 'vault.key'],
    env: {},
    goals: 'count',
  },
  { name: 'plain file', choice: ['plain-file'], env: {}, goals: 'count' },
  {
    name: 'encrypted file, passphrase',
    choice: ['encrypted-file', '--passphrase'],
    env: { TOKENTRAY_PASSPHRASE: 'a passphrase for measuring' },
    goals: 'none',
  },
];

interface Measured {
  readonly nodeMs: readonly number[];
  readonly startMs: readonly number[];
  readonly tokenMs: readonly number[];
  readonly idleMb: number;
  readonly refreshedMb: number;
}

let missed = 0;

/** Prints a figure beside its goal, and counts it if it is missed. */
function tell(name: string, figure: string, goal?: { readonly text: string; readonly isMet: boolean }): void {
  const beside = goal === undefined ? '' : `  goal ${goal.text}${goal.isMet ? '' : '  MISSED'}`;
  if (goal?.isMet === false) missed += 1;
  print(`${name.padEnd(58)} ${figure.padStart(18)}${beside}`);
}

async function measure(prepared: SignedInHome): Promise<Measured> {
  const { env, socketPath } = prepared;
  const nodeMs: number[] = [];
  const startMs: number[] = [];
  const tokenMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    nodeMs.push(await timed(() => run(process.execPath, ['-e', '0'], { env })));
    let child: ChildProcess | undefined;
    startMs.push(
      await timed(() => {
        child = serve(prepared);
        return firstToken(socketPath);
      }),
    );
    tokenMs.push(await timed(() => run(process.execPath, [PROGRAM, 'token'], { env })));
    if (child !== undefined) await stop(child);
  }
  const child = serve(prepared);
  await firstToken(socketPath);
  await sleep(REST_MS);
  const idleMb = await residentMb(child.pid);
  await askSocket(socketPath, 'POST', '/v1/refresh');
  await sleep(REST_MS);
  const refreshedMb = await residentMb(child.pid);
  await stop(child);
  return { nodeMs, startMs, tokenMs, idleMb, refreshedMb };
}

function tellStart({ name, goals }: Storage, measured: Measured): void {
  const ratio = median(measured.startMs) / median(measured.nodeMs);
  const goal = (text: string, isMet: boolean): { text: string; isMet: boolean } | undefined =>
    goals === 'count' ? { text, isMet } : undefined;
  const startMs = median(measured.startMs).toFixed(0);
  tell(
    `${name}: serve to first token`,
    `${startMs} ms  ${ratio.toFixed(2)} ×`,
    goal(`${START_GOAL} ×`, ratio <= START_GOAL),
  );
  const { idleMb, refreshedMb } = measured;
  tell(
    `${name}: resident, idle after start`,
    `${idleMb.toFixed(1)} MB`,
    goal(`${MEMORY_GOAL_MB} MB`, idleMb <= MEMORY_GOAL_MB),
  );
  tell(`${name}: resident, idle after a refresh`, `${refreshedMb.toFixed(1)} MB`);
}

/** An idle minute and a hundred tokens from memory, of a host that is signed in. */
async function tellRest(prepared: SignedInHome): Promise<void> {
  const { socketPath } = prepared;
  const child = serve(prepared);
  await firstToken(socketPath);
  await sleep(REST_MS);
  const before = await cpuSeconds(child.pid);
  await sleep(IDLE_MS);
  const seconds = (await cpuSeconds(child.pid)) - before;
  tell('processor time of an idle minute', `${seconds.toFixed(2)} s`, {
    text: `under ${CPU_GOAL_SECONDS} s`,
    isMet: seconds < CPU_GOAL_SECONDS,
  });

  const pid = child.pid ?? 0;
  const calls = await fileCalls(pid, async () => {
    for (let asked = 0; asked < TOKENS; asked += 1) await askSocket(socketPath, 'GET', '/v1/token');
  });
  // A refresh is stored: a trace that misses that sees nothing at all.
  const seen = await fileCalls(pid, async () => {
    await askSocket(socketPath, 'POST', '/v1/refresh');
  });
  if (calls === undefined || seen === undefined || seen === 0) {
    print('file calls were not measured: strace is not installed, or may not trace this process');
    missed += 1;
  } else {
    tell(`file calls of ${TOKENS} tokens from memory`, `${calls}`, {
      text: `${FILE_CALLS_GOAL}`,
      isMet: calls === FILE_CALLS_GOAL,
    });
    tell('file calls of one refresh, to see that the trace sees', `${seen}`);
  }
  await stop(child);
}

async function tellBareNode(): Promise<void> {
  const bare = spawn(process.execPath, ['-e', "require('node:http').createServer().listen(0)"]);
  await sleep(2_000);
  tell('a bare node:http server: resident', `${(await residentMb(bare.pid)).toFixed(1)} MB`);
  await stop(bare);
}

const keyring = await startKeyring();
const nodeMs: number[] = [];
try {
  for (const storage of storages) {
    const prepared = await makeSignedInHome(keyring.env, storage);
    try {
      const measured = await measure(prepared);
      nodeMs.push(...measured.nodeMs);
      tellStart(storage, measured);
      if (storage.name === 'keyring') {
        const ratio = median(measured.tokenMs) / median(measured.nodeMs);
        tell('tokentray token', `${median(measured.tokenMs).toFixed(0)} ms  ${ratio.toFixed(2)} ×`);
        await tellRest(prepared);
      }
    } finally {
      await removeHome(prepared);
    }
  }
  tell('node -e 0', `${median(nodeMs).toFixed(0)} ms`);
  await tellBareNode();
  for (const entry of ['dist/tray/main.js', 'dist/terminal/tokentray.js'])
    tell(`${entry}: loaded at start`, sayLoaded(await loadedAtStart(entry)));
} finally {
  await keyring.stop();
}
const reason = noise(nodeMs);
if (reason !== undefined) print(`The machine was too noisy for these figures to count: ${reason}.`);
if (missed > 0) {
  print(`${missed} goal(s) missed`);
  process.exitCode = 1;
}
