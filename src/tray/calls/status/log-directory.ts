import { shell } from 'electron';
import { problem } from '../../../words/problem.ts';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { Acted } from '../../../pages/bridge/contract.ts';

/**
 * Shows the folder of the logs in the system's file manager. The only path that the system is ever given to open
 * (Electron's checklist 15): where the logs are is decided at the start, and no page can name another.
 */
export async function openLogDirectory(logDirectory: string): Promise<Acted> {
  const trouble = await shell.openPath(logDirectory);
  if (trouble === '') return { kind: 'done' };
  const reason = problem('storage', 'file-system', { path: logDirectory, detail: trouble });
  return { kind: 'failed', problem: problemBody(reason) };
}
