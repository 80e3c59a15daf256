import type { DialogAnswer, DialogState } from '../../control/control-protocol.ts';
import { announce } from '../control/announce.ts';
import { recordMethods } from '../control/call-log.ts';
import { deferred, type Deferred } from '../control/deferred.ts';

interface OpenDialog {
  state: DialogState;
  answered: Deferred<DialogAnswer>;
}

const dialogs: OpenDialog[] = [];
const answers: DialogAnswer[] = [];

/** Dialogs wait for the test's answer, given before or after they open. */
export class StandInDialog {
  showOpenDialog(...args: unknown[]): Promise<Electron.OpenDialogReturnValue> {
    return ask('open', args).then(({ canceled, filePaths }) => ({
      canceled: canceled ?? filePaths === undefined,
      filePaths: filePaths ?? [],
    }));
  }

  showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
    return ask('save', args).then(({ canceled, filePath }) => ({
      canceled: canceled ?? filePath === undefined,
      filePath: filePath ?? '',
    }));
  }

  showMessageBox(...args: unknown[]): Promise<Electron.MessageBoxReturnValue> {
    return ask('message', args).then(({ response, checkboxChecked }) => ({
      response: response ?? 0,
      checkboxChecked: checkboxChecked ?? false,
    }));
  }

  showErrorBox(title: string, content: string): void {
    // It blocks in Electron; here the user has always clicked it away at once.
    const state: DialogState = { kind: 'error', options: { title, content }, answer: {} };
    dialogs.push({ state, answered: deferred() });
    announce('dialogs');
  }
}
recordMethods('dialog', StandInDialog);

export const dialog = new StandInDialog() as StandInDialog &
  Pick<Electron.Dialog, 'showErrorBox' | 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'>;

/** All dialogs opened so far. */
export function dialogStates(): DialogState[] {
  return dialogs.map(({ state }) => state);
}

/** Answers the oldest open dialog, or the next one to open. */
export function answerNextDialog(answer: DialogAnswer): void {
  const open = dialogs.find(({ state }) => state.answer === undefined);
  if (open) settle(open, answer);
  else answers.push(answer);
}

function ask(kind: DialogState['kind'], args: unknown[]): Promise<DialogAnswer> {
  // With a parent window the options come second.
  const options = (args.length > 1 ? args[1] : args[0]) as Record<string, unknown>;
  const opened: OpenDialog = { state: { kind, options, answer: undefined }, answered: deferred() };
  dialogs.push(opened);
  const { signal, cancelId } = options as { signal?: AbortSignal; cancelId?: number };
  // Electron: "as if the user cancelled the message box".
  signal?.addEventListener('abort', () => {
    if (opened.state.answer === undefined) settle(opened, { response: cancelId ?? 0, canceled: true });
  });
  if (signal?.aborted === true) settle(opened, { response: cancelId ?? 0, canceled: true });
  const prepared = opened.state.answer === undefined ? answers.shift() : undefined;
  if (prepared) settle(opened, prepared);
  announce('dialogs');
  return opened.answered.promise;
}

function settle(opened: OpenDialog, answer: DialogAnswer): void {
  opened.state.answer = answer;
  opened.answered.resolve(answer);
  announce('dialogs');
}
