import { dialog } from 'electron';
import { problem, type Problem } from '../agent/problem.ts';
import { problemOf } from '../agent/thrown.ts';
import { sayIssue, SettingsError } from '../config/issue.ts';
import { VaultError } from '../vault/vault.ts';
import { say, sayProblem } from '../words/say.ts';
import type { MenuAction, TrayView } from './projection.ts';

/** Tells how something that the user asked for failed, and what to do next. */
export async function tellProblem(message: string, problem: Problem): Promise<void> {
  const { sentence, next } = sayProblem(problem);
  await dialog.showMessageBox({ type: 'warning', message, detail: `${sentence}\n\n${next}` });
}

/** The last word of an application that cannot start: whoever started it from a desktop sees no terminal. */
export function tellStartFailed(error: unknown): void {
  if (error instanceof SettingsError) {
    dialog.showErrorBox(say('start.failed'), error.issues.map(sayIssue).join('\n'));
    return;
  }
  const { sentence, next } = sayProblem(startProblem(error));
  dialog.showErrorBox(say('start.failed'), `${sentence}\n\n${next}`);
}

/** A store that was chosen explicitly and cannot be used; whatever else goes wrong is told as everywhere. */
function startProblem(error: unknown): Problem {
  if (!(error instanceof VaultError)) return problemOf(error);
  return problem('storage', 'storage.unusable', { detail: error.message });
}

/** Something to read, with nothing to decide. */
export async function tell(type: 'info' | 'warning', message: string, detail: string): Promise<void> {
  await dialog.showMessageBox({ type, message, detail });
}

/**
 * The tray's menu as a window, for desktops that show no tray icon: a second launch opens it. The
 * answer is the action that was chosen.
 */
export async function showStatus(view: TrayView): Promise<MenuAction | undefined> {
  const [message = say('app.name'), ...details] = view.menu.flatMap((entry) =>
    entry.kind === 'line' ? entry.text : [],
  );
  const actions = view.menu
    .filter((entry) => entry.kind === 'action')
    .filter(({ state }) => state === 'enabled');
  const { response } = await dialog.showMessageBox({
    type: 'none',
    title: say('app.name'),
    message,
    detail: details.join('\n'),
    buttons: [...actions.map(({ text }) => text), say('status.close')],
    cancelId: actions.length,
    defaultId: actions.length,
    noLink: true,
  });
  return actions[response]?.action;
}
