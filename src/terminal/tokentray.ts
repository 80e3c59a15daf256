import { places, PlacesError, thisMachine } from '../config/places.ts';
import type { ExitCode } from '../outlets/answer.ts';
import { ProblemError } from '../agent/problem.ts';
import { say } from '../words/say.ts';
import { readCommandLine, type Command } from './command-line.ts';
import { reportProblem } from './report.ts';
import { processTerminal, type Terminal } from './terminal.ts';

declare const __TOKENTRAY_VERSION__: string;

/** A save to a keyring takes some 10 ms; a busy one a second. */
const LAST_WORK_MS = 2_000;

/** Each command is loaded when it is asked for: `token` must not pay for the others. */
async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  if (command.name === 'help') {
    terminal.out(say('cli.help'));
    return 0;
  }
  if (command.name === 'version') {
    terminal.out(__TOKENTRAY_VERSION__);
    return 0;
  }
  const here = places(thisMachine());
  switch (command.name) {
    case 'token':
      return (await import('./token.ts')).printToken(command, here, terminal);
    case 'serve':
      return (await import('./serve.ts')).serve(command, here, terminal);
    case 'status':
      return (await import('./status.ts')).printStatus(command.format, here, terminal);
    case 'refresh':
      return (await import('./session-commands.ts')).refresh(here, terminal);
    case 'sign-in':
      return (await import('./session-commands.ts')).signIn(here, terminal);
    case 'sign-out':
      return (await import('./session-commands.ts')).signOut(here, terminal);
    case 'import':
      return (await import('./import.ts')).importFile(command, here, terminal);
  }
}

async function main(terminal: Terminal): Promise<ExitCode> {
  const line = readCommandLine(process.argv.slice(2));
  if (line.kind === 'usage') {
    terminal.err(line.message);
    terminal.err(say('cli.usage.help'));
    return 2;
  }
  try {
    return await run(line.command, terminal);
  } catch (error) {
    if (error instanceof ProblemError) return reportProblem(terminal, error.problem);
    if (error instanceof PlacesError) {
      terminal.err(error.message);
      return 2;
    }
    return (await import('./unexpected.ts')).reportUnexpected(error, terminal);
  }
}

// A reader that has seen enough (`tokentray status | head -1`) is no failure worth a stack.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(processTerminal);
// Whatever still runs after the answer (a request that hangs, the keyring's connection) is not waited for
// longer than a save takes.
setTimeout(() => process.exit(), LAST_WORK_MS).unref();
