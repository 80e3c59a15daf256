import { app } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A shutdown allows about five seconds, and a user expects less. State that must not be lost was stored when it
 * changed (Windows does not notify applications at log-off); this is for pending saves, which are limited to one
 * second.
 */
const LEAVE_LIMIT_MS = 1_800;

/**
 * Delays `before-quit` until `putAway` is done or has taken too long. Further requests to quit in the meantime (a
 * second click, SIGTERM after the desktop's own request) wait for the same end.
 */
export function quitInOrder(putAway: () => Promise<void>, onTrouble: (error: unknown) => void): void {
  let state: 'running' | 'leaving' | 'left' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'left') return;
    event.preventDefault();
    if (state === 'leaving') return;
    state = 'leaving';
    const limit = sleep(LEAVE_LIMIT_MS, undefined, { ref: false });
    void Promise.race([putAway().catch(onTrouble), limit]).then(() => {
      state = 'left';
      app.quit();
    });
  });
}
