import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import os from 'node:os';
import type { HookCommand } from '../../config/profile/profile.ts';
import { environmentForOthers } from '../../system/programs/environment-for-others.ts';
import { errorCode } from '../../system/files/error-code.ts';

/** Enough for a notification, or to start something that takes longer. Waiting hooks wait no longer than this. */
export const HOOK_LIMIT_MS = 10_000;

/** The maximum length of its output: what a log needs to show an error. */
const MAX_OUTPUT_CHARS = 4_000;

/**
 * The end of a hook. `left`: it exceeded its limit but may not be signalled, because it runs as another user by
 * now.
 */
export type HookEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly output: string }
  | { readonly kind: 'killed' | 'left'; readonly output: string }
  | { readonly kind: 'not-started'; readonly detail: string };

/** Runs a hook to its end, or until `signal` aborts. Never rejects. */
export type RunHook = (
  command: HookCommand,
  facts: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<HookEnd>;

/** The last output may arrive after the exit. */
const LAST_OUTPUT_MS = 100;

/**
 * Runs a hook without a shell, in its own process group, so that its child processes are killed with it at its
 * limit. Its standard input is empty, its working directory the user's home. A hook that exits may leave processes
 * behind, which are not waited for.
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
      // A process that left the group may hold the pipes open forever.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      end({ kind, output });
    };
    const limit = setTimeout(kill, HOOK_LIMIT_MS);
    signal.addEventListener('abort', kill);
    // Before the streams are used: without file descriptors there are none.
    child.on('error', (error) => end(notStarted(error)));
    for (const stream of streamsOf(child)) stream.setEncoding('utf8').on('data', keep);
    child.on('exit', (code) => {
      // From now on its number may be another process's, and processes it left behind may hold the pipes.
      clearTimeout(limit);
      signal.removeEventListener('abort', kill);
      const ended = (): void => {
        // Still read, because writing to a closed pipe would kill those processes; but the host may exit.
        for (const stream of streamsOf(child)) stream.unref();
        end({ kind: 'ended', code: code ?? -1, output });
      };
      lastOutput = setTimeout(ended, LAST_OUTPUT_MS);
      child.on('close', ended);
    });
    if (signal.aborted) kill();
  });

const IS_GROUP = process.platform !== 'win32';

/** Node reports some errors by an event and throws for the others: ENOTDIR, E2BIG, a NUL in a variable. */
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

/** The end of a hook that could not be started: the error's code, or its name. */
export function notStarted(error: unknown): HookEnd {
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: 'not-started', detail: errorCode(error) || name };
}

/** Missing if there was no file descriptor for them, which Node's types do not show. */
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
