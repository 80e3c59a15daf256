import type { ExitCode } from '../../outlets/answer/answer.ts';
import type { CompletionCommand } from '../command-line/command.ts';
import { completedCommands } from './completed-commands.ts';
import { bashCompletion } from './bash.ts';
import { zshCompletion } from './zsh.ts';
import type { Terminal } from '../output/terminal.ts';

/** `tokentray completion bash|zsh`: the script for the shell to read. */
export function printCompletion({ shell }: CompletionCommand, terminal: Terminal): ExitCode {
  const commands = completedCommands();
  terminal.out(shell === 'bash' ? bashCompletion(commands) : zshCompletion(commands));
  return 0;
}
