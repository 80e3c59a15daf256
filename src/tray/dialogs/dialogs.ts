import { dialog } from 'electron';
import { problemOf } from '../../agent/failures/thrown.ts';
import { sayIssue, SettingsError } from '../../config/rules/issue.ts';
import type { SettingsRead } from '../../config/settings/settings-file.ts';
import { VaultError } from '../../vault/store/vault.ts';
import { problem, type Problem } from '../../words/problem.ts';
import { say, sayProblem } from '../../words/say.ts';
import type { AtStake } from '../lifecycle/take-over.ts';
import type { Need } from '../notifications/notifications.ts';
import { choose, showBox } from './message-box.ts';

function inFull(problem: Problem): string {
  const { sentence, next } = sayProblem(problem, 'tray');
  return `${sentence}\n\n${next}`;
}

/** A message with nothing to decide. */
export async function tell(type: 'info' | 'warning', message: string, detail: string): Promise<void> {
  await showBox({ type, message, detail });
}

/** Reports that something the user asked for failed, and the next step. */
export function tellProblem(message: string, problem: Problem): Promise<void> {
  return tell('warning', message, inFull(problem));
}

/** Reports why the application cannot start: started from a desktop it has no terminal. */
export function tellStartFailed(error: unknown): void {
  const detail =
    error instanceof SettingsError ? error.issues.map(sayIssue).join('\n') : inFull(startProblem(error));
  dialog.showErrorBox(say('start.failed'), detail);
}

/** Reports why the application ends now. Returns when the user has read it. */
export function tellStopped(error: unknown): void {
  dialog.showErrorBox(say('app.stopped'), inFull(problemOf(error)));
}

/** Reports that another process has become the owner, and that this one ends. */
export function tellLost(): void {
  dialog.showErrorBox(say('app.name'), say('owner.lost'));
}

/** At startup a vault error means that the storage chosen in the settings cannot be used. */
function startProblem(error: unknown): Problem {
  if (!(error instanceof VaultError)) return problemOf(error);
  return problem('storage', 'storage.unusable', { detail: error.message });
}

/** Reports settings that could not be used at startup: what is wrong with them, and where they are now. */
export async function tellSettingsTrouble(settings: SettingsRead): Promise<void> {
  if (settings.kind === 'ok' || settings.kind === 'absent') return;
  await tell('warning', say('settings-file.trouble'), settingsTrouble(settings));
}

function settingsTrouble(settings: Extract<SettingsRead, { kind: 'invalid' | 'unreadable' }>): string {
  if (settings.kind === 'invalid') return settings.issues.map(sayIssue).join('\n');
  const { setAsideAs, reason } = settings;
  if (setAsideAs === undefined) return say('settings-file.unreadable', { reason });
  return say('settings-file.set-aside', { file: setAsideAs });
}

/** Replaces a notification if the desktop shows none. */
export function askToFix({ title, body, fix }: Need): Promise<'yes' | 'no'> {
  return confirm({ message: title, details: [body], yes: fix, no: say('status.close') });
}

/** Asks whether to stop a running terminal host, so that the tray can start. */
export function confirmTakeOver(owner: string, atStake: AtStake): Promise<'yes' | 'no'> {
  return confirm({
    message: say('take-over.question', { owner }),
    details: [say('take-over.detail'), ...(atStake === 'session' ? [say('take-over.memory')] : [])],
    yes: say('take-over.yes'),
  });
}

/** A yes-or-no question. Escape, Enter and closing the window mean no. */
export async function confirm(question: {
  readonly message: string;
  /** Paragraphs. */
  readonly details: readonly string[];
  readonly yes: string;
  /** “Cancel” by default. */
  readonly no?: string;
}): Promise<'yes' | 'no'> {
  const { message, details, yes, no = say('import.cancel') } = question;
  const choices = [{ label: yes, value: 'yes' } as const, { label: no, value: 'no' } as const];
  const box = { type: 'question', message, detail: details.join('\n\n') } as const;
  return (await choose(box, choices, { enter: 'last' })) ?? 'no';
}
