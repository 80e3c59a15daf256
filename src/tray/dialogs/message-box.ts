import { BrowserWindow, dialog, type MessageBoxOptions, type MessageBoxReturnValue } from 'electron';

/**
 * Shows a message box: over `wanted` where that window is still there, else over a window that is on the
 * screen. A box whose window goes counts as cancelled, as one whose signal does.
 *
 * Without any window macOS runs the box synchronously (electron.d.ts, `MessageBoxOptions.signal`): until it
 * is answered nothing else goes on in this process, and a signal does not take it away. So the questions
 * of a sign-in always have their window; what is left without one tells how something ended that a person
 * has just asked for, and waits for one click.
 */
export async function showBox(
  options: MessageBoxOptions,
  wanted?: BrowserWindow,
): Promise<MessageBoxReturnValue> {
  const over = wanted?.isDestroyed() === false ? wanted : BrowserWindow.getAllWindows().find(isOnScreen);
  if (over === undefined) return dialog.showMessageBox(options);
  // Over a window that nobody sees the box could not be answered on macOS (electron#22671).
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
