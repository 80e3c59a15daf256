import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import os from 'node:os';
import type { Places } from '../../system/places.ts';
import { environmentForOthers } from '../../system/programs/environment-for-others.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { identityEnvironment } from '../../outlets/loopback/identity-environment.ts';
import { openLoopbackApi } from '../../outlets/loopback/api.ts';
import { askOwner, ownerPath } from '../../outlets/socket/client.ts';
import { ownerSource } from '../../outlets/loopback/token-source.ts';
import { createLog } from '../../system/log/log.ts';
import { Secret } from '../../system/secret.ts';
import { say } from '../../words/say.ts';
import type { ExecCommand } from '../command-line/command.ts';

import { reportRefusal, textField } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';

/** 256 bits, as every key of ours. */
const KEY_BYTES = 32;

/** As shells answer for a program that is not there, or is none (POSIX, Shell Command Language 2.8.2). */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** What a shell adds to a signal's number. */
const SIGNALLED = 128;

/** What ends or stirs a program; those of the terminal's keys come to it by themselves. */
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const;
const FROM_KEYS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * `tokentray exec -- CMD…`: runs one program that obtains tokens as on a machine with a managed identity. The
 * loopback server with its key exists for this program alone and as long as it runs, whether or not the
 * running host serves one. Signals go on to the program; its exit code is the answer, also 128 and a signal's
 * number, 126 and 127 as a shell has them. With `profile` it gets that profile's tokens and no other's.
 * @throws ProblemError when the owner cannot be asked
 */
export async function execProgram(
  { profile, program, args }: ExecCommand,
  places: Places,
  terminal: Terminal,
): Promise<number> {
  const status = await askOwner(places, 'GET', ownerPath('/v1/status', profile));
  if (status.status !== 200) return reportRefusal(terminal, status);
  // It may be signed in while the program runs.
  if (textField(status.body.session, 'kind') !== 'signed-in') terminal.err(say('cli.exec.signed-out'));
  const key = new Secret(randomBytes(KEY_BYTES).toString('base64url'));
  const api = await openLoopbackApi({
    source: ownerSource(places, profile),
    key,
    port: 0,
    // What goes wrong with a request is its answer; the program's own output is left alone.
    log: createLog({ now: Date.now, sinks: [] }),
  });
  try {
    const { set, unset } = identityEnvironment({ port: api.port, key: key.reveal(), env: process.env });
    const gone = Object.fromEntries(unset.map((name) => [name, undefined]));
    const env = environmentForOthers(process.env, { ...set, ...gone });
    return await runToEnd(
      () => spawn(program, args, { stdio: 'inherit', env }),
      (detail) => {
        terminal.err(say('cli.exec.not-started', { program, detail }));
        if (process.platform === 'win32') terminal.err(say('cli.exec.not-started.windows', { program }));
      },
    );
  } finally {
    await api.close();
  }
}

/** Stays out of the way of a running program. */
async function runToEnd(start: () => ChildProcess, onRefused: (code: string) => void): Promise<number> {
  let child: ChildProcess | undefined;
  const passOn = (signal: NodeJS.Signals): void => void child?.kill(signal);
  // With a terminal the keys' signals reach the whole foreground group; without one they were sent to us.
  const fromKeys = hasTerminal() ? (): void => undefined : passOn;
  const signals = PASSED_ON.filter((signal) => signal in os.constants.signals);
  for (const signal of signals) process.on(signal, passOn);
  for (const signal of FROM_KEYS) process.on(signal, fromKeys);
  try {
    // Started last: a signal in between would end us and leave the program alone.
    child = start();
    return await endOf(child);
  } catch (error) {
    const code = errorCode(error);
    // Node tells of some refusals by an event and throws for all others, as ENOTDIR.
    if (code === '') throw error;
    onRefused(code);
    return code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
  } finally {
    for (const signal of signals) process.off(signal, passOn);
    for (const signal of FROM_KEYS) process.off(signal, fromKeys);
  }
}

/** Its exit code as a shell has it. Rejects with the system's error where it was not started. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      // Otherwise a signal that could not be delivered: the program has just ended.
      if (child.pid === undefined) reject(error);
    });
    child.on('exit', (code, signal) =>
      resolve(code ?? SIGNALLED + (signal === null ? 0 : os.constants.signals[signal])),
    );
  });
}

/** Whether there are keys whose signals reach us and the program alike, wherever standard input comes from. */
function hasTerminal(): boolean {
  // There is no SIGINT but that of the console's keys.
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY));
    return true;
  } catch (error) {
    // ENXIO: a session without a terminal.
    if (errorCode(error) === '') throw error;
    return false;
  }
}
