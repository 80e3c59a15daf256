/** What the benchmarks measure with: clocks, the kernel's books about a process, and system calls. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export const run = promisify(execFile);

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

export function median(values: readonly number[]): number {
  return sorted(values)[values.length >> 1] ?? NaN;
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The status of one request over the socket; undefined while nobody answers. */
export function askSocket(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

/** Waits for the first token of a host that is starting, looking every few milliseconds. */
export async function firstToken(socketPath: string): Promise<void> {
  while ((await askSocket(socketPath, 'GET', '/v1/token')) !== 200) await sleep(2);
}

export async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Resident memory (proc_pid_status(5)). */
export async function residentMb(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/u.exec(text)?.[1]) / 1024;
}

/** USER_HZ of every architecture that Node runs on (time(7)). */
const TICKS_A_SECOND = 100;

/** Processor time of all threads so far: utime and stime of proc_pid_stat(5), after the name in brackets. */
export async function cpuSeconds(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** A run whose shortest starts of Node differ this much from the longest says little about anything else. */
const NOISE_RATIO = 1.5;

/** Why what was measured may be the machine's doing; undefined when it was quiet. */
export function noise(nodeStarts: readonly number[]): string | undefined {
  const values = sorted(nodeStarts);
  const slow = values[Math.floor(values.length * 0.9)] ?? NaN;
  const load = os.loadavg()[0] ?? 0;
  if (slow / median(values) > NOISE_RATIO) {
    return `one in ten starts of Node took ${(slow / median(values)).toFixed(1)} × the median`;
  }
  return load > os.cpus().length ? `load ${load.toFixed(1)} on ${os.cpus().length} processors` : undefined;
}

/** Lines of strace that are no system call: signals, ends, and the second half of an interrupted call. */
const NO_CALL = /^(?:\d+ +)?(?:\+\+\+|---|<\.\.\.)/u;

/**
 * How many system calls with a file name (strace's `%file`) a process makes during some work; undefined
 * where there is no strace or it may not look.
 */
export async function fileCalls(pid: number, work: () => Promise<void>): Promise<number | undefined> {
  const tracer = spawn('strace', ['-f', '-q', '-e', 'trace=%file', '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  tracer.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const isStarted = await Promise.race([
    once(tracer, 'spawn').then(() => true),
    once(tracer, 'error').then(() => false),
  ]);
  if (!isStarted) return undefined;
  const ended = once(tracer, 'close');
  await isTraced(pid, tracer);
  if (tracer.exitCode !== null) return undefined;
  await work();
  // What the last call of the work caused is written down by then.
  await sleep(500);
  tracer.kill('SIGINT');
  await ended;
  return text.split('\n').filter((line) => line.includes('(') && !NO_CALL.test(line)).length;
}

/** Resolves when every thread of the process is being traced, or the tracer has given up. */
async function isTraced(pid: number, tracer: ChildProcess): Promise<void> {
  while (tracer.exitCode === null) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    if (Number(/TracerPid:\s+(\d+)/u.exec(status)?.[1]) === tracer.pid) {
      await sleep(500);
      return;
    }
    await sleep(20);
  }
}
