/**
 * Keeps a window with something unsaved in it from closing before somebody was asked. Who quits the application
 * is not asked: the tray lets every window go then (own-windows.ts).
 */
export function keepFromClosing(isUnsaved: () => boolean, ask: () => Promise<'yes' | 'no'>): void {
  let state: 'open' | 'asking' | 'closing' = 'open';
  const onAnswer = (answer: 'yes' | 'no'): void => {
    state = answer === 'yes' ? 'closing' : 'open';
    if (state === 'closing') window.close();
  };
  window.addEventListener('beforeunload', (event) => {
    if (state === 'closing' || !isUnsaved()) return;
    event.preventDefault();
    if (state === 'asking') return;
    state = 'asking';
    // After this event: nothing can be shown while it lasts.
    setTimeout(() => void ask().then(onAnswer));
  });
}
