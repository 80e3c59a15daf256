import type { Run } from '../command-line/table.ts';
import { bashCompletion } from './bash.ts';
import type { table } from './command.ts';
import { completedCommands } from './completed-commands.ts';
import { zshCompletion } from './zsh.ts';

/** Prints the completion script for a shell. */
export const run: Run<typeof table> = async ({ shell }, _places, terminal, program) => {
  const commands = await completedCommands(program.commands);
  terminal.out(shell === 'bash' ? bashCompletion(commands) : zshCompletion(commands));
  return 0;
};
