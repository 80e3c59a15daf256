#!/usr/bin/env node
import { places, PlacesError, thisMachine } from '../system/places.ts';
import type { ExitCode } from '../outlets/answer/answer.ts';
import { problem, ProblemError } from '../words/problem.ts';
import { say } from '../words/say.ts';
import { readCommandLine, type CommandLine } from './command-line/command-line.ts';
import { formatOf, type Command } from './command-line/command.ts';
import { reportProblem } from './output/report.ts';
import { processTerminal, type Terminal } from './output/terminal.ts';

declare const __TOKENTRAY_VERSION__: string;

/** A save to a keyring takes some 10 ms; a busy one a second. */
const LAST_WORK_MS = 2_000;

/** Each command is loaded when it is asked for: `token` must not pay for the others. */
async function run(command: Command, terminal: Terminal): Promise<number> {
  if (command.name === 'help') {
    terminal.out(command.topic === undefined ? say('cli.help') : say(`cli.help.${command.topic}`));
    return 0;
  }
  if (command.name === 'version') {
    terminal.out(__TOKENTRAY_VERSION__);
    return 0;
  }
  const here = places(thisMachine());
  switch (command.name) {
    case 'token':
      return (await import('./token/token.ts')).printToken(command, here, terminal);
    case 'serve':
      return (await import('./serve/serve.ts')).serve(command, here, terminal);
    case 'status':
      return command.mode === 'watch'
        ? (await import('./session/watch.ts')).watchStatus(command, here, terminal)
        : (await import('./session/status.ts')).printStatus(command, here, terminal);
    case 'refresh':
    case 'sign-in':
    case 'sign-out':
      return (await import('./session/session-commands.ts')).runSessionCommand(command, here, terminal);
    case 'import':
      return (await import('./registration/import.ts')).importFile(command, here, terminal);
    case 'profiles':
      return (await import('./registration/profiles.ts')).runProfiles(command, here, terminal);
    case 'storage':
      return (await import('./storage/storage.ts')).runStorage(command, here, terminal);
    case 'exec':
      return (await import('./token/exec.ts')).execProgram(command, here, terminal);
    case 'env':
      return (await import('./token/env.ts')).printEnv(command, here, terminal);
    case 'settings':
      return (await import('./settings/settings.ts')).runSettings(command, here, terminal);
    case 'reload':
      return (await import('./settings/settings.ts')).runReload(command, here, terminal);
    case 'token-files':
      return (await import('./settings/token-files.ts')).runTokenFiles(command, here, terminal);
    case 'service':
      return (await import('./service/service.ts')).runService(command, here, terminal);
    case 'completion':
      return (await import('./completion/completion.ts')).printCompletion(command, terminal);
    case 'doctor':
      return (await import('./doctor/doctor.ts')).runDoctor(command, here, terminal, __TOKENTRAY_VERSION__);
  }
}

function reportUsage(line: Extract<CommandLine, { kind: 'usage' }>, terminal: Terminal): ExitCode {
  const help = line.topic === undefined ? 'tokentray --help' : `tokentray ${line.topic} --help`;
  const wrong = problem('usage', 'command-line', { detail: line.message, help });
  return reportProblem(terminal, wrong, line.format);
}

async function main(terminal: Terminal): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  if (line.kind === 'usage') return reportUsage(line, terminal);
  const format = formatOf(line.command);
  try {
    return await run(line.command, terminal);
  } catch (error) {
    if (error instanceof ProblemError) return reportProblem(terminal, error.problem, format);
    if (error instanceof PlacesError) {
      const wrong = problem('usage', 'command-line', { detail: error.message, help: 'tokentray --help' });
      return reportProblem(terminal, wrong, format);
    }
    return (await import('./output/unexpected.ts')).reportUnexpected(error, terminal, format);
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
