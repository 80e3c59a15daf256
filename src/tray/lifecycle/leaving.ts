import { app } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A shutdown gives some five seconds, a person less. What must not be lost was stored when it changed
 * (Windows asks nobody at log-off): this is for what is under way, whose own limit is one second.
 */
const LEAVE_LIMIT_MS = 1_800;

/**
 * Holds `before-quit` back until everything is put away, or has taken too long. Whoever asks again
 * meanwhile (a second click, SIGTERM after the desktop's own word) waits for the same end.
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
