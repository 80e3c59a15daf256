import { BrowserWindow, dialog, type MessageBoxOptions, type MessageBoxReturnValue } from 'electron';
import { say } from '../../words/say.ts';

/**
 * Shows a message box over `own` if that window still exists, else over any visible window. A box is cancelled
 * when its window closes or its signal aborts.
 *
 * Without a window macOS runs the box synchronously (electron.d.ts, `MessageBoxOptions.signal`): the whole process
 * waits for the answer, and a signal does not close it. The questions of a sign-in therefore always have a window;
 * boxes without one only report the result of a user's action and have a single button.
 */
export async function showBox(
  options: MessageBoxOptions,
  own?: BrowserWindow,
): Promise<MessageBoxReturnValue> {
  const over = own?.isDestroyed() === false ? own : BrowserWindow.getAllWindows().find(isOnScreen);
  if (over === undefined) return dialog.showMessageBox(options);
  // On macOS a box over a hidden window cannot be answered (https://github.com/electron/electron/issues/22671).
  if (!over.isVisible()) over.show();
  const gone = new AbortController();
  const onClosed = (): void => gone.abort();
  over.once('closed', onClosed);
  const signal = options.signal === undefined ? gone.signal : AbortSignal.any([options.signal, gone.signal]);
  try {
    return await dialog.showMessageBox(over, { ...options, signal });
  } finally {
    over.removeListener('closed', onClosed);
  }
}

function isOnScreen(window: BrowserWindow): boolean {
  return !window.isDestroyed() && window.isVisible() && !window.isMinimized();
}

/** How a question is shown. */
export interface Asking {
  readonly over?: BrowserWindow | undefined;
  /** Also cancels the question. */
  readonly signal?: AbortSignal;
  /** The choice that Enter means; the first by default. */
  readonly enter?: 'first' | 'last';
}

interface Choice<Value> {
  readonly label: string;
  readonly value: Value;
}

/** Shows a box with a button for each choice. Escape and closing the box mean the last one. */
export async function choose<Value>(
  box: Pick<MessageBoxOptions, 'type' | 'message' | 'detail'>,
  choices: readonly Choice<Value>[],
  { over, signal, enter = 'first' }: Asking = {},
): Promise<Value | undefined> {
  const last = choices.length - 1;
  const options: MessageBoxOptions = {
    ...box,
    title: say('app.name'),
    buttons: choices.map(({ label }) => label),
    defaultId: enter === 'first' ? 0 : last,
    cancelId: last,
    noLink: true,
    ...(signal && { signal }),
  };
  const { response } = await showBox(options, over);
  return choices[response]?.value;
}
