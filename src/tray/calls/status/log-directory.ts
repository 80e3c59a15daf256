import { shell } from 'electron';
import { problemBody } from '../../../outlets/answer/answer.ts';
import type { Acted } from '../../../pages/bridge/contract.ts';
import { problem } from '../../../words/problem.ts';

/**
 * Opens the log folder in the system's file manager. This is the only path that the system is asked to open
 * (Electron's security checklist, item 15): it is set at startup, and no page can name another.
 */
export async function openLogDirectory(logDirectory: string): Promise<Acted> {
  const detail = await shell.openPath(logDirectory);
  if (detail === '') return { kind: 'done' };
  return {
    kind: 'failed',
    problem: problemBody(problem('storage', 'file-system', { path: logDirectory, detail }), 'tray'),
  };
}
