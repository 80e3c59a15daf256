import { say } from '../../words/say.ts';
import type { CompletionCommand } from './command.ts';
import { shown, UsageError, type Written } from './written.ts';

const SHELLS = ['bash', 'zsh'] as const;

/** Reads `tokentray completion …`. @throws UsageError */
export function readCompletion({ positionals: [found = ''] }: Written): CompletionCommand {
  const shell = SHELLS.find((known) => known === found);
  if (shell !== undefined) return { name: 'completion', shell };
  const params = { command: 'completion', wanted: SHELLS.join(', '), found: shown(found) };
  throw new UsageError(say('cli.usage.action', params));
}
