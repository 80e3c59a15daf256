import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import os from 'node:os';
import { environmentForOthers } from '../../system/programs/environment-for-others.ts';
import { errorCode } from '../../system/files/error-code.ts';
import { identityEnvironment } from '../../outlets/loopback/identity-environment.ts';
import { openLoopbackApi } from '../../outlets/loopback/api.ts';
import { ownerSource } from '../../outlets/loopback/token-source.ts';
import { createLog } from '../../system/log/log.ts';
import { Secret } from '../../system/secret.ts';
import { forProfile, say } from '../../words/say.ts';
import type { Run } from '../command-line/table.ts';
import { ownerPath } from '../../outlets/socket/client.ts';
import { ask } from '../output/ask.ts';
import { textField } from '../output/report.ts';
import type { table } from './command.ts';

/** 256 bits, as all our keys. */
const KEY_BYTES = 32;

/** The exit codes of shells for a program that does not exist or cannot run (POSIX, Shell Command Language 2.8.2). */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** What a shell adds to a signal's number. */
const SIGNALLED = 128;

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const;
/** Sent by the keys of a terminal, to the program as well as to us. */
const FROM_KEYS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a program that gets tokens as on a machine with a managed identity. The loopback server and its key are for
 * this program only and live as long as it runs, whether or not the running host serves one. Signals are passed on
 * to the program. Exits with the program's exit code, with 128 plus a signal's number, or with 126 and 127 as a
 * shell does. With `profile`, the program gets the tokens of that profile only.
 */
export const run: Run<typeof table> = async (
  { profile, program: [program = '', ...args] },
  places,
  terminal,
) => {
  const status = await ask(places, 'GET', ownerPath('/v1/status', profile));
  // The user may sign in while the program runs.
  if (textField(status.session, 'kind') !== 'signed-in')
    terminal.err(say('cli.exec.signed-out', { forProfile: forProfile(profile) }));
  const key = new Secret(randomBytes(KEY_BYTES).toString('base64url'));
  const api = await openLoopbackApi({
    source: ownerSource(places, profile),
    key,
    port: 0,
    // A failed request gets its problem as the answer; the program's own output is left alone.
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
};

/** Runs a program until it exits, and passes signals on to it. */
async function runToEnd(start: () => ChildProcess, onRefused: (code: string) => void): Promise<number> {
  let child: ChildProcess | undefined;
  const passOn = (signal: NodeJS.Signals): void => void child?.kill(signal);
  // With a terminal, the keys' signals reach the whole foreground group; without one, they were sent to us alone.
  const fromKeys = hasTerminal() ? (): void => undefined : passOn;
  const signals = PASSED_ON.filter((signal) => signal in os.constants.signals);
  for (const signal of signals) process.on(signal, passOn);
  for (const signal of FROM_KEYS) process.on(signal, fromKeys);
  try {
    // Started last: an earlier signal would end us and leave the program running.
    child = start();
    return await endOf(child);
  } catch (error) {
    const code = errorCode(error);
    // Node reports some refusals by an event and throws for the others, such as ENOTDIR.
    if (code === '') throw error;
    onRefused(code);
    return code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
  } finally {
    for (const signal of signals) process.off(signal, passOn);
    for (const signal of FROM_KEYS) process.off(signal, fromKeys);
  }
}

/** The exit code as a shell has it. Rejects with the system's error if the program could not be started. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      // Otherwise a signal that could not be delivered because the program has just exited.
      if (child.pid === undefined) reject(error);
    });
    child.on('exit', (code, signal) =>
      resolve(code ?? SIGNALLED + (signal === null ? 0 : os.constants.signals[signal])),
    );
  });
}

/** Whether there is a terminal whose keys send signals to us and the program, wherever standard input comes from. */
function hasTerminal(): boolean {
  // The only SIGINT is that of the console's keys.
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
