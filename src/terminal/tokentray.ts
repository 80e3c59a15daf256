#!/usr/bin/env node
import { places, thisMachine } from '../system/places.ts';
import { readArguments } from './command-line/read.ts';
import { commands } from './commands.ts';
import { reportFailure } from './output/failure.ts';
import { processTerminal, type Terminal } from './output/terminal.ts';

declare const __TOKENTRAY_VERSION__: string;

/** A save to a keyring takes some 10 ms; with a busy keyring, a second. */
const LAST_WORK_MS = 2_000;

async function help(line: readonly string[], terminal: Terminal): Promise<number> {
  return (await import('./help/help.ts')).printHelp(line, commands, terminal);
}

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = commands.find((known) => known.name === name);
  const explained = command === undefined ? 'tokentray --help' : `tokentray ${name} --help`;
  // However wrong the command line is, a script that asks for JSON gets JSON.
  let terminal: Terminal = processTerminal([name, ...args].includes('--json') ? 'json' : 'words');
  try {
    if (name === '--version' || name === '-V') {
      terminal.out(__TOKENTRAY_VERSION__);
      return 0;
    }
    if (command === undefined) return await help([name, ...args], terminal);
    const table = await command.table();
    const options = readArguments(name, table, args);
    if (options === undefined) return await help(['help', name], terminal);
    terminal = processTerminal('json' in options ? 'json' : 'words');
    const run = await command.work();
    return await run(options, places(thisMachine()), terminal, { version: __TOKENTRAY_VERSION__, commands });
  } catch (error) {
    return reportFailure(error, terminal, explained);
  }
}

// A reader that has seen enough (`tokentray status | head -1`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv.slice(2));
// What is still running after the answer (a request that hangs, the connection to the keyring) may hold up the
// exit no longer than a save takes.
setTimeout(() => process.exit(), LAST_WORK_MS).unref();
