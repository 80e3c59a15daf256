import { dialog } from 'electron';
import { problem, type Problem } from '../../words/problem.ts';
import { problemOf } from '../../agent/failures/thrown.ts';
import { sayIssue, SettingsError } from '../../config/rules/issue.ts';
import type { SettingsRead } from '../../config/settings/settings-file.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { say, sayProblem } from '../../words/say.ts';
import { showBox } from './message-box.ts';
import type { Need } from '../notifications/notifications.ts';
import type { AtStake } from '../lifecycle/take-over.ts';

/** Tells how something that the user asked for failed, and what to do next. */
export async function tellProblem(message: string, problem: Problem): Promise<void> {
  const { sentence, next } = sayProblem(problem);
  await showBox({ type: 'warning', message, detail: `${sentence}\n\n${next}` });
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
  await showBox({ type, message, detail });
}

/** Settings that could not be used at the start: what is wrong with them, and where they are now. */
export async function tellSettingsTrouble(settings: SettingsRead): Promise<void> {
  switch (settings.kind) {
    case 'ok':
    case 'absent':
      return;
    case 'invalid':
      return tell('warning', say('settings-file.trouble'), settings.issues.map(sayIssue).join('\n'));
    case 'unreadable': {
      const { setAsideAs, reason } = settings;
      const detail =
        setAsideAs === undefined
          ? say('settings-file.unreadable', { reason })
          : say('settings-file.set-aside', { file: setAsideAs });
      return tell('warning', say('settings-file.trouble'), detail);
    }
  }
}

/** A notification's place where the desktop shows none. */
export async function askToMend({ title, body, mend }: Need): Promise<'mend' | 'later'> {
  return (await confirm({ message: title, detail: body, yes: mend, no: say('status.close') })) === 'yes'
    ? 'mend'
    : 'later';
}

/** Whether a terminal host that runs shall end, so that the tray can begin. */
export function confirmTakeOver(owner: string, atStake: AtStake): Promise<'yes' | 'no'> {
  const details = [say('take-over.detail')];
  if (atStake === 'session') details.push(say('take-over.memory'));
  return confirm({
    message: say('take-over.question', { owner }),
    detail: details.join('\n\n'),
    yes: say('take-over.yes'),
    no: say('import.cancel'),
  });
}

/** A question with one way on and one way out; Escape, Enter and closing the window are the way out. */
export async function confirm(question: {
  readonly message: string;
  readonly detail: string;
  readonly yes: string;
  readonly no: string;
}): Promise<'yes' | 'no'> {
  const { message, detail, yes, no } = question;
  const { response } = await showBox({
    type: 'question',
    title: say('app.name'),
    message,
    detail,
    buttons: [yes, no],
    cancelId: 1,
    defaultId: 1,
    noLink: true,
  });
  return response === 0 ? 'yes' : 'no';
}
