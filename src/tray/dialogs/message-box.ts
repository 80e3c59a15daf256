import { BrowserWindow, dialog, type MessageBoxOptions, type MessageBoxReturnValue } from 'electron';

/**
 * Shows a message box over `wanted` if that window still exists, else over any visible window. A box is cancelled
 * when its window closes or its signal aborts.
 *
 * Without a window macOS runs the box synchronously (electron.d.ts, `MessageBoxOptions.signal`): the whole process
 * waits for the answer, and a signal does not close it. The questions of a sign-in therefore always have a window;
 * boxes without one only report the result of a user's action and have a single button.
 */
export async function showBox(
  options: MessageBoxOptions,
  wanted?: BrowserWindow,
): Promise<MessageBoxReturnValue> {
  const over = wanted?.isDestroyed() === false ? wanted : BrowserWindow.getAllWindows().find(isOnScreen);
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
