import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import os from 'node:os';
import type { HookCommand } from '../../config/profile/profile.ts';
import { environmentForOthers } from '../../system/programs/environment-for-others.ts';
import { errorCode } from '../../system/files/error-code.ts';

/** Enough to tell somebody, or to start something that takes longer; whoever waits behind it waits no longer. */
export const HOOK_LIMIT_MS = 10_000;

/** Of its output; what a log needs to show what went wrong. */
const MAX_OUTPUT_CHARS = 4_000;

/** How a hook ended; `left`: it was to end but may not be signalled, as it runs as another user by now. */
export type HookEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly output: string }
  | { readonly kind: 'killed' | 'left'; readonly output: string }
  | { readonly kind: 'not-started'; readonly detail: string };

/** Runs a hook to its end, which comes at once when `signal` aborts. Never rejects. */
export type RunHook = (
  command: HookCommand,
  facts: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<HookEnd>;

/** What it said last may still be on its way. */
const LAST_OUTPUT_MS = 100;

/**
 * Runs a hook without a shell, in a process group of its own, so that what it started ends with it at its
 * limit. Its standard input is empty, its directory the user's home. A hook that ends by itself may leave
 * something behind, which goes on and is not waited for.
 */
export const runHook: RunHook = (command, facts, signal) =>
  new Promise((resolve) => {
    const started = start(command, facts);
    if ('kind' in started) {
      resolve(started);
      return;
    }
    const child = started;
    let output = '';
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(0, MAX_OUTPUT_CHARS);
    };
    let lastOutput: NodeJS.Timeout | undefined;
    const end = (how: HookEnd): void => {
      clearTimeout(limit);
      clearTimeout(lastOutput);
      signal.removeEventListener('abort', kill);
      resolve(how);
    };
    const kill = (): void => {
      const kind = killAll(child.pid);
      // Who left the group may hold the pipes for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      end({ kind, output });
    };
    const limit = setTimeout(kill, HOOK_LIMIT_MS);
    signal.addEventListener('abort', kill);
    // Before anything is done with the streams: without file descriptors there are none.
    child.on('error', (error) => end(notStarted(error)));
    for (const stream of streamsOf(child)) stream.setEncoding('utf8').on('data', keep);
    child.on('exit', (code) => {
      // Its number may be another process's from now on, and the pipes may be held by what it left behind.
      clearTimeout(limit);
      signal.removeEventListener('abort', kill);
      const ended = (): void => {
        // Still read, as what writes there would end of it; but the host may end.
        for (const stream of streamsOf(child)) stream.unref();
        end({ kind: 'ended', code: code ?? -1, output });
      };
      lastOutput = setTimeout(ended, LAST_OUTPUT_MS);
      child.on('close', ended);
    });
    if (signal.aborted) kill();
  });

const IS_GROUP = process.platform !== 'win32';

/** Node tells of some errors by an event and throws for all others, as ENOTDIR, E2BIG, and a NUL in a fact. */
function start([program = '', ...args]: HookCommand, facts: Parameters<RunHook>[1]): ChildProcess | HookEnd {
  try {
    return spawn(program, args, {
      env: environmentForOthers(process.env, facts),
      cwd: os.homedir(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: IS_GROUP,
      windowsHide: true,
    });
  } catch (error) {
    return notStarted(error);
  }
}

/** The end of a hook that an error kept from starting: the error's code, or its name. */
export function notStarted(error: unknown): HookEnd {
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: 'not-started', detail: errorCode(error) || name };
}

/** None where there was no file descriptor for them; Node's types do not know that. */
function streamsOf({ stdout, stderr }: ChildProcess): readonly Socket[] {
  return [stdout, stderr].filter((stream) => stream instanceof Socket);
}

function killAll(pid: number | undefined): 'killed' | 'left' {
  if (pid === undefined) return 'killed';
  try {
    process.kill(IS_GROUP ? -pid : pid, 'SIGKILL');
    return 'killed';
  } catch (error) {
    switch (errorCode(error)) {
      case 'EPERM':
        return 'left';
      case 'ESRCH':
        return 'killed';
      default:
        throw error;
    }
  }
}
